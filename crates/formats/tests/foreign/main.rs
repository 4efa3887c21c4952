//! What becomes of the exports of other tools?
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod told;

mod jira;
mod pagerduty;
mod tenable;
