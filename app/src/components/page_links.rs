//! Where in a long list the reader is.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The stretch that is shown, and the ways on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLinksView {
    /// `1–50 of 2 309`
    pub place: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The whole list as CSV.
    pub csv: String,
}

/// Place, back, on, and the whole list as a file.
#[component]
pub fn PageLinks(links: PageLinksView) -> impl IntoView {
    view! {
        <nav class="page-links" aria-label="Pages of the list">
            <span class="where">{links.place}</span>
            {links.previous.map(|href| view! { <a href=href rel="prev">"Previous"</a> })}
            {links.next.map(|href| view! { <a href=href rel="next">"Next"</a> })}
            <a href=links.csv download="">"All of them as CSV"</a>
        </nav>
    }
    .into_any()
}
