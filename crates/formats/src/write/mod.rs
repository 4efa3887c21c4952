//! How do events leave again, so that every program reads what was meant?

mod csv;
mod ndjson;
mod xes;

pub(crate) use csv::could_be_formula;
pub use csv::{CsvWriter, escape_cell};
pub use ndjson::NdjsonWriter;
pub use xes::{XesFault, XesWriter};
