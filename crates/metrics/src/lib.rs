//! Every formula, one file a metric, over the facts the fold leaves.
#![deny(missing_docs)]

pub mod agent;
pub mod answer;
pub mod bootstrap;
pub mod calibration;
pub mod catalogue;
pub mod claimed;
pub mod columns;
pub mod decision;
pub mod distortion;
pub mod flow;
pub mod guard;
pub mod kev;
pub mod labels;
pub mod ledger;
pub mod level;
pub mod matured;
pub mod money;
pub mod process;
pub mod rate;
pub mod real;
pub mod recurrence;
pub mod score;
pub mod share;
pub mod sla;
pub mod special;
pub mod survival;
pub mod trend;
pub mod waterfall;
