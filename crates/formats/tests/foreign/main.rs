//! What becomes of the exports of other tools?

mod told;

mod tenable;
mod xes;
