//! Who keeps this?

pub mod content;
pub mod page;

pub use content::{SetupContent, SetupTrouble, SetupView};
pub use page::SetupPage;
