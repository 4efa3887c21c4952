//! What does this file say?

pub mod api;
pub mod columns;
pub mod content;
pub mod more;
pub mod page;
pub mod preview;
pub mod settings;
pub mod view;
pub mod words_table;

pub use content::MappingContent;
pub use page::MappingPage;
pub use view::*;
