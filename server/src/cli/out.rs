//! Where do data and words go? Data to standard output, words to standard error; a closed pipe is an end, not a fault.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::exit::Failure;

/// One line of data.
///
/// # Errors
/// When standard output cannot be written.
pub fn line(text: &str) -> Result<(), Failure> {
    bytes(format!("{text}\n").as_bytes())
}

/// Data as one line of JSON.
///
/// # Errors
/// When standard output cannot be written.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::failed(format!("writing JSON: {error}")))?;
    line(&text)
}

/// Data as it is.
///
/// # Errors
/// When standard output cannot be written.
pub fn bytes(data: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed(format!("writing to standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Words for whoever sits at the terminal.
pub fn say(words: &str) {
    let mut out = std::io::stderr().lock();
    // Nobody is left to be told when even this fails.
    drop(writeln!(out, "{words}"));
}

/// Whether somebody sees the progress.
#[must_use]
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
