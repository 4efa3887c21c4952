//! Packed files: gzip, zstd and zip become the bytes that were packed, one file after the other and never whole in memory.
//!
//! [`Files`] serves an upload, which may hold one file or, as a zip archive, several; [`Unpacked`] serves a body that comes
//! in one pass. Both count what they give, so that a small archive cannot become an endless file, and neither goes into
//! archives inside archives. Names in an archive say nothing.

mod directory;
mod fault;
mod files;
mod join;
mod magic;
mod stream;

pub use fault::ArchiveFault;
pub use files::Files;
pub use join::join;
pub use stream::Unpacked;

/// How far an archive may unfold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At most so many bytes, in all files of an archive together.
    pub bytes_max: u64,
    /// At most so many times the bytes of the archive, judged once the first MiB is unpacked.
    pub ratio_max: u64,
    /// At most so many entries of a zip archive.
    pub entries_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes_max: 10 << 30, ratio_max: 100, entries_max: 1_000 }
    }
}

/// A file of little text may be packed well beyond any ratio.
const RATIO_FREE_BYTES: u64 = 1 << 20;

impl Limits {
    /// Whether so many unpacked bytes of so many packed ones are still an export.
    const fn check(&self, unpacked: u64, packed: u64) -> Result<(), ArchiveFault> {
        if unpacked > self.bytes_max {
            return Err(ArchiveFault::TooLarge(self.bytes_max));
        }
        if unpacked > RATIO_FREE_BYTES && unpacked > self.ratio_max.saturating_mul(packed) {
            return Err(ArchiveFault::Ratio(self.ratio_max));
        }
        Ok(())
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all, as far as is known here.
    Plain,
    /// One gzip file, or several one after the other.
    Gzip,
    /// One zstd frame, or several one after the other.
    Zstd,
    /// Any number of files.
    Zip,
}

impl Packing {
    /// The packing that a `Content-Encoding` names; `None` for one that is not read.
    #[must_use]
    pub fn of_content_encoding(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Plain),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Its name, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
        }
    }
}
