//! What becomes of the exports of other tools?

mod told;

mod attire;
mod caldera;
mod drill_properties;
mod drill_record;
mod enrichment;
mod hseep;
mod tenable;
mod vectr;
