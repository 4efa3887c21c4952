//! Which roles are there, and in which state may a membership be?

use std::str::FromStr;

use domain::time::Timestamp;

/// A word that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role `{0}`, expected owner, admin, ciso, analyst, drill_lead or board_viewer")]
pub struct UnknownRole(pub String);

/// What a person is in an organisation; one role each, and roles add nothing to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Holds everything, and is the only one to hold both definitions and accounts.
    Owner,
    /// Runs sources, tokens and people.
    Admin,
    /// Answers for the figures and their definitions.
    Ciso,
    /// Works items; with a team list, a lead of those teams.
    Analyst,
    /// Records drills.
    DrillLead,
    /// Reads figures and reports.
    BoardViewer,
}

impl Role {
    /// All roles.
    pub const ALL: &'static [Self] =
        &[Self::Owner, Self::Admin, Self::Ciso, Self::Analyst, Self::DrillLead, Self::BoardViewer];

    /// The word as it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Ciso => "ciso",
            Self::Analyst => "analyst",
            Self::DrillLead => "drill_lead",
            Self::BoardViewer => "board_viewer",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A word that names no state of a membership.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown membership state `{0}`")]
pub struct UnknownMembership(pub String);

/// Whether a person may act at all. Checked on each request: a role alone grants nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// May act.
    Active,
    /// Asked to join and has not yet.
    Invited,
    /// Switched off.
    Disabled,
}

impl Membership {
    /// The word as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }
}

impl FromStr for Membership {
    type Err = UnknownMembership;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Active, Self::Invited, Self::Disabled]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownMembership(text.to_owned()))
    }
}

/// What a person holds in an organisation at the moment of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The role.
    pub role: Role,
    /// Whether the person may act at all.
    pub membership: Membership,
    /// The teams that bound the person's reach; empty means the whole organisation.
    pub teams: Vec<String>,
    /// Until when the auditor grant holds, where there is one.
    pub auditor_until: Option<Timestamp>,
}

impl Standing {
    /// An active member of `role` without a team list or an auditor grant.
    #[must_use]
    pub const fn active(role: Role) -> Self {
        Self { role, membership: Membership::Active, teams: Vec::new(), auditor_until: None }
    }
}
