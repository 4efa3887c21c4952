//! How do other tools read the same numbers?

pub mod api;
pub mod content;
pub mod page;
pub mod view;

pub use content::ConnectContent;
pub use page::ConnectPage;
pub use view::*;
