//! What sort of weakness an item is.

use std::{fmt, str::FromStr};

/// The seven kinds of formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A vulnerability on an asset; the default.
    Vulnerability,
    /// An identity that may do too much, or an exception for one.
    Identity,
    /// A setting that is not as it should be.
    Misconfiguration,
    /// A finding about posture.
    Posture,
    /// An incident.
    Incident,
    /// An audit finding.
    AuditFinding,
    /// A finding of a drill.
    DrillFinding,
}

/// A word that is no kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown kind `{0}`, expected vulnerability, identity, misconfiguration, posture, incident, audit_finding or drill_finding"
)]
pub struct UnknownKind(pub String);

impl Kind {
    /// All kinds, in the order pages list them.
    pub const ALL: [Self; 7] = [
        Self::Vulnerability,
        Self::Identity,
        Self::Misconfiguration,
        Self::Posture,
        Self::Incident,
        Self::AuditFinding,
        Self::DrillFinding,
    ];

    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Identity => "identity",
            Self::Misconfiguration => "misconfiguration",
            Self::Posture => "posture",
            Self::Incident => "incident",
            Self::AuditFinding => "audit_finding",
            Self::DrillFinding => "drill_finding",
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    /// Reads the word, or one of the two short forms that feeds use (`vuln`, `misconfig`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "vuln" => Ok(Self::Vulnerability),
            "misconfig" => Ok(Self::Misconfiguration),
            other => {
                Self::ALL.into_iter().find(|known| known.as_str() == other).ok_or_else(|| UnknownKind(other.to_owned()))
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
