//! How is a canonical text written as a line?

use std::io::{self, Write};

/// Writes canonical texts, one a line.
pub struct NdjsonWriter<W>(W);

impl<W: Write> NdjsonWriter<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self(out)
    }

    /// Writes one event; canonical text holds no line break, so it is one line.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn write(&mut self, canonical: &str) -> io::Result<()> {
        self.0.write_all(canonical.as_bytes())?;
        self.0.write_all(b"\n")
    }

    /// Hands the output back, flushed.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn finish(mut self) -> io::Result<W> {
        self.0.flush()?;
        Ok(self.0)
    }
}
