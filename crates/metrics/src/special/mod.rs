//! Distribution functions to twelve digits.

pub mod binomial;
pub mod gamma;
pub mod normal;
