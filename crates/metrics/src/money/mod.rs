//! What does the gap cost? A year of losses at the promised and at the actual exposure (methods.md 8).

pub mod lattice;
pub mod loss;
