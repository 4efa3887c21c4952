//! A line to copy.

use leptos::prelude::*;

/// An address or a command, exactly as it has to be typed.
#[component]
pub fn CopyLine(line: String) -> impl IntoView {
    view! { <code class="copy-line" tabindex="0">{line}</code> }
}
