//! What becomes of the exports of other tools?
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod told;

mod mapping;
mod presets;
mod preview;
mod proposing;
mod snapshot;
mod tenable;
