//! How far is the paper ahead of the practice? (methods.md 5.3)

use super::dimension::Score;

/// Paper less practice, in levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The difference of the scores; `None` where one of them has too little evidence.
    pub gap: Option<f64>,
    /// The least it can be.
    pub lower: f64,
    /// The most it can be.
    pub upper: f64,
}

/// What lies between two scores.
#[must_use]
pub fn gap(paper: &Score, practice: &Score) -> Gap {
    Gap {
        gap: paper.score.zip(practice.score).map(|(paper, practice)| paper - practice),
        lower: paper.lower - practice.upper,
        upper: paper.upper - practice.lower,
    }
}

impl Gap {
    /// Whether it may be called a gap: its whole interval lies above nought.
    #[must_use]
    pub const fn is_a_gap(&self) -> bool {
        self.lower > 0.0
    }

    /// Whether practice is ahead of paper whatever the evidence still missing says.
    #[must_use]
    pub const fn is_under_claimed(&self) -> bool {
        self.upper < 0.0
    }
}
