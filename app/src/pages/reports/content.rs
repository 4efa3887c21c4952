//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::ReportsView;
use crate::components::{CopyLine, PageHead};
use crate::place::Place;
use crate::words::reports;

/// One report, what it will say about itself, and how a script makes it.
#[component]
pub fn ReportsContent(view: ReportsView) -> impl IntoView {
    let facts = view.facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    let board = match view.board {
        Some(href) => {
            Either::Left(view! { <p class="actions"><a class="button primary" href=href>{reports::BOARD}</a></p> })
        }
        None => Either::Right(
            view! { <p class="muted">"There is nothing to report yet: "<a href="/sources#import">"import a file"</a>" first."</p> },
        ),
    };
    view! {
        <PageHead question=Place::Reports.question().into() answer=view.answer/>
        <section class="section" aria-labelledby="board">
            <h2 id="board">{reports::BOARD}</h2>
            <p class="report-note">{reports::BOARD_NOTE}</p>
            <dl class="facts">{facts}</dl>
            {board}
        </section>
        <section class="section" aria-labelledby="by-script">
            <h2 id="by-script">"The same from a script."</h2>
            <CopyLine line=view.command/>
        </section>
    }
    .into_any()
}
