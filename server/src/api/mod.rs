//! What can programs ask? The JSON side of the product.

pub mod error;
pub mod v1;
