//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{CardView, ChartView, EmptyView, FigureView, RailView};
use crate::sentence::Sentence;

/// The page: an answer, and what proves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapView {
    /// One sentence a line; both numbers and the interval stand inside.
    pub answer: Vec<String>,
    pub body: GapBody,
}

/// The proof, or the one next step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum GapBody {
    Empty(EmptyView),
    Full(Box<GapProof>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapProof {
    /// The share of SLA records met, as reported.
    pub paper: FigureView,
    /// The share verified gone by the promised day.
    pub practice: FigureView,
    /// What the ticket tool itself says; empty where no feed carries that.
    pub claimed: Sentence,
    /// Both on one scale, with the size of the gap.
    pub pair: Option<ChartView>,
    /// The difference in words, each part with its items.
    pub difference: Sentence,
    /// What the SLA report leaves out.
    pub rail: Vec<RailView>,
    /// Where the time went, by label.
    pub split: CardView,
    /// Both numbers by month.
    pub trend: CardView,
    /// Wall medians beside the promise and the mean of the tool.
    pub days: DaysView,
}

/// Days: as reported, as promised, as lived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DaysView {
    pub title: String,
    pub note: Sentence,
    pub figures: Vec<FigureView>,
}
