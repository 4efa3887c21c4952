//! From what the service answers to what a page says: numbers become words here, and nowhere else.

mod answer;
mod asking;
pub mod chart;
pub(crate) mod clocks;
mod clocks_curve;
mod clocks_groups;
pub mod connect;
pub(crate) mod explain;
mod explained;
mod explained_clocks;
mod explained_gap;
mod feeds;
pub(crate) mod frame;
pub(crate) mod gap;
mod gap_cards;
mod gap_rail;
pub mod imports;
pub(crate) mod item;
mod item_clocks;
mod item_events;
pub(crate) mod items;
mod items_form;
pub(crate) mod mapping;
mod mapping_form;
mod mapping_preview;
mod mapping_words;
pub mod quality;
mod quality_choice;
mod quality_lines;
mod quality_rules;
mod reason_words;
pub(crate) mod reports;
pub(crate) mod source_plan;
pub(crate) mod sources;
pub mod tokens;

pub use asking::ask_of;
