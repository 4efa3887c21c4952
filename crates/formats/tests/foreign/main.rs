//! What becomes of the exports of other tools?

mod told;

mod mapping;
mod presets;
mod preview;
mod proposing;
mod snapshot;
mod tenable;
