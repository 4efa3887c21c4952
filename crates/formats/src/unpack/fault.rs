//! Why is a packed file refused?

use std::io;

/// A fault of a packed file. What was unpacked before it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// More bytes than are read; plain files have the same bound.
    #[error("it has more than {0} bytes, which is the most that is read; split it")]
    TooLarge(u64),
    /// Unpacking it would never end.
    #[error("it unpacks to more than {0} times its size, as no export does; split it, or send it unpacked")]
    Ratio(u64),
    /// An archive in an archive.
    #[error("it is an archive that holds {0}; pack the files themselves")]
    Nested(&'static str),
    /// A password would be needed.
    #[error("a file in the zip archive is encrypted; pack it without a password")]
    Encrypted,
    /// A link instead of a file.
    #[error("the zip archive holds a link; pack the file it leads to")]
    Link,
    /// More files than anybody means.
    #[error("the zip archive holds {found} entries, expected at most {max}; pack fewer into one")]
    TooManyEntries {
        /// How many it has.
        found: u64,
        /// How many it may have.
        max: usize,
    },
    /// A zip archive may be packed in many ways, of which two are read.
    #[error("a file in the zip archive is packed by method {0}, expected 0 (stored) or 8 (deflate)")]
    Method(u16),
    /// Unpacking it would need more memory than an import has.
    #[error("unpacking the zstd archive needs more than 32 MiB of memory; pack it without `--long` and `--ultra`")]
    Memory,
    /// The end is missing.
    #[error("the {archive} archive is cut off after {unpacked} bytes unpacked; send all of it")]
    CutOff {
        /// What kind of archive.
        archive: &'static str,
        /// What could be read of it.
        unpacked: u64,
    },
    /// It is not what it should be.
    #[error("the {archive} archive is broken: {what}")]
    Broken {
        /// What kind of archive.
        archive: &'static str,
        /// In which way.
        what: Box<str>,
    },
    /// Nothing in it.
    #[error("there is no file in the zip archive")]
    Empty,
    /// The list of the files of a zip archive stands at its end, so it must be there as a whole.
    #[error("a zip archive is read from a file only; send it as one, or pack the body with gzip or zstd")]
    NeedsFile,
}

impl ArchiveFault {
    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "archive_too_large",
            Self::Ratio(_) => "archive_ratio",
            Self::Nested(_) => "archive_nested",
            Self::Encrypted => "archive_encrypted",
            Self::Link => "archive_link",
            Self::TooManyEntries { .. } => "archive_too_many_entries",
            Self::Method(_) => "archive_method",
            Self::Memory => "archive_memory",
            Self::CutOff { .. } => "archive_cut_off",
            Self::Broken { .. } => "archive_broken",
            Self::Empty => "archive_empty",
            Self::NeedsFile => "archive_needs_file",
        }
    }

    pub(super) fn broken(archive: &'static str, what: &str) -> Self {
        Self::Broken { archive, what: what.into() }
    }
}

/// Readers of unpacked bytes are plain readers, so a fault travels through them as one of theirs.
impl From<ArchiveFault> for io::Error {
    fn from(fault: ArchiveFault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}
