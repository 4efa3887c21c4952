//! Does the server keep its promises to browsers and programs? The whole of it, in one process, over real databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod acts;
mod analysis;
mod bad_exports;
mod bad_input;
mod bad_paths;
mod canary;
mod command;
mod csrf;
mod drafts;
mod drawing;
mod drills;
mod edge;
mod enrichment;
mod events;
mod explained;
mod faults;
mod import_quality;
mod imports;
mod items_file;
mod keeping;
mod matrix;
mod metrics;
mod names;
mod own_tokens;
mod own_webhooks;
mod packed;
#[path = "../support/postgres.rs"]
mod postgres;
mod quality;
mod quarantine;
mod registers;
mod saved_mappings;
mod sessions;
mod set_up;
mod shedding;
mod slow_clients;
mod snapshots;
mod sockets;
mod spoiled;
mod step_up;
mod support;
mod tokens;
mod uploads;
mod webhook_command;
mod webhook_kinds;
mod webhooks;
