//! What exactly is this number?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::ExplainContent;
pub use page::ExplainPage;
pub use view::*;
