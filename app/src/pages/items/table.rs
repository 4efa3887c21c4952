//! The list itself: two lines an item on a phone, one on a desk.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{ColumnOrder, ColumnView, ItemRow};
use crate::format::visible;
use crate::words::items;

/// Heads that put the list in order, and one row an item.
#[component]
pub fn ItemsTable(columns: Vec<ColumnView>, rows: Vec<ItemRow>) -> impl IntoView {
    view! {
        <table class="table stack items-table">
            <caption>{items::CAPTION}</caption>
            <thead><tr>{columns.into_iter().map(head).collect_view()}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn head(column: ColumnView) -> impl IntoView {
    let (sorted, sign) = match column.order {
        ColumnOrder::None => (None, ""),
        ColumnOrder::SmallestFirst => (Some("ascending"), " ▲"),
        ColumnOrder::LargestFirst => (Some("descending"), " ▼"),
    };
    let words = match column.href {
        Some(href) => Either::Left(view! { <a href=href>{column.words}</a> }),
        None => Either::Right(column.words),
    };
    let class = if column.is_number { "num" } else { "" };
    view! { <th scope="col" class=class aria-sort=sorted>{words}<span aria-hidden="true">{sign}</span></th> }
}

fn row(item: ItemRow) -> impl IntoView {
    let lived = if item.is_overdue { "num lived overdue" } else { "num lived" };
    view! {
        <tr>
            <th scope="row"><a class="id" href=item.href>{visible(&item.id)}</a><span class="sub">{visible(&item.what)}</span></th>
            <td data-th="Severity">{item.severity}</td>
            <td data-th="Team">{visible(&item.team)}</td>
            <td data-th="State" class="state">{item.state}</td>
            <td data-th="There for" class=lived>{item.lived}</td>
            <td data-th="Promised" class="num">{item.promised}</td>
            <td data-th="Reported" class="num">{item.reported}</td>
            <td data-th="Last event" class="num last">{item.last_event}</td>
        </tr>
    }
    .into_any()
}
