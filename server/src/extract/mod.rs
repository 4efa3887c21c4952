//! How do handlers get what was sent? Our own extractors: what they refuse is written as a problem.

pub mod accept;
pub mod allowed;
pub mod ask;
pub mod body;
pub mod credentials;
pub mod facts;
pub mod form;
pub mod path;
pub mod query;
