//! Did everything that arrived get counted?

pub mod api;
pub mod content;
pub mod feeds;
pub mod page;
pub mod quarantine;
pub mod table;
pub mod view;

pub use content::SourcesContent;
pub use feeds::FeedRow;
pub use page::SourcesPage;
pub use view::*;
