//! What does a snapshot say of each item? Gathered from what was understood of its rows, in whatever order they stand.

use super::Stand;
use crate::{
    canonical::{Draft, Outcome},
    foreign::{Rule, Understood},
    json::{self, Rules},
};
use domain::{event_name::EventName, severity::Severity, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What a snapshot says of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// Whether it is there.
    pub state: State,
    /// When it was first seen.
    pub first: Option<Timestamp>,
    /// When it was last seen.
    pub last: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Who owns it.
    pub owner: Option<String>,
    /// The status in the source's own word.
    pub status: Option<String>,
    /// The asset it lies on.
    pub asset: Option<String>,
    /// What checks for it.
    pub weakness: Option<String>,
    /// The part of the source it belongs to, where a file covers some parts only.
    pub part: Option<String>,
    /// What its rows say without a date of its own, as whoever reads them numbers it.
    pub said: BTreeSet<u64>,
    /// Events that its rows tell by themselves.
    pub told: BTreeSet<EventName>,
}

/// Whether an item is there. Of two rows about one item the one that says so counts: closing must not flatter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It ended.
    #[default]
    Closed,
    /// A row speaks of it, and not all of that can be believed: nothing is concluded.
    Doubtful,
    /// It is there.
    Open,
}

/// What a snapshot says of all its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By item.
    pub sightings: BTreeMap<String, Sighting>,
    /// Rows of which nobody knows which item they speak of: while there is one, absence proves nothing.
    pub unread: u64,
    /// What nobody checks for any more, as its rows say themselves.
    pub inactive: BTreeSet<String>,
    /// The last sighting on each asset; `None` where its rows carry no time of their own.
    pub(super) assets: BTreeMap<String, Option<Timestamp>>,
}

/// What says that an item is over.
const ENDS: [EventName; 5] = [
    EventName::FixApplied,
    EventName::Closed,
    EventName::Verified,
    EventName::Decommissioned,
    EventName::FalsePositive,
];

/// What says that it is there again.
const AGAIN: [EventName; 3] = [EventName::Redetected, EventName::Reopened, EventName::VerificationFailed];

impl Snapshot {
    /// Takes in what was understood of one row, whatever its format.
    pub fn add(&mut self, understood: &Understood) {
        self.add_of(understood, None);
    }

    /// The same of a row that belongs to a part of the source.
    pub fn add_of(&mut self, understood: &Understood, part: Option<&str>) {
        let mut found: BTreeMap<&str, Sighting> = BTreeMap::new();
        let mut is_held = false;
        for outcome in &understood.outcomes {
            match outcome {
                Outcome::Event(draft) => found.entry(&draft.item_id).or_default().learn(draft),
                Outcome::Held(_) => is_held = true,
            }
        }
        for item in &understood.items {
            found.entry(item).or_default();
        }
        if found.is_empty() {
            self.unread = self.unread.saturating_add(u64::from(is_held));
        }
        let doubts = [Rule::StatusUnknown, Rule::NoClosingDate];
        let is_doubtful = is_held || understood.met.iter().any(|(rule, _)| doubts.contains(rule));
        let is_switched_off = understood.met.iter().any(|(rule, _)| *rule == Rule::ClosedCheckDisabled);
        for (item, mut sighting) in found {
            if is_switched_off {
                self.inactive.extend(weakness_of(item, sighting.weakness.as_deref()).map(str::to_owned));
            }
            sighting.state = if is_doubtful { State::Doubtful } else { sighting.state_told() };
            sighting.part = part.map(str::to_owned);
            self.see(item, sighting);
        }
    }

    /// The last sighting on each asset; nothing where its rows carry no time of their own.
    pub fn assets(&self) -> impl Iterator<Item = (&str, Option<Timestamp>)> {
        self.assets.iter().map(|(asset, last)| (asset.as_str(), *last))
    }

    /// Takes in what is known of one item.
    pub fn see(&mut self, item: &str, sighting: Sighting) {
        if let Some(asset) = asset_of(item, sighting.asset.as_deref()) {
            let looked = sighting.last.max(sighting.ended);
            let known = self.assets.entry(asset.to_owned()).or_insert(looked);
            *known = (*known).max(looked);
        }
        match self.sightings.get_mut(item) {
            Some(known) => known.join(sighting),
            None => {
                self.sightings.insert(item.to_owned(), sighting);
            }
        }
    }
}

/// What checks for an item; where nothing is named, what stands before the `@`.
pub(super) fn weakness_of<'a>(item: &'a str, weakness: Option<&'a str>) -> Option<&'a str> {
    weakness.or_else(|| item.rsplit_once('@').map(|(weakness, _)| weakness))
}

/// The asset of an item; where none is named, what stands behind the `@`.
pub(super) fn asset_of<'a>(item: &'a str, asset: Option<&'a str>) -> Option<&'a str> {
    asset.or_else(|| item.rsplit_once('@').map(|(_, asset)| asset))
}

impl Sighting {
    fn learn(&mut self, draft: &Draft) {
        let at = draft.fold_at();
        self.told.insert(draft.name);
        if ENDS.contains(&draft.name) {
            self.ended = self.ended.max(Some(at));
        } else if draft.name == EventName::Detected {
            self.first = earlier(self.first, Some(draft.at));
            self.last = self.last.max(Some(draft.at));
        } else if draft.name == EventName::Seen || AGAIN.contains(&draft.name) {
            self.last = self.last.max(Some(draft.at));
        }
        // A canonical text is JSON, since it was written here.
        let Ok(said) = json::value(&draft.canonical, Rules::STORED) else { return };
        let text = |field: &str| said.text_at(&[field]).map(str::to_owned);
        let changed = (draft.name == EventName::SeverityChanged).then(|| text("to")).flatten();
        if let Some(severity) = changed.and_then(|word| word.parse().ok()) {
            self.severity = Some(severity);
        } else if !self.told.contains(&EventName::SeverityChanged) {
            self.severity = self.severity.or_else(|| text("severity")?.parse().ok());
        }
        self.owner = self.owner.take().or_else(|| text("owner"));
        self.status = self.status.take().or_else(|| text("raw_status"));
        self.asset = self.asset.take().or_else(|| text("asset"));
        self.weakness = self.weakness.take().or_else(|| text("weakness"));
    }

    /// Whether it is there, by the events its row tells: an end counts unless it was seen after that.
    fn state_told(&self) -> State {
        let again = self.told.iter().any(|name| AGAIN.contains(name));
        match self.ended {
            Some(ended) if !(again && self.last > Some(ended)) => State::Closed,
            Some(_) | None => State::Open,
        }
    }

    /// Joins what two rows say of one item, whichever comes first.
    pub fn join(&mut self, other: Self) {
        self.state = self.state.max(other.state);
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
        self.ended = self.ended.max(other.ended);
        self.severity = smaller(self.severity, other.severity);
        self.owner = smaller(self.owner.take(), other.owner);
        self.status = smaller(self.status.take(), other.status);
        self.asset = smaller(self.asset.take(), other.asset);
        self.weakness = smaller(self.weakness.take(), other.weakness);
        self.part = smaller(self.part.take(), other.part);
        self.said.extend(other.said);
        self.told.extend(other.told);
    }

    /// What stays of it, with what was known before.
    #[must_use]
    pub fn stand(&self, before: Option<&Stand>) -> Stand {
        let seconds = |moment: Option<Timestamp>| moment.map(Timestamp::seconds);
        let before = before.cloned().unwrap_or_default();
        let mut said = self.said.clone();
        if self.state == State::Doubtful {
            said.extend(before.said);
        }
        Stand {
            open: if self.state == State::Doubtful { before.open } else { self.state == State::Open },
            first: smaller(seconds(self.first), before.first),
            last: seconds(self.last).max(before.last),
            ended: seconds(self.ended).max(before.ended),
            severity: self.severity.or(before.severity),
            owner: self.owner.clone().or(before.owner),
            status: self.status.clone().or(before.status),
            asset: self.asset.clone().or(before.asset),
            weakness: self.weakness.clone().or(before.weakness),
            part: self.part.clone().or(before.part),
            said,
        }
    }

    /// Whether its rows tell one of these.
    pub(super) fn tells(&self, names: &[EventName]) -> bool {
        names.iter().any(|name| self.told.contains(name))
    }

    /// Whether its rows tell how it ended.
    pub(super) fn tells_end(&self) -> bool {
        self.tells(&ENDS)
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    smaller(one, other)
}

/// The smaller of two where both are there; `None` is nothing, not the least.
fn smaller<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
