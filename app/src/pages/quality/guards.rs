//! What watches the wall clock, and what the fold noticed.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{FlagRow, GuardRow, GuardsView};
use crate::components::SectionHead;
use crate::words::quality;

/// Six guards with their shares, and the flags with their items.
#[component]
pub fn Guards(guards: GuardsView) -> impl IntoView {
    let flags = guards.flags;
    let any = !flags.is_empty();
    view! {
        <section class="section" aria-labelledby="guards">
            <SectionHead id="guards".to_owned() title=guards.title note=quality::GUARDS_NOTE.into()/>
            <table class="table stack counts-table">
                <caption>"Guards of the wall clock"</caption>
                <thead>
                    <tr><th scope="col">"Guard"</th><th scope="col" class="num">"Share"</th><th scope="col" class="num">"Count"</th><th scope="col">"Taken over"</th></tr>
                </thead>
                <tbody>{guards.guards.into_iter().map(guard).collect_view()}</tbody>
            </table>
        </section>
        <section class="section" aria-labelledby="flags">
            <SectionHead id="flags".to_owned() title=guards.flags_title note=quality::FLAGS_NOTE.into()/>
            {any.then(|| view! {
                <table class="table stack counts-table">
                    <caption>"What was noticed about the items"</caption>
                    <thead>
                        <tr><th scope="col">"Noticed"</th><th scope="col" class="num">"Items"</th><th scope="col" class="num">"Of all items"</th><th scope="col" class="num">"Times"</th></tr>
                    </thead>
                    <tbody>{flags.into_iter().map(flag).collect_view()}</tbody>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn guard(guard: GuardRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><a class="explain-link" href=guard.href>{guard.name}</a></th>
            <td class="num" data-th="Share">{guard.share}</td>
            <td class="num" data-th="Count">{guard.count}</td>
            <td data-th="Taken over">{guard.over}</td>
        </tr>
    }
    .into_any()
}

fn flag(flag: FlagRow) -> impl IntoView {
    let items = match flag.href {
        Some(href) => Either::Left(view! { <a href=href>{flag.items}</a> }),
        None => Either::Right(flag.items),
    };
    view! {
        <tr>
            <th scope="row"><code>{flag.flag}</code><span class="sub">{flag.words}</span></th>
            <td class="num" data-th="Items">{items}</td>
            <td class="num" data-th="Of all items">{flag.share}</td>
            <td class="num" data-th="Times">{flag.times}</td>
        </tr>
    }
    .into_any()
}
