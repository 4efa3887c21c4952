//! What becomes of the exports of other tools?

mod told;

mod asff;
mod defectdojo;
mod github;
mod microsoft;
mod ocsf;
mod spoiled;
mod tenable;
