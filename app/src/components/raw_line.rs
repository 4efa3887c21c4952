//! A line as it arrived.

use leptos::prelude::*;

/// The raw text, folded away.
#[component]
pub fn RawLine(
    /// The line, with the characters that could mislead written out.
    shown: String,
) -> impl IntoView {
    view! {
        <details class="fold raw-line"><summary>"As it arrived"</summary><pre>{shown}</pre></details>
    }
    .into_any()
}
