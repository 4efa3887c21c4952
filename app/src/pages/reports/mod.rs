//! What does the board get to read?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::ReportsContent;
pub use page::ReportsPage;
pub use view::*;
