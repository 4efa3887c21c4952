//! The small print under a chart.

use leptos::prelude::*;

use super::WordsOf;
use crate::sentence::Sentence;

/// What a chart leaves unsaid: n, window, what a mark means.
#[component]
pub fn Caption(sentence: Sentence) -> impl IntoView {
    (!sentence.is_empty()).then(|| view! { <p class="caption"><WordsOf sentence=sentence/></p> })
}
