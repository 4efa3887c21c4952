//! What becomes of the exports of other tools?
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod bad_input;
mod breaking;
mod good;
mod later;
mod matrix;
mod told;

mod asff;
mod attire;
mod caldera;
mod choosing;
mod defectdojo;
mod drill_properties;
mod drill_record;
mod enrichment;
mod general_rules;
mod github;
mod hseep;
mod jira;
mod mapping;
mod microsoft;
mod ocsf;
mod pagerduty;
mod presets;
mod preview;
mod proposing;
mod push;
mod servicenow;
mod servicenow_log;
mod severities;
mod snapshot;
mod snapshot_history;
mod spoiled;
mod tenable;
mod vectr;
mod xes;
