//! Does the server keep its promises to browsers and programs? The whole of it, in one process, over real databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod analysis;
mod bad_input;
mod command;
mod csrf;
mod drawing;
mod edge;
mod events;
mod faults;
mod matrix;
mod metrics;
mod sessions;
mod set_up;
mod slow_clients;
mod support;
mod tokens;
mod uploads;
