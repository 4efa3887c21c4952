//! What becomes of the exports of other tools?
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod told;

mod servicenow;
mod servicenow_log;
mod tenable;
mod xes;
