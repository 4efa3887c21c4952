//! Are we as safe as the report says?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::GapContent;
pub use page::GapPage;
pub use view::*;
