//! Which programs read for me?

pub mod api;
pub mod content;
pub mod form;
pub mod page;
pub mod view;

pub use content::TokensContent;
pub use page::TokensPage;
pub use view::*;
