//! What changed between two rows of an incident? The table has a row for each change, in any order.

use super::{
    super::{
        Rule, Understood,
        clock::Moment,
        severity::Meant,
        story::{Phase, Story, When},
    },
    ADAPTER, Ending, Microsoft, phase_of, severity_of,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event::Certainty, event_name::EventName, kind::Kind, quarantine::Reason, time::Timestamp};

/// The rows of one incident so far, from the oldest to the newest.
pub(super) struct Log {
    created: Timestamp,
    points: Vec<Point>,
}

/// An incident as one row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Point {
    at: Timestamp,
    phase: Option<Phase>,
    closed: Option<Timestamp>,
    ending: Ending,
    severity: Option<Meant>,
    owner: Option<Box<str>>,
    actor: Option<Box<str>>,
}

pub(super) fn translate(microsoft: &mut Microsoft, value: &Value<'_>, understood: &mut Understood) {
    let id = value.word_at(&["IncidentName"]).or_else(|| value.word_at(&["IncidentNumber"])).unwrap_or_default();
    let clock = microsoft.clock.clone();
    let mut story = Story::of(ADAPTER.name, &clock, &id, understood);
    let Some(created) = story.time(value, &["CreatedTime"]) else {
        if value.word_at(&["CreatedTime"]).is_none() {
            story.hold(Fault::of("CreatedTime", Reason::MissingField, "no `CreatedTime`".to_owned()));
        }
        return;
    };
    let word = value.word_at(&["Severity"]);
    let severity = word.as_deref().map(|word| severity_of(&microsoft.settings, word));
    let known = microsoft.logs.contains_key(&id);
    if !known {
        open(&mut story, value, &created, severity, word.as_deref());
    }
    if !known && severity == Some(Meant::Below) {
        return;
    }
    microsoft.logs.entry(id.clone()).or_insert(Log { created: created.at, points: Vec::new() });
    let Some(point) = Point::of(microsoft, &mut story, value, &created, severity) else { return };
    if let Some(log) = microsoft.logs.get_mut(&id) {
        log.add(&mut story, point);
    }
    story.understood.quiet_unless_told();
}

/// What the oldest row of each incident shows; only the end of the file says which it is.
pub(super) fn finish(microsoft: &Microsoft, understood: &mut Understood) {
    for (id, log) in &microsoft.logs {
        let mut story = Story::of(ADAPTER.name, &microsoft.clock, id, understood);
        if let Some(oldest) = log.points.first() {
            beginning(&mut story, oldest, log.created);
        }
    }
}

fn open(story: &mut Story<'_>, value: &Value<'_>, created: &Moment, severity: Option<Meant>, word: Option<&str>) {
    let (first, last) = (story.time(value, &["FirstActivityTime"]), story.time(value, &["LastActivityTime"]));
    let first = first.map(|first| story.in_order(first, last).0).filter(|first| first.at < created.at);
    let shown = story.as_of(value, &["LastModifiedTime"]);
    let detected = match first {
        Some(first) => story.event_at(EventName::Detected, &first).sure(Certainty::Derived),
        None => story.event_at(EventName::Detected, created),
    };
    let event = detected
        .text(Field::ActorType, "system")
        .text(Field::Kind, Kind::Incident.as_str())
        .maybe(Field::Severity, severity.and_then(Meant::as_word))
        .maybe(Field::RawSeverity, word)
        .list(Field::Technique, &value.texts_at(&["AdditionalData", "techniques"]))
        .standing(shown);
    story.tell(event);
    if severity != Some(Meant::Below) {
        story.tell(story.event_at(EventName::Ticketed, created));
    }
}

impl Point {
    fn of(
        microsoft: &Microsoft,
        story: &mut Story<'_>,
        value: &Value<'_>,
        created: &Moment,
        severity: Option<Meant>,
    ) -> Option<Self> {
        let modified = story.time(value, &["LastModifiedTime"]);
        let word = value.word_at(&["Status"]).unwrap_or_default();
        let Some(at) = modified.or_else(|| story.time(value, &["TimeGenerated"])) else {
            story.undated("LastModifiedTime", &word);
            return None;
        };
        let at = at.at.max(created.at);
        if let Some(name) = microsoft.settings.event_of(&word) {
            story.tell(story.event_at(name, &Moment::exact(at)).text(Field::RawStatus, &word));
        } else if phase_of(&word).is_none() {
            story.unknown_status(&word);
        }
        let closed = story.time(value, &["ClosedTime"]);
        if closed.is_some_and(|closed| !story.ends_after("ClosedTime", created, &closed)) {
            return None;
        }
        let owner = ["userPrincipalName", "email", "assignedTo"];
        let owner = owner.iter().find_map(|key| value.word_at(&["Owner", key]));
        Some(Self {
            at,
            phase: phase_of(&word),
            closed: closed.map(|closed| closed.at),
            ending: Ending::of(value.text_at(&["Classification"])),
            severity,
            owner: owner.map(Into::into),
            actor: value.text_at(&["ModifiedBy"]).map(Into::into),
        })
    }
}

impl Log {
    /// Puts a row in its place and tells what it changed, and what changed after it.
    fn add(&mut self, story: &mut Story<'_>, point: Point) {
        let place = self.points.partition_point(|known| known.at <= point.at);
        let before = place.checked_sub(1).and_then(|last| self.points.get(last));
        let after = self.points.get(place);
        if let Some(before) = before {
            change(story, before, &point, &[]);
        }
        if let Some(after) = after {
            story.meet(Rule::NewestFirst);
            // What the later row told when another row came before it is not told again.
            let told = before.map_or_else(Vec::new, |before| steps(before, after));
            change(story, &point, after, &told);
        }
        self.points.insert(place, point);
    }
}

fn steps(before: &Point, after: &Point) -> Vec<EventName> {
    after.phase.map_or_else(Vec::new, |phase| Phase::steps(before.phase, phase, EventName::Reopened))
}

/// The oldest row known: what it shows came about since the creation.
fn beginning(story: &mut Story<'_>, point: &Point, created: Timestamp) {
    let when = When::Between(created, point.at);
    if let Some(owner) = point.owner.as_deref() {
        story.tell(story.event(EventName::Assigned, &when).text(Field::To, owner));
    }
    match (point.phase, point.closed) {
        (Some(Phase::Closed), _) => close(story, point),
        (Some(Phase::New | Phase::Working), Some(closed)) => {
            // Open again: the table keeps only the last close, and not who closed it.
            story.meet(Rule::ClosedTimeIsLast);
            story.tell(story.event_at(EventName::Closed, &Moment::exact(closed)).standing(None));
            story.tell(story.event(EventName::Reopened, &When::Between(closed, point.at.max(closed))));
        }
        (Some(Phase::Working), None) => story.tell(story.event(EventName::Triaged, &when)),
        _ => {}
    }
}

/// What differs between two rows happened when the later one was written.
fn change(story: &mut Story<'_>, before: &Point, after: &Point, told: &[EventName]) {
    let at = When::At(Moment::exact(after.at));
    let by = |event: super::super::event::Event| {
        let person = after.actor.as_deref().is_none_or(|actor| actor.contains('@'));
        event.maybe(Field::Actor, after.actor.as_deref()).maybe(Field::ActorType, (!person).then_some("system"))
    };
    if after.owner.is_some() && after.owner != before.owner {
        let name = if before.owner.is_some() { EventName::Reassigned } else { EventName::Assigned };
        story.tell(by(story.event(name, &at).maybe(Field::To, after.owner.as_deref())));
    }
    if let Some(word) = after.severity.filter(|_| after.severity != before.severity).and_then(Meant::as_word) {
        story.tell(by(story.event(EventName::SeverityChanged, &at).text(Field::To, word)));
    }
    for name in steps(before, after).into_iter().filter(|name| !told.contains(name)) {
        if name == EventName::Closed {
            close(story, after);
            continue;
        }
        if name == EventName::Reopened {
            story.meet(Rule::ClosedTimeIsLast);
        }
        story.tell(by(story.event(name, &at)));
    }
}

fn close(story: &mut Story<'_>, point: &Point) {
    let at = Moment::exact(point.closed.unwrap_or(point.at));
    let person = point.actor.as_deref().is_none_or(|actor| actor.contains('@'));
    let event = story
        .event_at(point.ending.event(), &at)
        .maybe(Field::ReasonCode, point.ending.reason_code())
        .maybe(Field::Actor, point.actor.as_deref())
        .maybe(Field::ActorType, (!person).then_some("system"));
    story.tell(event);
}
