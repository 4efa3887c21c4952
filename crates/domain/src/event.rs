//! One dated thing that happened to an item: as a reader of a format hands it over, and as the fold takes it.

use crate::{
    actor::ActorType,
    agent_action::{ActionDetails, ContextLayers},
    claim::Claim,
    event_name::EventName,
    reason_code::ReasonCode,
    severity::Severity,
    time::Timestamp,
};
use std::cmp::Ordering;

/// How sure the time of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The source recorded this moment.
    Observed,
    /// It follows exactly from recorded fields.
    Derived,
    /// Deduced from absence, order or "last changed".
    Inferred,
}

impl Certainty {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Derived => "derived",
            Self::Inferred => "inferred",
        }
    }
}

/// A severity field as it stood on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenSeverity {
    /// One of the four words.
    Known(Severity),
    /// Something else was written there.
    Unknown,
}

impl GivenSeverity {
    /// The severity, if it is one.
    #[must_use]
    pub const fn known(self) -> Option<Severity> {
        match self {
            Self::Known(severity) => Some(severity),
            Self::Unknown => None,
        }
    }
}

/// One event of an item, as the fold takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemEvent {
    /// The moment the fold uses: for an uncertain time the bound that cannot flatter.
    pub at: Timestamp,
    /// When we learnt of it.
    pub received_at: Timestamp,
    /// What happened.
    pub name: EventName,
    /// The source's own id; empty when it gave none.
    pub id: Box<str>,
    /// The canonical text of the line: settles the last ties of the order.
    pub canonical: Box<str>,
    /// A severity field, where one was written.
    pub severity: Option<GivenSeverity>,
    /// New severity, survivor, owner or role.
    pub to: Option<Box<str>>,
    /// What sort of weakness it is.
    pub kind: Option<Box<str>>,
    /// The team expected to fix it.
    pub team: Option<Box<str>>,
    /// The class of its asset.
    pub asset_class: Option<Box<str>>,
    /// An outside deadline, as text.
    pub kev_due: Option<Box<str>>,
    /// Who did it.
    pub actor: Option<Box<str>>,
    /// What the actor is.
    pub actor_type: Option<ActorType>,
    /// What else in the organisation it names.
    pub ties: EventTies,
    /// What it says of an agent's action; few events do.
    pub action: Option<Box<ActionDetails>>,
    /// What the ticket tool itself says with it; no clock looks at it.
    pub claim: Option<Box<Claim>>,
}

/// What an event names beside the item's clocks: they touch none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTies {
    /// The asset it sits on.
    pub asset: Option<Box<str>>,
    /// The rule, plugin or control that found it.
    pub weakness: Option<Box<str>>,
    /// The key of its ticket.
    pub ticket: Option<Box<str>>,
    /// The update that fixes it.
    pub patch: Option<Box<str>>,
    /// The playbook it was handled by.
    pub playbook: Option<Box<str>>,
    /// Techniques of attackers it belongs to.
    pub techniques: Vec<Box<str>>,
    /// The ids of public weaknesses it is one of.
    pub cves: Vec<Box<str>>,
    /// Whether the verification was a statement rather than a check.
    pub attested: bool,
    /// What ties one decision or one action of an agent together.
    pub reference: Option<Box<str>>,
    /// Why it waits.
    pub reason: Option<ReasonCode>,
    /// Layers of business context it names.
    pub context: ContextLayers,
}

impl ItemEvent {
    /// An event with a name and a moment, known when it happened, and nothing else.
    #[must_use]
    pub fn bare(name: EventName, at: Timestamp) -> Self {
        Self {
            at,
            received_at: at,
            name,
            id: Box::default(),
            canonical: Box::default(),
            severity: None,
            to: None,
            kind: None,
            team: None,
            asset_class: None,
            kev_due: None,
            actor: None,
            actor_type: None,
            ties: EventTies::default(),
            action: None,
            claim: None,
        }
    }

    /// The order of events: moment, place in the vocabulary, id, canonical text.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        (self.at, self.name, &self.id, &self.canonical).cmp(&(other.at, other.name, &other.id, &other.canonical))
    }
}
