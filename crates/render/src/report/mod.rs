//! The board report as PDF: a model of finished sentences, numbers and charts in, bytes out.

mod data;
mod export;
mod model;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod tests;
mod world;

pub use export::pdf;
pub use model::{CHART_WIDTH, Chart, Figure, Message, Model, Pair, SCHEMA_VERSION, Table, Watermark};

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The model has the layout of another version.
    #[error("unknown report schema `{0}`, expected `{SCHEMA_VERSION}`")]
    Schema(u32),
    /// A time of the model cannot be read.
    #[error("`{0}` is not a time in UTC, expected one like `2026-07-01T00:00:00Z`")]
    Moment(String),
    /// The model could not be written as JSON.
    #[error("the report model cannot be written as JSON")]
    Model,
    /// A drawing has more bytes than any chart of ours.
    #[error("a drawing has {0} bytes, at most 1 MiB are printed")]
    DrawingTooLarge(usize),
    /// The built-in template has no usable name.
    #[error("the report template cannot be found")]
    Template,
    /// The typesetter refused the template or its data.
    #[error("the report could not be typeset: {0}")]
    Typeset(String),
    /// The PDF would break PDF/A-2a or PDF/UA-1.
    #[error("the report could not be written as PDF: {0}")]
    Export(String),
}
