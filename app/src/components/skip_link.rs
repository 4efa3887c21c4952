//! Past the navigation in one step.

use leptos::prelude::*;

use crate::words::everywhere;

/// The first link of every page, seen when it has the focus.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip-link visually-hidden" href="#main">{everywhere::SKIP}</a> }
}
