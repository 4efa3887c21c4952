//! How are the files of a source read?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::SourcePlanContent;
pub use page::SourcePlanPage;
pub use view::*;
