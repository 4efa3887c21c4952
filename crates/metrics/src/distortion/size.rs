//! How is the size of a distortion told? A number with its unit and what it is taken over.

use crate::answer::{Answer, WhyNot};

/// What a size counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeUnit {
    /// Days, added to the wall clock or left out of the report.
    Days,
    /// Points of a percentage.
    Points,
    /// How many.
    Count,
    /// 0 to 1.
    Share,
    /// One number over another.
    Ratio,
    /// How often chance alone would give as much.
    Probability,
}

/// One size of one distortion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// The distortion, `d1` to `d18`.
    pub id: &'static str,
    /// What is told of it.
    pub part: &'static str,
    /// What the value counts.
    pub unit: SizeUnit,
    /// The value with what it is taken over.
    pub value: Answer<f64>,
}

impl Size {
    /// A size over `count`, or no evidence.
    #[must_use]
    pub fn new(id: &'static str, part: &'static str, unit: SizeUnit, value: Option<f64>, count: u64) -> Self {
        Self { id, part, unit, value: Answer::plain(value, count) }
    }

    /// A size that could not be told, and why.
    #[must_use]
    pub const fn unknown(id: &'static str, part: &'static str, unit: SizeUnit, why: WhyNot) -> Self {
        Self { id, part, unit, value: Answer::Unknown(why) }
    }
}
