//! Which weaknesses are these?

pub mod api;
pub mod content;
pub mod page;
pub mod table;
pub mod view;

pub use content::ItemsContent;
pub use page::ItemsPage;
pub use view::*;
