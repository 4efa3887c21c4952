//! Which tools send by themselves?

pub mod api;
pub mod content;
pub mod form;
pub mod page;
pub mod table;
pub mod view;

pub use content::WebhooksContent;
pub use page::WebhooksPage;
pub use view::*;
