//! Which events does the difference of two snapshots show?

use super::{Scope, Sighting, Snapshot, Stand, Standing, State, sighting::asset_of};
use crate::{
    canonical::Outcome,
    field::Field,
    foreign::{Rule, Understood, clock::Moment, event::Event},
    held::{Fault, Held},
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};

/// Where more than one open item in so many is gone at once, a person looks.
const VANISHED_ONE_IN: usize = 5;

/// The beginning of the ids of all events that are made here.
const NAME: &str = "snapshot";

/// What a comparison gave.
#[derive(Debug, PartialEq)]
pub struct Compared {
    /// The events, and the rules that were met; or one held line where too much is gone.
    pub understood: Understood,
    /// What is left behind for the next snapshot. It is that of before where nothing was concluded.
    pub standing: Standing,
}

/// Compares a snapshot with what the one before left behind.
///
/// An event that a row of the snapshot tells by itself is not told again. Absence says something only in a snapshot that is
/// complete, has no row that could not be read, and shows that the asset was scanned since; else it is flagged.
#[must_use]
pub fn compare(previous: &Standing, present: &Snapshot, scope: &Scope) -> Compared {
    let mut understood = Understood::default();
    let before = previous.taken_at.map(Timestamp::from_seconds);
    if before.is_some_and(|before| scope.taken_at < before) {
        understood.quiet("a snapshot older than the one before");
        return Compared { understood, standing: previous.clone() };
    }
    if let Some(held) = mass_absence(previous, present, scope) {
        understood.meet(Rule::MassAbsence, held.faults.first().map_or("", |fault| fault.detail.as_str()));
        understood.outcomes.push(Outcome::Held(held));
        return Compared { understood, standing: previous.clone() };
    }
    let mut standing = Standing { taken_at: Some(scope.taken_at.seconds()), items: previous.items.clone() };
    let between = Between { scope, present, before, after: before.unwrap_or(scope.taken_at) };
    for (item, stand) in &previous.items {
        match present.sightings.get(item) {
            Some(sighting) => between.stayed(item, stand, sighting, &mut understood),
            None if stand.open && scope.covers(item, stand) => {
                between.vanished(item, stand, &mut standing, &mut understood)
            }
            None => {}
        }
    }
    for (item, sighting) in &present.sightings {
        let known = previous.items.get(item);
        if known.is_none() {
            between.appeared(item, sighting, &mut understood);
        }
        let mut stand = sighting.stand(known);
        // What a row opened is open, though its end cannot be believed.
        stand.open |= known.is_none() && sighting.state == State::Doubtful && sighting.tells(&[EventName::Detected]);
        if known.is_some() || sighting.state != State::Doubtful || stand.open {
            standing.items.insert(item.clone(), stand);
        }
    }
    Compared { understood, standing }
}

/// Too much is gone at once from a snapshot that claims to state everything.
fn mass_absence(previous: &Standing, present: &Snapshot, scope: &Scope) -> Option<Held> {
    if !scope.complete || scope.mass_absence_taken {
        return None;
    }
    let open = previous.items.iter().filter(|(item, stand)| stand.open && scope.covers(item, stand));
    let open: Vec<&String> = open.map(|(item, _)| item).collect();
    let gone = open.iter().filter(|item| !present.sightings.contains_key(**item)).count();
    if gone.saturating_mul(VANISHED_ONE_IN) <= open.len() {
        return None;
    }
    let detail = format!("{gone} of {} open items are gone at once", open.len());
    let fault = Fault::whole(Reason::MassAbsence, detail);
    Some(Held::because(fault.hint("look whether the export was whole; if it was, take it as it is")))
}

/// The time between two snapshots, and what is known at its end.
struct Between<'a> {
    scope: &'a Scope,
    present: &'a Snapshot,
    before: Option<Timestamp>,
    /// The snapshot before; the present one where there was none.
    after: Timestamp,
}

impl Between<'_> {
    /// Nobody knew of it.
    fn appeared(&self, item: &str, sighting: &Sighting, understood: &mut Understood) {
        if sighting.state != State::Open || sighting.tells(&[EventName::Detected]) {
            return;
        }
        let event = match sighting.first {
            Some(first) => at(EventName::Detected, item, first),
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
        let mut tell = |event: Event| understood.outcomes.push(event.outcome());
        if let Some(last) = sighting.last.filter(|last| stand.last.is_some_and(|known| known < last.seconds()))
            && !sighting.tells(&[EventName::Seen])
        {
            tell(self.by_scanner(at(EventName::Seen, item, last)));
        }
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
        if sighting.tells(&[EventName::Redetected, EventName::Reopened, EventName::VerificationFailed]) {
            return;
        }
        let since = stand.ended.max(stand.last);
        let event = match sighting.last.filter(|last| since.is_some_and(|since| since < last.seconds())) {
            Some(last) => at(EventName::Redetected, item, last),
            None => self.inferred(EventName::Redetected, item),
        };
        understood.outcomes.push(self.by_scanner(event).outcome());
    }

    /// It was open, and the snapshot does not speak of it.
    fn vanished(&self, item: &str, stand: &Stand, standing: &mut Standing, understood: &mut Understood) {
        if !self.is_proven(item, stand) {
            return understood.meet(Rule::AbsenceUnproven, item);
        }
        understood.outcomes.push(self.inferred(EventName::FixApplied, item).outcome());
        understood.outcomes.push(self.verified(item, self.scope.taken_at));
        if let Some(left) = standing.items.get_mut(item) {
            left.open = false;
            left.ended = Some(self.scope.taken_at.seconds());
        }
    }

    /// Whether absence shows that it is gone: looked for, on that asset, after it was last seen.
    fn is_proven(&self, item: &str, stand: &Stand) -> bool {
        let is_checked = stand.weakness.as_ref().is_none_or(|weakness| !self.scope.inactive.contains(weakness));
        if !self.scope.complete || self.present.unread > 0 || !is_checked {
            return false;
        }
        let Some(asset) = asset_of(item, stand.asset.as_deref()) else { return false };
        // Rows without a time of their own are as new as their snapshot.
        let seen = self.present.assets.get(asset).map(|last| last.unwrap_or(self.scope.taken_at));
        let scanned = seen.max(self.scope.scanned.get(asset).copied());
        let since = stand.last.max(stand.first).map(Timestamp::from_seconds).or(self.before);
        scanned.is_some_and(|scanned| since.is_none_or(|since| since < scanned))
    }

    fn verified(&self, item: &str, moment: Timestamp) -> Outcome {
        self.by_scanner(at(EventName::Verified, item, moment)).text(Field::Method, "rescan").outcome()
    }

    /// It happened after the snapshot before, and by the present one.
    fn inferred(&self, name: EventName, item: &str) -> Event {
        Event::inferred(name, item, self.after, self.scope.taken_at).id(NAME, item)
    }

    fn by_scanner(&self, event: Event) -> Event {
        event.maybe(Field::Actor, self.scope.scanner.as_deref()).text(Field::ActorType, "system")
    }
}

fn at(name: EventName, item: &str, moment: Timestamp) -> Event {
    Event::new(name, item, &Moment::exact(moment)).id(NAME, item)
}
