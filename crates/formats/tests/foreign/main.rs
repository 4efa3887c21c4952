//! What becomes of the exports of other tools?
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod told;

mod asff;
mod defectdojo;
mod github;
mod microsoft;
mod ocsf;
mod spoiled;
mod tenable;
