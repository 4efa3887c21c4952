//! What happened to this one weakness?

pub mod api;
pub mod content;
pub mod page;
pub mod tables;
pub mod view;

pub use content::ItemContent;
pub use page::ItemPage;
pub use view::*;
