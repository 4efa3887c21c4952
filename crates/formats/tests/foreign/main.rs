//! What becomes of the exports of other tools?

mod told;

mod servicenow;
mod servicenow_log;
mod tenable;
mod xes;
