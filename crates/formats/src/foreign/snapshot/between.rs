//! What became of one item between two snapshots?

use super::{
    Scope, Sighting, Stand, State,
    sighting::{asset_of, weakness_of},
};
use crate::{
    canonical::Outcome,
    field::Field,
    foreign::{Rule, Understood, clock::Moment, event::Event},
};
use domain::{event_name::EventName, time::Timestamp};

/// Where more than one open item in so many is gone at once, a person looks.
const VANISHED_ONE_IN: u64 = 5;

/// The beginning of the ids of all events that are made here.
const NAME: &str = "snapshot";

/// Two snapshots of one source, while their items are held against each other one by one.
#[derive(Clone, Copy)]
pub struct Between<'a> {
    /// What the present one covers, and when it was taken.
    pub scope: &'a Scope,
    /// When the one before was taken; none before the first.
    pub before: Option<Timestamp>,
    /// Rows of the present one of which nobody knows which item they speak of: while there is one, absence proves nothing.
    pub unread: u64,
    /// The last sighting on an asset of which the present one speaks; `Some(None)` where its rows carry no time of their own.
    pub looked: &'a dyn Fn(&str) -> Option<Option<Timestamp>>,
    /// Whether the present one speaks of the part of the source an item belongs to.
    pub covers: &'a dyn Fn(&Stand) -> bool,
    /// Whether an item that is gone seems to be there under another id.
    pub renamed: &'a dyn Fn(&str, &Stand) -> bool,
}

/// Whether so many of the open items are gone at once that a person looks first.
#[must_use]
pub const fn too_many_gone(gone: u64, open: u64) -> bool {
    gone.saturating_mul(VANISHED_ONE_IN) > open
}

/// What a weakness is known by apart from its id: its asset, what checks for it and when it was first seen. An item that is
/// gone and one that is new are the same under two ids where all three agree.
#[must_use]
pub fn likeness(item: &str, stand: &Stand) -> Option<String> {
    let asset = asset_of(item, stand.asset.as_deref())?;
    let weakness = weakness_of(item, stand.weakness.as_deref())?;
    Some(format!("{weakness}\n{asset}\n{}", stand.first?))
}

impl Between<'_> {
    /// Whether an item should be in the present snapshot: it was open, and lies within what is covered.
    #[must_use]
    pub fn expects(&self, item: &str, stand: &Stand) -> bool {
        stand.open && self.scope.covers(item, stand) && (self.covers)(stand)
    }

    /// Tells what became of an item, and gives what is known of it from now on.
    pub fn tell(
        &self,
        item: &str,
        known: Option<&Stand>,
        sighting: Option<&Sighting>,
        understood: &mut Understood,
    ) -> Option<Stand> {
        let Some(sighting) = sighting else {
            let stand = known?;
            let is_gone = self.expects(item, stand) && self.vanished(item, stand, understood);
            let ended = is_gone.then(|| self.scope.taken_at.seconds());
            let mut left = Stand { open: stand.open && !is_gone, ended: ended.or(stand.ended), ..stand.clone() };
            if is_gone {
                // Should it come back, what is said of it then is said of another spell.
                left.said.clear();
            }
            return Some(left);
        };
        match known {
            Some(stand) => self.stayed(item, stand, sighting, understood),
            None => self.appeared(item, sighting, understood),
        }
        let mut stand = sighting.stand(known);
        // What a row opened is open, though its end cannot be believed.
        stand.open |= known.is_none() && sighting.state == State::Doubtful && sighting.tells(&[EventName::Detected]);
        (known.is_some() || sighting.state != State::Doubtful || stand.open).then_some(stand)
    }

    /// Nobody knew of it.
    fn appeared(&self, item: &str, sighting: &Sighting, understood: &mut Understood) {
        if sighting.state != State::Open || sighting.tells(&[EventName::Detected]) {
            return;
        }
        let event = match sighting.first {
            // What describes it is of this snapshot, and another one may describe it otherwise.
            Some(first) => at(EventName::Detected, item, first).standing(Some(self.scope.taken_at)),
            None => self.inferred(EventName::Detected, item),
        };
        let event = self.by_scanner(event).maybe(Field::Severity, sighting.severity.map(|severity| severity.as_str()));
        let event = event.maybe(Field::Asset, sighting.asset.as_deref());
        let event = event.maybe(Field::Weakness, sighting.weakness.as_deref());
        understood.outcomes.push(event.maybe(Field::Owner, sighting.owner.as_deref()).outcome());
    }

    /// It was known, and is in the snapshot again.
    fn stayed(&self, item: &str, stand: &Stand, sighting: &Sighting, understood: &mut Understood) {
        match (stand.open, sighting.state) {
            (_, State::Doubtful) | (false, State::Closed) => {}
            (true, State::Open) => self.changed(item, stand, sighting, understood),
            (true, State::Closed) => self.ended(item, stand, sighting, understood),
            (false, State::Open) => self.again(item, stand, sighting, understood),
        }
    }

    /// It is still open: what about it is new?
    fn changed(&self, item: &str, stand: &Stand, sighting: &Sighting, understood: &mut Understood) {
        if let Some(last) = sighting.last.filter(|last| stand.last.is_some_and(|known| known < last.seconds()))
            && !sighting.tells(&[EventName::Seen])
        {
            understood.outcomes.push(self.by_scanner(at(EventName::Seen, item, last)).outcome());
        }
        self.described(item, stand, sighting, understood);
    }

    /// It is described otherwise than when it was last there.
    fn described(&self, item: &str, stand: &Stand, sighting: &Sighting, understood: &mut Understood) {
        let mut tell = |event: Event| understood.outcomes.push(event.outcome());
        if let (Some(was), Some(is)) = (stand.severity, sighting.severity)
            && was != is
            && !sighting.tells(&[EventName::SeverityChanged])
        {
            tell(self.inferred(EventName::SeverityChanged, item).text(Field::To, is.as_str()));
        }
        if let Some(owner) = sighting.owner.as_deref().filter(|owner| stand.owner.as_deref() != Some(*owner))
            && !sighting.tells(&[EventName::Assigned, EventName::Reassigned])
        {
            let name = if stand.owner.is_some() { EventName::Reassigned } else { EventName::Assigned };
            tell(self.inferred(name, item).text(Field::To, owner));
        }
        if let Some(status) = sighting.status.as_deref().filter(|status| stand.status.as_deref() != Some(*status))
            && let Some(name) = self.meaning(status).filter(|name| !sighting.tells(&[*name]))
        {
            tell(self.inferred(name, item).text(Field::RawStatus, status));
        }
    }

    /// The event a status word means, if it means one.
    fn meaning(&self, status: &str) -> Option<EventName> {
        let said = self.scope.statuses.iter().find(|(word, _)| word.eq_ignore_ascii_case(status));
        said.and_then(|(_, meant)| meant.parse().ok())
    }

    /// It was open and is over, and its rows may not say how.
    fn ended(&self, item: &str, stand: &Stand, sighting: &Sighting, understood: &mut Understood) {
        if sighting.tells_end() {
            return;
        }
        let Some(ended) = sighting.ended else {
            understood.meet(Rule::NoClosingDate, item);
            return understood.outcomes.push(self.inferred(EventName::Closed, item).outcome());
        };
        let last = stand.last.map(Timestamp::from_seconds).max(sighting.last);
        let since = last.or(self.before).unwrap_or(ended);
        let fix = Event::inferred(EventName::FixApplied, item, since, ended).id(NAME, item);
        understood.outcomes.push(fix.outcome());
        understood.outcomes.push(self.verified(item, ended));
    }

    /// It was over and is there again.
    fn again(&self, item: &str, stand: &Stand, sighting: &Sighting, understood: &mut Understood) {
        if !sighting.tells(&[EventName::Redetected, EventName::Reopened, EventName::VerificationFailed]) {
            understood.outcomes.push(self.redetected(item, stand, sighting));
            understood.meet_all(self.scope.takes_back.filter(|rule| was_taken_back(*rule, stand)), item);
        }
        self.described(item, stand, sighting, understood);
    }

    fn redetected(&self, item: &str, stand: &Stand, sighting: &Sighting) -> Outcome {
        let since = stand.ended.max(stand.last);
        let event = match sighting.last.filter(|last| since.is_some_and(|since| since < last.seconds())) {
            Some(last) => at(EventName::Redetected, item, last),
            None => self.inferred(EventName::Redetected, item),
        };
        self.by_scanner(event).outcome()
    }

    /// It was open, and the snapshot does not speak of it: whether that shows that it is gone.
    fn vanished(&self, item: &str, stand: &Stand, understood: &mut Understood) -> bool {
        if (self.renamed)(item, stand) {
            understood.meet(Rule::ItemRenamed, item);
            return false;
        }
        if !self.is_proven(item, stand) {
            understood.meet(Rule::AbsenceUnproven, item);
            return false;
        }
        understood.outcomes.push(self.inferred(EventName::FixApplied, item).outcome());
        understood.outcomes.push(self.verified(item, self.scope.taken_at));
        true
    }

    /// Whether absence shows that it is gone: looked for, on that asset, after it was last seen.
    fn is_proven(&self, item: &str, stand: &Stand) -> bool {
        let weakness = weakness_of(item, stand.weakness.as_deref());
        let is_checked = weakness.is_none_or(|weakness| !self.scope.inactive.contains(weakness));
        if !self.scope.complete || self.unread > 0 || !is_checked {
            return false;
        }
        let Some(asset) = asset_of(item, stand.asset.as_deref()) else { return false };
        // Rows without a time of their own are as new as their snapshot.
        let seen = (self.looked)(asset).map(|last| last.unwrap_or(self.scope.taken_at));
        let scanned = seen.max(self.scope.scanned.get(asset).copied());
        let since = stand.last.max(stand.first).map(Timestamp::from_seconds).or(self.before);
        scanned.is_some_and(|scanned| since.is_none_or(|since| since < scanned))
    }

    fn verified(&self, item: &str, moment: Timestamp) -> Outcome {
        self.by_scanner(at(EventName::Verified, item, moment)).text(Field::Method, "rescan").outcome()
    }

    /// It happened after the snapshot before, and by the present one; at the present one where there was none.
    fn inferred(&self, name: EventName, item: &str) -> Event {
        let after = self.before.unwrap_or(self.scope.taken_at);
        Event::inferred(name, item, after, self.scope.taken_at).id(NAME, item)
    }

    fn by_scanner(&self, event: Event) -> Event {
        event.maybe(Field::Actor, self.scope.scanner.as_deref()).text(Field::ActorType, "system")
    }
}

/// Whether a return takes back what the record said: of a finding that was archived, and was never resolved, nothing is.
fn was_taken_back(rule: Rule, stand: &Stand) -> bool {
    rule != Rule::WorkflowReset || stand.status.as_deref() == Some("RESOLVED")
}

fn at(name: EventName, item: &str, moment: Timestamp) -> Event {
    Event::new(name, item, &Moment::exact(moment)).id(NAME, item)
}
