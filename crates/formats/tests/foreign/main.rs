//! What becomes of the exports of other tools?

mod bad_input;
mod breaking;
mod good;
mod told;

mod tenable;
