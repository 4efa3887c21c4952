//! Why a line is held back: a closed list, each with its place and a next step.

use std::{fmt, str::FromStr};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// The reason a line was not put on a timeline.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $name),+ }

        impl Reason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

reasons! {
    /// Not a record of its format at all.
    Unreadable = "unreadable",
    /// Longer than a record may be.
    RecordTooLong = "record_too_long",
    /// An identifier with control, zero-width or direction characters, or too long.
    BadIdentifier = "bad_identifier",
    /// A required field is absent.
    MissingField = "missing_field",
    /// A field holds what it cannot hold.
    BadValue = "bad_value",
    /// A word outside the vocabulary.
    UnknownEvent = "unknown_event",
    /// A CloudEvents type that is not ours.
    UnknownType = "unknown_type",
    /// A time without an offset.
    NaiveTime = "naive_time",
    /// A date that can be read in two ways.
    DateAmbiguous = "date_ambiguous",
    /// A local time that a clock change skipped.
    DstGap = "dst_gap",
    /// Before the year 2000: often a marker for "missing".
    TimeRange = "time_range",
    /// More than 300 s later than we learnt of it.
    Future = "future",
    /// It ends before it starts.
    EndsBeforeStart = "ends_before_start",
    /// The same id with other content.
    EventConflict = "event_conflict",
    /// A severity below low.
    BelowScope = "below_scope",
    /// The sender may not write this.
    NotPermitted = "not_permitted",
    /// A merge of different weaknesses.
    IllegalMerge = "illegal_merge",
    /// The history of a record is cut short.
    ChangelogTruncated = "changelog_truncated",
    /// Labels and dates of a locale instead of raw values.
    DisplayValues = "display_values",
    /// An entry of a log without a time.
    NoTimestamp = "no_timestamp",
    /// A state that no list knows.
    UnmatchedState = "unmatched_state",
    /// A finding that names no resource.
    NoResource = "no_resource",
    /// So much vanished from a snapshot at once that a person has to look.
    MassAbsence = "mass_absence",
    /// A report whose times carry no zone.
    ReportZone = "report_zone",
    /// The fold could not take the item.
    InternalFold = "internal_fold",
    /// The outcome of a detection contradicts its alert.
    OutcomeContradicts = "outcome_contradicts",
    /// Detected before it began, or long after it ended.
    DetectionImplausible = "detection_implausible",
    /// Observed before it was injected.
    ObservedBeforeInject = "observed_before_inject",
    /// Decided before it was asked.
    DecidedBeforeAsked = "decided_before_asked",
    /// A vulnerability of a device without any date.
    DeviceVulnerabilityWithoutDates = "device_vulnerability_without_dates",
    /// Due before it was added.
    DueBeforeAdded = "due_before_added",
    /// Scores without a date.
    EpssWithoutDate = "epss_without_date",
}

/// A word that is no reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown reason `{0}`")]
pub struct UnknownReason(pub String);

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text).ok_or_else(|| UnknownReason(text.to_owned()))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
