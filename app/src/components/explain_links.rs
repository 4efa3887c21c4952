//! Ways to what the numbers of a table mean.

use leptos::prelude::*;

use crate::words::everywhere;

/// One line of links, each to the explanation of one column or count.
#[component]
pub fn ExplainLinks(
    /// Names and addresses.
    links: Vec<(String, String)>,
) -> impl IntoView {
    let links = links.into_iter().map(|(name, href)| view! { <li><a class="explain-link" href=href>{name}</a></li> });
    view! {
        <nav class="explain-links" aria-label="What these numbers mean">
            <span>{everywhere::EXPLAIN}": "</span>
            <ul>{links.collect_view()}</ul>
        </nav>
    }
    .into_any()
}
