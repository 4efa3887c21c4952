//! Something to know before reading on.

use leptos::prelude::*;

/// A word that says what it is, and a sentence.
#[component]
pub fn Notice(word: &'static str, sentence: String) -> impl IntoView {
    view! { <p class="notice" role="status"><b>{word}</b>" "{sentence}</p> }
}
