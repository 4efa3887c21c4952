//! The words of Wallclock, and the pure fold from events to facts.
//!
//! Nothing in here knows a clock, a file, a socket or a database: time arrives as a [`view::View`], and the
//! same input gives the same facts on every machine.
//!
//! No sum overflows in silence or with a panic: seconds stop at the ends of what an integer can hold, and where they
//! cannot get there the code says why.
#![deny(missing_docs)]
#![deny(clippy::arithmetic_side_effects)]

pub mod actor;
pub mod agent_action;
pub mod calendar;
pub mod claim;
mod closed_list;
pub mod day;
pub mod drill;
pub mod enrichment;
pub mod event;
pub mod event_name;
pub mod fact;
pub mod flag;
pub mod fold;
pub mod id;
pub mod kind;
pub mod label;
pub mod merge;
pub mod policy;
pub mod quarantine;
pub mod reason_code;
pub mod register;
pub mod severity;
pub mod time;
pub mod view;
pub mod work;
