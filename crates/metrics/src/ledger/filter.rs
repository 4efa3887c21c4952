//! What narrows a view? Each field that is given must hold; a field that is absent asks nothing.

use super::{Frame, ItemSet, LedgerItem};
use crate::flow::{self, age_bands::AgeBand};
use domain::{fact::ItemFacts, kind::Kind, label::Label, severity::Severity, time::Timestamp, view::Verification};

/// Whether the latest episode of an item is over, in the mode of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemState {
    /// Its last episode is open, and so is its ticket, if it has one.
    Open,
    /// Shut by a ticket, and nobody checked.
    ClosedUnverified,
    /// Its last episode is over.
    Ended,
}

/// Who applied the fix or closed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// No agent.
    Human,
    /// An agent did at least one of the two.
    Agent,
}

/// What narrows a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Strict or lenient: decides what is open.
    pub mode: Verification,
    /// The team, as written; the empty text asks for items without one.
    pub team: Option<String>,
    /// Severity at detection.
    pub severity: Option<Severity>,
    /// What sort of weakness.
    pub kind: Option<Kind>,
    /// The source that first told of it.
    pub source: Option<String>,
    /// The class of the asset.
    pub asset_class: Option<String>,
    /// A technique of attackers that was named for it, by its id.
    pub technique: Option<String>,
    /// The playbook it is handled by; the empty text asks for items without one.
    pub playbook: Option<String>,
    /// Who applied the fix or closed it.
    pub actor: Option<Actor>,
    /// Whether it is still there.
    pub state: Option<ItemState>,
    /// Items with at least one second under this label.
    pub label: Option<Label>,
    /// Open items of this age.
    pub age: Option<AgeBand>,
    /// The items behind one figure.
    pub set: Option<ItemSet>,
    /// Text in the id, the team, the kind or the class, whatever its case.
    pub text: Option<String>,
    /// Detected at or after this moment.
    pub detected_from: Option<Timestamp>,
    /// Detected before this moment.
    pub detected_before: Option<Timestamp>,
    /// Only these teams, whatever else is asked: how far the reader may see.
    pub teams_allowed: Option<Vec<String>>,
}

impl Default for Filter {
    /// Everything, strict.
    fn default() -> Self {
        Self {
            mode: Verification::Strict,
            team: None,
            severity: None,
            kind: None,
            source: None,
            asset_class: None,
            technique: None,
            playbook: None,
            actor: None,
            state: None,
            label: None,
            age: None,
            set: None,
            text: None,
            detected_from: None,
            detected_before: None,
            teams_allowed: None,
        }
    }
}

impl Filter {
    /// Whether an item passes.
    #[must_use]
    pub fn keeps(&self, item: &LedgerItem, frame: &Frame<'_>) -> bool {
        self.keeps_facts(&item.facts)
            && is_or_unasked(self.source.as_ref(), item.source.as_deref())
            && self.text.as_deref().is_none_or(|text| mentions(item, text))
            && self.state.is_none_or(|state| state == state_of(&item.facts, self.mode))
            && self.keeps_by_time(&item.facts, frame)
            && self.set.is_none_or(|set| set.holds(&item.facts, frame, self.mode))
    }

    fn keeps_facts(&self, facts: &ItemFacts) -> bool {
        let team = facts.team.as_deref();
        let is_allowed = |teams: &Vec<String>| teams.iter().any(|own| Some(own.as_str()) == team);
        self.teams_allowed.as_ref().is_none_or(is_allowed)
            && is_or_unasked(self.team.as_ref(), team)
            && self.severity.is_none_or(|severity| severity == facts.severity_at_detection())
            && self.kind.is_none_or(|kind| kind == kind_of(facts))
            && is_or_unasked(self.asset_class.as_ref(), facts.asset_class.as_deref())
            && self.technique.as_deref().is_none_or(|wanted| has_technique(&facts.ties.techniques, wanted))
            && is_or_unasked(self.playbook.as_ref(), facts.ties.playbook.as_deref())
            && self.actor.is_none_or(|actor| actor == actor_of(facts))
            && self.detected_from.is_none_or(|from| facts.origin >= from)
            && self.detected_before.is_none_or(|before| facts.origin < before)
    }

    fn keeps_by_time(&self, facts: &ItemFacts, frame: &Frame<'_>) -> bool {
        let seconds = |label| facts.labels(frame.view.as_of, self.mode, frame.calendar).get(label);
        let age = || flow::open_age(facts, &frame.view, self.mode);
        self.label.is_none_or(|label| seconds(label) > 0)
            && self.age.is_none_or(|band| age().is_some_and(|age| band.holds(age)))
    }
}

/// An absent field of the filter asks nothing; the empty text asks for an absent field of the item.
pub(crate) fn is_or_unasked(wanted: Option<&String>, given: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| wanted == given.unwrap_or_default())
}

/// A technique stands for its sub-techniques too: `T1078` finds what was told as `T1078.004`.
pub(crate) fn has_technique(techniques: &[Box<str>], wanted: &str) -> bool {
    let is_it = |told: &str| told.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    techniques.iter().any(|told| is_it(told))
}

/// The kind of an item; feeds that say nothing or something unknown mean a vulnerability.
#[must_use]
pub fn kind_of(facts: &ItemFacts) -> Kind {
    facts.kind.as_deref().and_then(|word| word.parse().ok()).unwrap_or(Kind::Vulnerability)
}

/// Who applied the fix or closed an item.
#[must_use]
pub const fn actor_of(facts: &ItemFacts) -> Actor {
    if facts.agent { Actor::Agent } else { Actor::Human }
}

/// Whether an item is still there.
#[must_use]
pub fn state_of(facts: &ItemFacts, mode: Verification) -> ItemState {
    match (flow::open_episode(facts, mode), facts.standing_close) {
        (Some(_), Some(_)) => ItemState::ClosedUnverified,
        (Some(_), None) => ItemState::Open,
        (None, _) => ItemState::Ended,
    }
}

fn mentions(item: &LedgerItem, text: &str) -> bool {
    let wanted = text.to_lowercase();
    let facts = &item.facts;
    let places = [Some(&item.id), facts.team.as_ref(), facts.kind.as_ref(), facts.asset_class.as_ref()];
    places.into_iter().flatten().any(|place| place.to_lowercase().contains(&wanted))
}
