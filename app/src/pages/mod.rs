//! One folder a page: what it shows, where that comes from, and how it is laid out.

pub mod clocks;
pub mod connect;
pub mod explain;
pub mod gap;
pub mod imports;
pub mod item;
pub mod items;
pub mod mapping;
pub mod not_found;
pub mod quality;
pub mod reports;
pub mod setup;
pub mod sign_in;
pub mod source_plan;
pub mod sources;
pub mod step_up;
pub mod tokens;
pub mod webhooks;
