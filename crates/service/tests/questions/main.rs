//! The answers of the pages over a whole organisation: they agree with the analysis, with each other, and with lists.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod figures;
mod intervals;
mod lists;
mod organisation;
mod report;
mod trend;
