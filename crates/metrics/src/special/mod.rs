//! Distribution functions to twelve digits.

pub mod beta;
pub mod binomial;
pub mod gamma;
pub mod normal;
