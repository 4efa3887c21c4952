//! The same chart as a table.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::everywhere;

/// Rows of words; the first cell of each is its heading, the others are numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Folded away until somebody would rather read than look.
#[component]
pub fn TableTwin(table: TableView) -> impl IntoView {
    let head = table.header.into_iter().enumerate().map(|(place, words)| {
        let class = if place == 0 { "" } else { "num" };
        view! { <th scope="col" class=class>{words}</th> }
    });
    let name = table.caption.clone();
    view! {
        <details class="fold table-twin">
            <summary>{everywhere::TABLE}</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=name>
                <table class="table">
                    <caption>{table.caption}</caption>
                    <thead><tr>{head.collect_view()}</tr></thead>
                    <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn row(cells: Vec<String>) -> impl IntoView {
    let mut cells = cells.into_iter();
    let name = cells.next().unwrap_or_default();
    let numbers = cells.map(|words| view! { <td class="num">{words}</td> }).collect_view();
    view! { <tr><th scope="row">{name}</th>{numbers}</tr> }
}
