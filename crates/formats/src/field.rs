//! Which fields does a canonical event have, and what may each hold?

use crate::nearest::nearest;
use std::sync::LazyLock;

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Identifier,
    Slug,
    Event,
    Time,
    TimeOrDate,
    Text,
    Reason,
    List,
    Bool,
    Share,
    Count,
    Severity,
    Kind,
    Word(&'static [&'static str]),
    Extra,
}

macro_rules! fields {
    ($($name:ident = $word:literal $class:expr),+ $(,)?) => {
        /// A field of the canonical event. The variants stand in code point order of their names, which is the order
        /// of the canonical text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Field { $($name),+ }

        impl Field {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            /// The name as a key of an object.
            pub(crate) const fn as_key(self) -> &'static str {
                match self { $(Self::$name => concat!("\"", $word, "\":")),+ }
            }

            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            pub(crate) const fn class(self) -> Class {
                match self { $(Self::$name => $class),+ }
            }
        }
    };
}

fields! {
    Action = "action" Class::Text,
    Actor = "actor" Class::Text,
    ActorType = "actor_type" Class::Word(&["human", "agent", "system"]),
    Agent = "agent" Class::Text,
    AgentVersion = "agent_version" Class::Text,
    Asset = "asset" Class::Text,
    AssetClass = "asset_class" Class::Text,
    At = "at" Class::Time,
    AtLatest = "at_latest" Class::Time,
    Blocked = "blocked" Class::Bool,
    Certainty = "certainty" Class::Word(&["observed", "derived", "inferred"]),
    ChangeWindow = "change_window" Class::Text,
    Confidence = "confidence" Class::Share,
    Criticality = "criticality" Class::Word(&["low", "medium", "high", "critical"]),
    Cve = "cve" Class::List,
    Dependency = "dependency" Class::List,
    Drill = "drill" Class::Text,
    Event = "event" Class::Event,
    ExpiresAt = "expires_at" Class::Time,
    Extra = "extra" Class::Extra,
    Fingerprint = "fingerprint" Class::Text,
    Id = "id" Class::Identifier,
    Identity = "identity" Class::Text,
    Impact = "impact" Class::Word(&["low", "high"]),
    InScope = "in_scope" Class::Bool,
    ItemId = "item_id" Class::Identifier,
    KevDue = "kev_due" Class::TimeOrDate,
    Kind = "kind" Class::Kind,
    Method = "method" Class::Word(&["rescan", "retest", "control_test", "config_read", "attestation"]),
    Owner = "owner" Class::Text,
    Patch = "patch" Class::Text,
    Planted = "planted" Class::Bool,
    Playbook = "playbook" Class::Text,
    RawSeverity = "raw_severity" Class::Text,
    RawStatus = "raw_status" Class::Text,
    Reason = "reason" Class::Reason,
    ReasonCode = "reason_code" Class::Word(&[
        "capacity", "priority", "context", "approval", "change_window", "dependency", "vendor", "caller", "control",
        "business_need", "tolerable", "out_of_scope", "check_disabled", "cancelled", "duplicate", "other",
    ]),
    ReceivedAt = "received_at" Class::Time,
    Ref = "ref" Class::Text,
    ReportedDue = "reported_due" Class::TimeOrDate,
    ReportedSeconds = "reported_seconds" Class::Count,
    ReportedSla = "reported_sla" Class::Word(&["met", "breached", "running", "none"]),
    ReviewSeconds = "review_seconds" Class::Count,
    SavedSecondsClaimed = "saved_seconds_claimed" Class::Count,
    Service = "service" Class::Text,
    Severity = "severity" Class::Severity,
    Source = "source" Class::Slug,
    Team = "team" Class::Text,
    Technique = "technique" Class::List,
    Ticket = "ticket" Class::Text,
    To = "to" Class::Text,
    Truth = "truth" Class::Word(&["right", "wrong"]),
    Weakness = "weakness" Class::Text,
}

/// A field and the bytes of its name.
type Named = (&'static [u8], Field);

/// Fields by the length of their names: each line has some ten names to look up, and few names share a length.
static BY_LENGTH: LazyLock<Vec<Vec<Named>>> = LazyLock::new(|| {
    let longest = Field::WORDS.iter().map(|word| word.len()).max().unwrap_or_default();
    let of_length = |length: usize| {
        let fields = Field::ALL.iter().filter(|field| field.as_str().len() == length);
        fields.map(|field| (field.as_str().as_bytes(), *field)).collect()
    };
    (0..=longest).map(of_length).collect()
});

impl Field {
    /// The field of that name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let candidates = BY_LENGTH.get(name.len())?;
        let found = candidates.iter().find(|(word, _)| *word == name.as_bytes());
        found.map(|(_, field)| *field)
    }

    /// One bit of its own, for a set of fields.
    pub(crate) const fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// The names of all fields of a canonical event, in code point order.
#[must_use]
pub const fn names() -> &'static [&'static str] {
    Field::WORDS
}

/// The field whose name is nearest to one that is not known, if any is near.
///
/// ```
/// assert_eq!(formats::field::nearest_name("sevrity"), Some("severity"));
/// ```
#[must_use]
pub fn nearest_name(unknown: &str) -> Option<&'static str> {
    nearest(unknown, Field::WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_code_point_order_and_each_has_its_own_bit() {
        assert!(Field::WORDS.is_sorted());
        assert!(Field::ALL.len() <= 64);
        for field in Field::ALL {
            assert_eq!(Field::find(field.as_str()), Some(*field));
        }
        assert_eq!(Field::find("colour"), None);
    }
}
