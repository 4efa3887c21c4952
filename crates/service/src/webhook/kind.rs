//! Which tools send by themselves, and how does each show that it is the one?

/// A tool that sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Jira: changes of issues.
    Jira,
    /// ServiceNow: rows of incidents or of the audit table, sent by a rule or a flow.
    ServiceNow,
    /// PagerDuty: events of incidents.
    PagerDuty,
    /// GitHub: security alerts.
    GitHub,
    /// AWS Security Hub: findings, sent by its bus of events.
    SecurityHub,
    /// Anything that sends canonical events or `CloudEvents`.
    Generic,
}

/// How a sender shows that it is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It signs what it sends.
    Signature,
    /// It sends a key along: whoever reads one request can send others.
    Key,
}

impl Proof {
    /// Both, the stronger one first.
    pub const ALL: [Self; 2] = [Self::Signature, Self::Key];

    /// The word as it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Key => "key",
        }
    }

    /// The proof of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.as_str() == word)
    }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Jira, Self::ServiceNow, Self::PagerDuty, Self::GitHub, Self::SecurityHub, Self::Generic];

    /// The word as it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jira => "jira",
            Self::ServiceNow => "servicenow",
            Self::PagerDuty => "pagerduty",
            Self::GitHub => "github",
            Self::SecurityHub => "securityhub",
            Self::Generic => "generic",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The format its bodies are in; none for events of our own.
    #[must_use]
    pub const fn format(self) -> Option<&'static str> {
        match self {
            Self::Jira => Some("jira"),
            Self::ServiceNow => Some("servicenow"),
            Self::PagerDuty => Some("pagerduty"),
            Self::GitHub => Some("github"),
            Self::SecurityHub => Some("asff"),
            Self::Generic => None,
        }
    }

    /// What it can show, the usual first.
    #[must_use]
    pub const fn proofs(self) -> &'static [Proof] {
        match self {
            Self::Jira | Self::Generic => &[Proof::Signature, Proof::Key],
            Self::PagerDuty | Self::GitHub => &[Proof::Signature],
            // It signs by a script alone.
            Self::ServiceNow => &[Proof::Key, Proof::Signature],
            Self::SecurityHub => &[Proof::Key],
        }
    }

    /// Whether it signs its id and the moment of sending too, as Standard Webhooks do.
    #[must_use]
    pub const fn signs_moment(self) -> bool {
        match self {
            Self::ServiceNow | Self::Generic => true,
            Self::Jira | Self::PagerDuty | Self::GitHub | Self::SecurityHub => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_and_every_format_is_known() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.as_str()), Some(kind));
            assert!(!kind.proofs().is_empty());
            assert!(kind.format().is_none_or(|name| formats::foreign::Adapter::named(name).is_some()), "{kind:?}");
        }
        assert_eq!(Proof::ALL.map(|proof| Proof::named(proof.as_str())), Proof::ALL.map(Some));
        assert_eq!((Kind::named("slack"), Proof::named("")), (None, None));
    }
}
