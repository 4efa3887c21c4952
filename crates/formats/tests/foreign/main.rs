//! What becomes of the exports of other tools?

mod told;

mod jira;
mod tenable;
