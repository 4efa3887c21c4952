//! The small print every number of the page carries.

use leptos::prelude::*;

/// Organisation, moments, counts, versions.
#[component]
pub fn Colophon(lines: Vec<String>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view();
    view! { <footer class="colophon">{lines}</footer> }
}
