//! What can be wrong with a whole file or body, so that no line of it can be told from the next?

use crate::unpack::ArchiveFault;
use domain::time::Timestamp;
use std::io;

/// A fault of a file as a whole. What was read before it stands.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A header or an empty list, and nothing under it.
    #[error("there is no record in it")]
    NoRows,
    /// Bytes of something else.
    #[error("this is {0}, expected canonical events as NDJSON, a JSON array, CSV or CloudEvents")]
    FormatUnknown(&'static str),
    /// It was said to be an export of a tool, and does not look like one.
    #[error("this does not look like {0}")]
    NotThisFormat(&'static str),
    /// It was said to be a table of a tool, and lacks columns by which that is known.
    #[error("line {line} has columns of {title} and lacks {missing}{}", near(.nearest))]
    LacksColumns {
        /// The table it was said to be.
        title: &'static str,
        /// Where its header stands, counted from 1.
        line: usize,
        /// The columns, each in backticks.
        missing: String,
        /// A column that may be meant by the first of them.
        nearest: Option<String>,
    },
    /// It was said to be a table of a tool, and its cells are not cut as in tables.
    #[error("line {line} names the columns of {title}, and is not cut at commas, semicolons or tabs")]
    NotCut {
        /// The table it was said to be.
        title: &'static str,
        /// Where its header stands, counted from 1.
        line: usize,
    },
    /// What was said about the source cannot be followed.
    #[error("the settings of the source cannot be used: {0}")]
    BadSetting(String),
    /// Text in an encoding nobody named.
    #[error(
        "the text is not UTF-8 ({0}), expected UTF-8 or UTF-16 with a byte order mark; save it as UTF-8, or choose its encoding for this source"
    )]
    EncodingUnknown(&'static str),
    /// The JSON around the records is broken.
    #[error("line {line}, column {column}: expected {wanted}")]
    JsonSyntax {
        /// Counted from 1.
        line: u64,
        /// In bytes, counted from 1.
        column: u64,
        /// What should stand there.
        wanted: &'static str,
    },
    /// The XML around the records is broken.
    #[error("line {line}: expected {wanted}")]
    XmlSyntax {
        /// Counted from 1.
        line: u64,
        /// What should stand there.
        wanted: &'static str,
    },
    /// XML that can grow without end or reach for other files.
    #[error("the file holds {0}: such a file can grow without end or reach for others, so none of it is taken")]
    XmlForbidden(&'static str),
    /// A column stands twice.
    #[error("the column `{0}` stands twice in the header")]
    DuplicateHeader(String),
    /// A column that every event needs is not there.
    #[error("the header has no column `{missing}`{}", near(.nearest))]
    MissingHeader {
        /// The column.
        missing: &'static str,
        /// A column that may be meant.
        nearest: Option<String>,
    },
    /// The header cannot be read.
    #[error("the header cannot be read: {0}")]
    BadHeader(&'static str),
    /// More columns than anybody means.
    #[error("the header has at least {0} columns, expected at most {max}", max = crate::csv::COLUMNS_MAX)]
    TooManyColumns(usize),
    /// It is one of several files that cannot be read as one.
    #[error("{0}; pack files of one format, or import them one by one")]
    NotJoined(&'static str),
    /// A fault of one file of an archive.
    #[error("file {number} of the archive, `{name}`: {fault}")]
    Inside {
        /// Its place among the files, counted from 1.
        number: u64,
        /// What whoever packed it calls it.
        name: String,
        /// What is wrong with it.
        fault: Box<Self>,
    },
    /// Nothing says when a snapshot was taken.
    #[error(
        "nothing says when this snapshot was taken, and it cannot be compared without that; say when it was exported, or name the column that tells"
    )]
    SnapshotWithoutDate,
    /// A snapshot of a moment that has not come.
    #[error("this snapshot was taken at {0}, and that moment has not come; check when it was exported")]
    SnapshotOfTomorrow(Timestamp),
    /// A part of what a snapshot shows beside the one before was told, and that one is no longer the last.
    #[error(
        "a part of this import is held beside a snapshot that is no longer the last of its source; give it up, then import the file again"
    )]
    SnapshotOvertaken,
    /// Too much is gone at once from a snapshot that claims to state everything.
    #[error(
        "{gone} of {open} open items are gone at once: its import waits for a person, unless it is said at once that they are gone"
    )]
    MassAbsence {
        /// Open items that are gone.
        gone: u64,
        /// Open items of the snapshot before, within the scope of this one.
        open: u64,
    },
    /// The archive it came in.
    #[error(transparent)]
    Archive(#[from] ArchiveFault),
    /// The bytes could not be read.
    #[error("cannot read on: {0}")]
    Io(io::Error),
}

/// A fault of an archive comes through the readers of its bytes.
impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        error.downcast().map_or_else(Self::Io, Self::Archive)
    }
}

fn near(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; is `{name}` meant?"),
        None => String::new(),
    }
}

impl FileFault {
    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::NoRows => "no_rows",
            Self::FormatUnknown(_) | Self::NotThisFormat(_) => "format_unknown",
            Self::BadSetting(_) => "bad_setting",
            Self::EncodingUnknown(_) => "encoding_unknown",
            Self::JsonSyntax { .. } => "json_syntax",
            Self::XmlSyntax { .. } => "xml_syntax",
            Self::XmlForbidden(_) => "xml_forbidden",
            Self::DuplicateHeader(_) => "duplicate_header",
            Self::MissingHeader { .. } | Self::LacksColumns { .. } => "missing_header",
            Self::BadHeader(_) | Self::NotCut { .. } => "bad_header",
            Self::TooManyColumns(_) => "too_many_columns",
            Self::NotJoined(_) => "archive_several",
            Self::Inside { fault, .. } => fault.code(),
            Self::SnapshotWithoutDate => "snapshot_without_date",
            Self::SnapshotOfTomorrow(_) => "snapshot_of_tomorrow",
            Self::SnapshotOvertaken => "snapshot_overtaken",
            Self::MassAbsence { .. } => "mass_absence",
            Self::Archive(fault) => fault.code(),
            Self::Io(_) => "io",
        }
    }
}
