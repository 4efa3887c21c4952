//! Builders: small organisations told in days.

use domain::{
    actor::ActorType,
    agent_action::ActionDetails,
    calendar::Calendar,
    claim::{Claim, Verdict},
    event::{GivenSeverity, ItemEvent},
    event_name::EventName,
    fold::fold,
    policy::Policy,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use metrics::{
    ledger::{Frame, Ledger, LedgerItem},
    process::trace::Trace,
    survival::row::Row,
};
use std::sync::LazyLock;

pub(crate) static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::built_in().unwrap());
pub(crate) static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::of(&POLICY).unwrap());

/// Day 0 of the stories: a midnight.
const DAY_ZERO: i64 = 20_000;

pub(crate) fn at(day: i64) -> Timestamp {
    Timestamp::start_of_day(DAY_ZERO + day)
}

/// Watched from day 0 to `as_of`.
pub(crate) fn frame(as_of: i64) -> Frame<'static> {
    watched(0, as_of)
}

pub(crate) fn watched(from: i64, as_of: i64) -> Frame<'static> {
    let view = View { as_of: at(as_of), known_at: at(as_of), observed_from: at(from) };
    Frame { view, policy: &POLICY, calendar: &CALENDAR }
}

/// One item under construction: a critical weakness, whose clock counts every hour.
pub(crate) struct Item {
    id: &'static str,
    events: Vec<ItemEvent>,
}

pub(crate) fn item(id: &'static str) -> Item {
    Item { id, events: Vec::new() }
}

impl Item {
    /// `name` happens on `day`.
    pub(crate) fn on(mut self, day: i64, name: EventName) -> Self {
        let mut event = ItemEvent::bare(name, at(day));
        event.canonical = format!("{:03}", self.events.len()).into();
        if self.events.is_empty() {
            event.severity = Some(GivenSeverity::Known(Severity::Critical));
        }
        self.events.push(event);
        self
    }

    /// Changes the latest event.
    pub(crate) fn with(mut self, change: impl Fn(&mut ItemEvent)) -> Self {
        change(self.events.last_mut().unwrap());
        self
    }

    pub(crate) fn severity(self, severity: Severity) -> Self {
        self.with(|event| event.severity = Some(GivenSeverity::Known(severity)))
    }

    pub(crate) fn team(self, team: &'static str) -> Self {
        self.with(|event| event.team = Some(team.into()))
    }

    pub(crate) fn class(self, class: &'static str) -> Self {
        self.with(|event| event.asset_class = Some(class.into()))
    }

    pub(crate) fn due(self, day: i64) -> Self {
        self.with(|event| event.kev_due = Some(at(day).to_string().into()))
    }

    /// The ticket tool says so itself with the latest event.
    pub(crate) fn claims(self, verdict: Verdict) -> Self {
        self.with(|event| event.claim = Some(Box::new(Claim { verdict: Some(verdict), ..Claim::default() })))
    }

    pub(crate) fn weakness(self, weakness: &'static str) -> Self {
        self.with(|event| event.ties.weakness = Some(weakness.into()))
    }

    pub(crate) fn patch(self, patch: &'static str) -> Self {
        self.with(|event| event.ties.patch = Some(patch.into()))
    }

    pub(crate) fn asset(self, asset: &'static str) -> Self {
        self.with(|event| event.ties.asset = Some(asset.into()))
    }

    pub(crate) fn ticket(self, ticket: &'static str) -> Self {
        self.with(|event| event.ties.ticket = Some(ticket.into()))
    }

    pub(crate) fn by(self, actor: &'static str) -> Self {
        self.with(|event| event.actor = Some(actor.into()))
    }

    /// The latest event belongs to this action of an agent.
    pub(crate) fn act(self, reference: &'static str) -> Self {
        self.with(|event| event.ties.reference = Some(reference.into()))
    }

    /// Says something of an agent's action on the latest event.
    pub(crate) fn says(self, say: impl Fn(&mut ActionDetails)) -> Self {
        self.with(|event| say(event.action.get_or_insert_default()))
    }

    pub(crate) fn by_agent(self) -> Self {
        self.with(|event| event.actor_type = Some(ActorType::Agent))
    }

    pub(crate) fn trace(&self) -> Trace {
        Trace {
            names: self.events.iter().map(|event| event.name).collect(),
            moments: self.events.iter().map(|event| event.at).collect(),
            actors: self.events.iter().filter_map(|event| event.actor.clone()).collect(),
        }
    }

    pub(crate) fn build(self) -> LedgerItem {
        let facts = fold(self.events, &POLICY, &CALENDAR).unwrap();
        LedgerItem { key: None, id: self.id.into(), source: Some("scanner".into()), facts }
    }
}

/// Detected and ticketed on `start`, closed and verified on `end`.
pub(crate) fn straight(id: &'static str, start: i64, end: i64) -> Item {
    found(id, start).on(end, EventName::Closed).on(end, EventName::Verified)
}

/// Detected and ticketed on `start`.
pub(crate) fn found(id: &'static str, start: i64) -> Item {
    item(id).on(start, EventName::Detected).on(start, EventName::Ticketed)
}

/// The ten items of the worked example, seen on day 100.
pub(crate) fn ten_items() -> Ledger {
    Ledger::new(ten_stories().map(Item::build).into())
}

/// Their events.
pub(crate) fn ten_stories() -> [Item; 10] {
    use EventName::{Closed, Detected, ExceptionGranted, Paused, Resumed, Seen, Ticketed, Verified};
    use Verdict::{Breached, Met, Running};
    [
        item("a").on(10, Detected).due(15).on(10, Ticketed).on(12, Closed).claims(Met).on(12, Verified),
        item("b").on(10, Detected).due(11).on(10, Ticketed).on(13, Closed).claims(Met).on(13, Verified),
        straight("c", 10, 15),
        found("d", 10).on(12, Paused).on(14, Resumed).on(18, Closed).claims(Met).on(18, Verified),
        item("e").on(10, Detected).on(14, Ticketed).on(22, Closed).on(22, Verified),
        found("f", 80).claims(Running),
        found("g", 70),
        found("h", 60).on(65, ExceptionGranted),
        found("i", 40).on(45, Closed).claims(Breached),
        item("j").on(10, Seen),
    ]
}

pub(crate) const fn days(days: i64) -> i64 {
    days * DAY_SECONDS
}

/// Ended after so many days, watched from the start.
pub(crate) const fn ended(age: i64) -> Row {
    Row { entry: 0, exit: days(age), ended: true }
}

/// Still open after so many days, watched from the start.
pub(crate) const fn open(age: i64) -> Row {
    Row { entry: 0, exit: days(age), ended: false }
}

/// The rows of methods.md 2.7.
pub(crate) const TEN_ROWS: [Row; 10] =
    [ended(2), ended(3), ended(5), ended(8), ended(12), open(20), open(30), open(40), open(60), open(90)];

#[track_caller]
pub(crate) fn assert_close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-12_f64.max(1e-12 * want.abs()), "got {got}, expected {want}");
}
