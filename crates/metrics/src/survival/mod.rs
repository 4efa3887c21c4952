//! How long does it take, counting those still open? Rows, life table, curve, and what is read off it.

mod ages;
mod band;
pub mod bracket;
pub mod competing;
pub mod curve;
pub mod hazard;
pub mod life_table;
pub mod log_rank;
pub mod row;
pub mod summary;
pub mod tally;
pub(crate) mod walk;
