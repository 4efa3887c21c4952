//! How do six dimensions fit into four bytes? Each row carries its own copy, so that a scan never jumps.
//!
//! A dimension with more words than its bits can number shares its last number among all later words; who asks for
//! one of those looks at the items themselves.

use crate::ledger::Actor;
use domain::{kind::Kind, severity::Severity};

/// Where a dimension lies: its lowest bit, and its largest number.
#[derive(Clone, Copy)]
struct Place {
    shift: u32,
    most: u32,
}

const TEAM: Place = Place { shift: 0, most: (1 << 12) - 1 };
const CLASS: Place = Place { shift: 12, most: (1 << 7) - 1 };
const SOURCE: Place = Place { shift: 19, most: (1 << 7) - 1 };
const KIND: Place = Place { shift: 26, most: (1 << 3) - 1 };
const SEVERITY: Place = Place { shift: 29, most: (1 << 2) - 1 };
const AGENT: Place = Place { shift: 31, most: 1 };

/// The dimensions of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Codes(pub(crate) u32);

impl Codes {
    /// What lies in a place.
    const fn get(self, place: Place) -> u32 {
        (self.0 >> place.shift) & place.most
    }

    fn with(self, place: Place, number: u32) -> Self {
        Self(self.0 | (number.min(place.most) << place.shift))
    }

    /// The dimensions of an item.
    pub(crate) fn of(words: WordNumbers, kind: Kind, severity: Severity, actor: Actor) -> Self {
        Self::default()
            .with(TEAM, words.team)
            .with(CLASS, words.class)
            .with(SOURCE, words.source)
            .with(KIND, kind_number(kind))
            .with(SEVERITY, u32::from(severity.code()))
            .with(AGENT, u32::from(actor == Actor::Agent))
    }

    /// The number of its team, or [`TEAM_MOST`] for all beyond.
    pub(crate) const fn team(self) -> u32 {
        self.get(TEAM)
    }

    /// The number of its asset class, or [`CLASS_MOST`] for all beyond.
    pub(crate) const fn class(self) -> u32 {
        self.get(CLASS)
    }

    /// The number of its source, or [`SOURCE_MOST`] for all beyond.
    pub(crate) const fn source(self) -> u32 {
        self.get(SOURCE)
    }

    /// The place of its kind in [`Kind::ALL`].
    pub(crate) const fn kind(self) -> u32 {
        self.get(KIND)
    }

    /// The code of its severity at detection.
    pub(crate) const fn severity(self) -> u32 {
        self.get(SEVERITY)
    }

    /// Whether an agent applied the fix or closed it.
    pub(crate) const fn agent(self) -> bool {
        self.get(AGENT) == 1
    }
}

/// The number that all later teams share.
pub(crate) const TEAM_MOST: u32 = TEAM.most;
/// The number that all later asset classes share.
pub(crate) const CLASS_MOST: u32 = CLASS.most;
/// The number that all later sources share.
pub(crate) const SOURCE_MOST: u32 = SOURCE.most;

/// The full numbers of the words of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordNumbers {
    pub(crate) team: u32,
    pub(crate) class: u32,
    pub(crate) source: u32,
}

impl WordNumbers {
    /// Whether one of them shares its place in the codes with others.
    pub(crate) const fn is_beyond(self) -> bool {
        self.team >= TEAM_MOST || self.class >= CLASS_MOST || self.source >= SOURCE_MOST
    }
}

/// The bits that must hold one value for kind, severity and actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fixed {
    mask: u32,
    value: u32,
}

impl Fixed {
    fn and(self, place: Place, number: u32) -> Self {
        Self { mask: self.mask | (place.most << place.shift), value: self.value | (number << place.shift) }
    }

    /// Asks for what is given and nothing else.
    pub(crate) fn of(kind: Option<Kind>, severity: Option<Severity>, agent: Option<bool>) -> Self {
        let fixed = kind.map_or(Self::default(), |kind| Self::default().and(KIND, kind_number(kind)));
        let fixed = severity.map_or(fixed, |severity| fixed.and(SEVERITY, u32::from(severity.code())));
        agent.map_or(fixed, |agent| fixed.and(AGENT, u32::from(agent)))
    }

    /// Whether a row has those values.
    pub(crate) const fn holds(self, codes: Codes) -> bool {
        codes.0 & self.mask == self.value
    }
}

fn kind_number(kind: Kind) -> u32 {
    let place = Kind::ALL.iter().position(|known| *known == kind);
    place.and_then(|place| u32::try_from(place).ok()).unwrap_or_default()
}
