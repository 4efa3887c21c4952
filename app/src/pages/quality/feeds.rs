//! How old each feed is, and whether its silence is unusual.

use leptos::prelude::*;

use super::view::{FeedRow, FeedsView};
use crate::components::SectionHead;

/// One row a source, the longest silence first.
#[component]
pub fn Feeds(feeds: FeedsView) -> impl IntoView {
    let any = !feeds.rows.is_empty();
    view! {
        <section class="section" aria-labelledby="feeds">
            <SectionHead id="feeds".to_owned() title=feeds.title note=feeds.note.as_str().into()/>
            {any.then(|| view! {
                <table class="table stack counts-table">
                    <caption>"Age of the feeds, the longest silence first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Source"</th>
                            <th scope="col" class="num">"Silent for"</th>
                            <th scope="col">"Usual gap"</th>
                            <th scope="col">"Last event"</th>
                            <th scope="col">"Last received"</th>
                        </tr>
                    </thead>
                    <tbody>{feeds.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn row(row: FeedRow) -> impl IntoView {
    let verdict = (!row.verdict.is_empty()).then(|| view! { <span class="sub"><b>{row.verdict}</b></span> });
    view! {
        <tr>
            <th scope="row"><a href=row.items_href>{row.source}</a></th>
            <td class="num" data-th="Silent for">{row.silent_for}{verdict}</td>
            <td data-th="Usual gap">{row.usual_gap}</td>
            <td data-th="Last event">{row.last_event}</td>
            <td data-th="Last received">{row.last_received}</td>
        </tr>
    }
    .into_any()
}
