//! Which source speaks, and which has gone quiet?

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{SourceRow, SourceTable};
use crate::components::SectionHead;
use crate::format::visible;
use crate::words::sources;

/// One row a source.
#[component]
pub fn Sources(table: SourceTable) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="sources">
            <SectionHead id="sources".to_owned() title=table.title note=sources::SOURCES_NOTE.into()/>
            <table class="table stack counts-table">
                <caption>{table.caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Source"</th>
                        <th scope="col" class="num">"Silent for"</th>
                        <th scope="col">"Last event"</th>
                        <th scope="col" class="num">"Events"</th>
                        <th scope="col" class="num">"Items told first"</th>
                        <th scope="col" class="num">"Held"</th>
                    </tr>
                </thead>
                <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(row: SourceRow) -> impl IntoView {
    let silent = if row.stale.is_empty() {
        Either::Left(row.silent_for)
    } else {
        Either::Right(view! { {row.silent_for}<span class="sub"><b>{row.stale}</b></span> })
    };
    let name = visible(&row.name);
    let label = format!("Saved mapping of {name}");
    let mapping =
        row.mapping_href.map(|href| view! { <a class="sub" href=href aria-label=label>{sources::MAPPING}</a> });
    let name = match row.imports_href {
        Some(href) => Either::Left(view! { <a href=href>{name}</a> }),
        None => Either::Right(name),
    };
    view! {
        <tr>
            <th scope="row">{name}<span class="sub">{row.way}</span>{mapping}</th>
            <td class="num" data-th="Silent for">{silent}</td>
            <td data-th="Last event">{row.last_event}</td>
            <td class="num" data-th="Events">{row.events}</td>
            <td class="num" data-th="Items told first"><a href=row.items_href>{row.items}</a></td>
            <td class="num" data-th="Held">{row.held}</td>
        </tr>
    }
    .into_any()
}
