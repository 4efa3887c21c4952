//! What does a living organisation look like? Aldergate Mutual, an insurer that never was: every report green, and slow.
//!
//! The habits that make reports green (ticket lag, pauses, resets, ranking down, exceptions, closing unverified,
//! closing under the deadline, untouched backlog) are dealt to five teams that differ. The same seed, size and moment give
//! the same bytes on every machine; each item is made from its own dice, so any size streams in the same small memory.

mod agent;
mod cast;
mod closing;
mod dice;
mod life;
mod line;
mod office;
mod round;
mod story;
mod subject;

use domain::time::Timestamp;
use std::io::{self, Write};

/// The name of the organisation.
pub const ORGANISATION: &str = "Aldergate Mutual";

/// The events of a sample organisation as NDJSON lines without line ends, about seven and a half for each item.
///
/// They come item by item, later items found later; all lie before `as_of`.
///
/// ```
/// use domain::time::Timestamp;
/// let as_of = Timestamp::parse("2026-07-01T00:00:00Z").unwrap();
/// let first = service::sample::events(3, 100, as_of).next();
/// assert_eq!(first, service::sample::events(3, 100, as_of).next());
/// ```
pub fn events(seed: u64, items: u32, as_of: Timestamp) -> impl Iterator<Item = String> {
    (0..items).flat_map(move |number| story::tell(seed, u64::from(number), items, as_of))
}

/// Writes the events of [`events`] as NDJSON; answers how many there were.
///
/// # Errors
/// As the output beneath.
pub fn write(out: &mut dyn Write, seed: u64, items: u32, as_of: Timestamp) -> io::Result<u64> {
    let mut count = 0;
    for line in events(seed, items, as_of) {
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
        count += 1;
    }
    out.flush()?;
    Ok(count)
}
