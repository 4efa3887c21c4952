//! Why a page has nothing to say yet, and the one next step.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::WordsOf;
use crate::sentence::Sentence;

/// Why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyView {
    pub title: String,
    pub why: String,
    pub steps: Vec<Sentence>,
}

/// Shown instead of cards.
#[component]
pub fn EmptyState(empty: EmptyView) -> impl IntoView {
    let steps = empty.steps.into_iter().map(|step| view! { <li><span><WordsOf sentence=step/></span></li> });
    view! {
        <div class="empty-state">
            <h2>{empty.title}</h2>
            <p>{empty.why}</p>
            <ol>{steps.collect_view()}</ol>
        </div>
    }
    .into_any()
}
