//! How old is what the world told us of weaknesses?

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::SectionHead;
use crate::format::visible;
use crate::words::sources;

/// One feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// `KEV catalogue`
    pub name: String,
    /// `last published 9 days ago`, or that it was never kept.
    pub age: String,
    /// `2026-06-22, version 2026.06.22`; empty where it was never kept.
    pub state: String,
    /// `too old to say what is exploited now`; empty while it is fresh.
    pub stale: String,
}

/// One row a feed.
#[component]
pub fn Feeds(feeds: Vec<FeedRow>) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="feeds">
            <SectionHead id="feeds".to_owned() title=sources::FEEDS.to_owned() note=sources::FEEDS_NOTE.into()/>
            <table class="table stack counts-table">
                <caption class="visually-hidden">{sources::FEEDS}</caption>
                <thead><tr><th scope="col">"Feed"</th><th scope="col">"Age"</th><th scope="col">"Published"</th></tr></thead>
                <tbody>{feeds.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(feed: FeedRow) -> impl IntoView {
    let stale = (!feed.stale.is_empty()).then(|| view! { <span class="sub"><b>{feed.stale}</b></span> });
    view! {
        <tr>
            <th scope="row">{feed.name}</th>
            <td data-th="Age">{feed.age}{stale}</td>
            <td data-th="Published">{visible(&feed.state)}</td>
        </tr>
    }
    .into_any()
}
