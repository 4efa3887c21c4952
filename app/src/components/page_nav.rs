//! The way to the other questions.

use leptos::prelude::*;

use crate::place::Place;
use crate::words::everywhere;

/// One link a page that exists; folded under a word where the page is narrow.
#[component]
pub fn PageNav(
    current: Place,
    /// What follows each address, so that the moment of the view stays.
    query: String,
) -> impl IntoView {
    let links = move || {
        Place::NAVIGATION
            .map(|place| {
                let href = if query.is_empty() { place.path().to_owned() } else { format!("{}?{query}", place.path()) };
                let here = (place == current).then_some("page");
                view! { <li><a href=href aria-current=here>{place.name()}</a></li> }
            })
            .into_iter()
            .collect_view()
    };
    view! {
        <nav class="page-nav" aria-label="Pages">
            <ul>{links()}</ul>
            <details>
                <summary><span>{current.name()}</span><span>{everywhere::MENU}</span></summary>
                <ul>{links()}</ul>
            </details>
        </nav>
    }
    .into_any()
}
