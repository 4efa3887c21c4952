//! The layout of the page.

use leptos::prelude::*;

use super::decide::Decide;
use super::decided::Decided;
use super::feeds::Feeds;
use super::foreseen::Foreseen;
use super::guards::Guards;
use super::lines::Lines;
use super::reasons::Reasons;
use super::rules::Rules;
use super::view::QualityView;
use crate::components::{Notice, PageHead};
use crate::place::Place;
use crate::words::quality;

/// What was decided, what would happen, what is held, and what was noticed.
#[component]
pub fn QualityContent(view: QualityView) -> impl IntoView {
    let trouble = (!view.trouble.is_empty()).then(|| view! { <Notice word="Not yet:" sentence=view.trouble/> });
    let no_lines = view.lines.is_none().then(|| view! { <p class="muted">{quality::NO_LINES}</p> });
    view! {
        <PageHead question=Place::Quality.question().into() answer=view.answer/>
        {view.decided.map(|decided| view! { <Decided decided=decided/> })}
        {trouble}
        {view.foreseen.map(|foreseen| view! { <Foreseen foreseen=foreseen/> })}
        <Reasons reasons=view.reasons/>
        {no_lines}
        {view.lines.map(|lines| view! { <Lines lines=lines/> })}
        {view.decide.map(|decide| view! { <Decide decide=decide/> })}
        <Feeds feeds=view.feeds/>
        <Rules rules=view.rules/>
        <Guards guards=view.guards/>
    }
    .into_any()
}
