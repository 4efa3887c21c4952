//! The vocabulary: exactly these things can happen to an item, and in this order within one second.

use std::{fmt, str::FromStr};

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What happened. The order of the variants is the order of events in the same second.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventName { $($(#[$doc])* $name),+ }

        impl EventName {
            /// The whole vocabulary, in rank order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }

        impl FromStr for EventName {
            type Err = UnknownEvent;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$name),)+ other => Err(UnknownEvent(other.to_owned())) }
            }
        }
    };
}

vocabulary! {
    /// Somebody or something found it.
    Detected = "detected",
    /// A work item was opened.
    Ticketed = "ticketed",
    /// Observed again while open.
    Seen = "seen",
    /// Judged and ranked.
    Triaged = "triaged",
    /// New severity in `to`.
    SeverityChanged = "severity_changed",
    /// An owner was set.
    Assigned = "assigned",
    /// The owner changed.
    Reassigned = "reassigned",
    /// Hands on.
    WorkStarted = "work_started",
    /// A decision was asked of a role.
    Escalated = "escalated",
    /// The decision was given.
    Authorised = "authorised",
    /// An agent suggests an action.
    Proposed = "proposed",
    /// A person allows it.
    Approved = "approved",
    /// A person refuses it.
    Rejected = "rejected",
    /// The agent acted.
    Executed = "executed",
    /// The ticket goes on.
    Resumed = "resumed",
    /// The ticket waits.
    Paused = "paused",
    /// Acceptance of the risk is over.
    ExceptionExpired = "exception_expired",
    /// The risk was accepted.
    ExceptionGranted = "exception_granted",
    /// A change was made.
    FixApplied = "fix_applied",
    /// The ticket was closed.
    Closed = "closed",
    /// Checked: it is still there.
    VerificationFailed = "verification_failed",
    /// Something independent saw that it is gone.
    Verified = "verified",
    /// The asset was retired.
    Decommissioned = "decommissioned",
    /// It was never a weakness.
    FalsePositive = "false_positive",
    /// The agent's action was undone.
    Reverted = "reverted",
    /// Seen again after an end.
    Redetected = "redetected",
    /// Opened again.
    Reopened = "reopened",
    /// The same weakness on the same asset as the survivor in `to`.
    Merged = "merged",
}

/// A word outside the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown event `{0}`")]
pub struct UnknownEvent(pub String);

impl EventName {
    /// Whether the fold takes the earliest moment an uncertain event can have, so that uncertainty never flatters:
    /// whatever starts or restarts exposure counts from its first possible second, all else from its last.
    #[must_use]
    pub const fn starts_exposure(self) -> bool {
        matches!(
            self,
            Self::Detected
                | Self::Ticketed
                | Self::Seen
                | Self::Redetected
                | Self::Reopened
                | Self::VerificationFailed
                | Self::Reverted
        )
    }

    /// Whether the event shows nobody acting: an item with only such events was never touched.
    #[must_use]
    pub const fn is_passive(self) -> bool {
        matches!(
            self,
            Self::Detected | Self::Ticketed | Self::Seen | Self::Redetected | Self::SeverityChanged | Self::Proposed
        )
    }

    /// Whether somebody or something saw that the weakness is there.
    #[must_use]
    pub const fn is_sighting(self) -> bool {
        matches!(self, Self::Detected | Self::Seen | Self::Redetected | Self::VerificationFailed)
    }

    /// Whether the event can close an item or end it.
    #[must_use]
    pub const fn may_end_an_item(self) -> bool {
        matches!(self, Self::Closed | Self::Verified | Self::Decommissioned | Self::FalsePositive)
    }

    /// A small code for columns: the place in the vocabulary.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The event with that code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
