//! How do rows leave as files?

pub mod csv;
pub mod mount;
