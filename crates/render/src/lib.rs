//! What a reader sees that is not HTML: charts as SVG and the board report as PDF.
//!
//! Everything in here is pure: a model of numbers and words goes in, bytes come out. No figure is computed, no
//! clock is read and no file is opened; the typefaces are compiled in.

pub mod chart;
pub mod palette;
pub mod report;
pub mod svg;

mod printable;

// The models in `tests/support` are used by the tests of this crate and by its example, under one name.
#[cfg(test)]
extern crate self as render;
