//! Where does this lead?

pub mod page;

pub use page::{NotFoundContent, NotFoundPage};
