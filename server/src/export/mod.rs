//! How do rows leave as files?

pub mod csv;
pub mod held_csv;
pub mod import_quality_csv;
pub mod mount;
