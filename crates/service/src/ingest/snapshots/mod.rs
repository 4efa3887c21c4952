//! What do two snapshots of a source show that neither says alone? The file is read as any other; behind its rows come the
//! events of the difference, and with its import is kept what the next one is held against.
//!
//! Nothing here grows with the number of items but files without a name: what a file says of each item is sorted in pieces,
//! and held line by line against what the snapshot before left behind. In memory lie a piece, and eight bytes and a moment for
//! each asset.

mod difference;
mod keep;
mod lines;
mod look;
mod notes;
mod sorted;
mod survey;
mod watch;
mod watched;

pub use notes::{SnapshotNotes, Verdict};

pub(crate) use keep::{Keeping, keep};
pub(crate) use watch::{Watch, watch};
pub(crate) use watched::Watched;
