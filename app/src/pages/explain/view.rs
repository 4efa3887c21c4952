//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::ExplainView;

/// One figure: its value in this view, what it rests on, and what it means anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplanationView {
    pub explain: ExplainView,
    pub unit: String,
    /// `lower is better`
    pub direction: String,
    /// The places it is shown.
    pub shown: String,
    /// How it comes about for the story.
    pub example: String,
    /// The organisation all worked examples speak of.
    pub story: String,
    /// Where programs read the entry.
    pub entry: String,
}
