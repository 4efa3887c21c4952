//! What is held, and how far can the rest be believed?

pub mod api;
pub mod content;
pub mod decide;
pub mod decided;
pub mod feeds;
pub mod foreseen;
pub mod guards;
pub mod lines;
pub mod page;
pub mod reasons;
pub mod rules;
pub mod view;

pub use content::QualityContent;
pub use page::QualityPage;
pub use view::*;
