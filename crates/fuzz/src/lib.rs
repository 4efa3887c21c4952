//! What do the readers do with bytes that nobody would write? Each file of a corpus is changed at random, many times,
//! and given to a body that panics if something does not hold.
//!
//! The changes are seeded, so a finding can be found again: its message names target, file and round.

pub mod campaign;
pub mod mutation;
