//! How long does it really take?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::ClocksContent;
pub use page::ClocksPage;
pub use view::*;
