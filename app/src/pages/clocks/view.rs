//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{CardView, ChartView, EmptyView, ExplainView, FigureView, Shown, TabView};
use crate::sentence::Sentence;

/// The page: an answer, and what proves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClocksView {
    pub answer: Vec<String>,
    pub body: ClocksBody,
}

/// The proof, or the one next step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ClocksBody {
    Empty(EmptyView),
    Full(Box<ClocksProof>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClocksProof {
    pub survival: Shown<ChartView>,
    /// n, ended, still open, what the band is.
    pub caption: Sentence,
    pub explain: Option<ExplainView>,
    /// Median, p75, p90, and the shares open at 30, 90 and 365 days.
    pub strip: Vec<FigureView>,
    /// The mean of closed items, only ever beside the mean that counts the open ones.
    pub means: Sentence,
    /// What the groups below can be compared by.
    pub comparisons: Vec<TabView>,
    /// One chart a grouping.
    pub groups: Vec<CardView>,
}
