//! Does the feed answer what the tools that read it ask, and nothing else?
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

mod answers;
mod bad_input;
mod csv_file;
mod filters;
mod metadata;
mod paging;
mod recorded_clients;
mod support;
