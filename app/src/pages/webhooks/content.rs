//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::form::MakeWebhook;
use super::table::Webhooks;
use super::view::{Door, MadeSecret, SenderRow, WebhooksView};
use crate::components::{CopyLine, Notice, PageHead, SectionHead};
use crate::format::visible;
use crate::words::{question, webhooks};

/// The secret just made, the form, the webhooks that are there, and what to enter where.
#[component]
pub fn WebhooksContent(view: WebhooksView) -> impl IntoView {
    let trouble = (!view.trouble.is_empty()).then(|| view! { <Notice word="Not changed." sentence=view.trouble/> });
    let door = match view.door {
        Door::Open(form) => Either::Left(view! { <MakeWebhook form=form/> }),
        Door::Confirm(place) => Either::Right(confirm(place)),
    };
    view! {
        <PageHead question=question::WEBHOOKS.into() answer=view.answer/>
        {trouble}
        {view.made.map(made)}
        <Webhooks rows=view.webhooks/>
        <section class="section" aria-labelledby="make">
            <SectionHead id="make".to_owned() title=webhooks::MAKE_TITLE.to_owned() note=webhooks::MAKE_NOTE.into()/>
            {door}
        </section>
        {senders(view.senders)}
    }
    .into_any()
}

fn made(made: MadeSecret) -> impl IntoView {
    let line = |(label, line): (String, String)| view! { <p class="label">{label}</p><CopyLine line=line/> };
    view! {
        <section class="section" aria-labelledby="made">
            <SectionHead id="made".to_owned() title=visible(&made.title) note=Default::default()/>
            <Notice word=webhooks::ONCE sentence=webhooks::ONCE_NOTE.to_owned()/>
            {made.lines.into_iter().map(line).collect_view()}
        </section>
    }
    .into_any()
}

fn confirm(place: String) -> impl IntoView {
    view! {
        <p>{webhooks::CONFIRM_WHY}</p>
        <p class="actions"><a class="button primary" href=place>{webhooks::CONFIRM}</a></p>
    }
    .into_any()
}

fn senders(rows: Vec<SenderRow>) -> impl IntoView {
    let row = |row: SenderRow| {
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                <td data-th="Where">{row.place}</td>
                <td data-th="What">{row.enter}</td>
            </tr>
        }
    };
    view! {
        <section class="section" aria-labelledby="senders">
            <SectionHead id="senders".to_owned() title=webhooks::SENDERS_TITLE.to_owned() note=webhooks::SENDERS_NOTE.into()/>
            <table class="table stack senders-table">
                <caption class="visually-hidden">{webhooks::SENDERS_TITLE}</caption>
                <thead><tr><th scope="col">"Tool"</th><th scope="col">"Where"</th><th scope="col">"What"</th></tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
