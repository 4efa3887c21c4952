//! Does a series rise or fall, how fast, and since when?

pub mod change_point;
pub mod mann_kendall;
pub mod theil_sen;
