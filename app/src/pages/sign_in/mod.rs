//! Who is reading?

pub mod content;
pub mod page;

pub use content::{SignInContent, SignInTrouble, SignInView};
pub use page::SignInPage;
