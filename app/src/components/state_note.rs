//! Where a figure would stand, why there is none.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::WordsOf;
use crate::sentence::Sentence;

/// The state in a few words, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateView {
    /// `too few (n = 4, needs 10)`
    pub state: String,
    /// What would count as evidence, with a way there.
    pub next: Sentence,
}

/// Missing is not zero: a note of the size of the card.
#[component]
pub fn StateNote(state: StateView) -> impl IntoView {
    view! {
        <div class="state-note">
            <p><b>{state.state}</b></p>
            <p><WordsOf sentence=state.next/></p>
        </div>
    }
    .into_any()
}
