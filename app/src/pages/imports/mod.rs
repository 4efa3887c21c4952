//! What became of each file?

pub mod api;
pub mod clock;
pub mod content;
pub mod page;
pub mod quality;
pub mod view;

pub use content::ImportsContent;
pub use page::ImportsPage;
pub use view::*;
