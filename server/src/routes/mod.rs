//! Which addresses are there, and how do they come together?

pub mod build;
pub mod table;
