//! Version 1 of the JSON interface: fields are added, never removed.

pub mod analysis;
pub mod answer;
pub mod clocks;
pub mod drills;
pub mod enrichment;
pub mod events;
pub mod gap;
pub mod import_quality;
pub mod imports;
pub mod items;
pub mod metrics;
pub mod quarantine;
pub mod registers;
pub mod version;
