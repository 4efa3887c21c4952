//! How does an event say everything that its record says beside what happened?

use super::{
    ADAPTER, Plan,
    report::Report,
    state::is_vulnerable_item,
    update::{Update, Verdict},
};
use crate::{
    field::Field,
    foreign::{clock::Moment, event::Event},
};
use domain::{event::Certainty, event_name::EventName, kind::Kind, time::Timestamp};

/// What every event of one record carries.
pub(super) struct Facts<'a> {
    plan: &'a Plan,
    number: &'a str,
    item: &'a str,
    native: String,
    actor: Option<&'a str>,
    status: Option<&'a str>,
    team: Option<&'a str>,
    verdict: Option<Verdict>,
    due: Option<Timestamp>,
    seconds: Option<u64>,
    /// Whether its record only shows how it stands, so that the next export may say something else.
    is_standing: bool,
    /// Whether its time was moved to keep updates in their order.
    pub(super) is_moved: bool,
    /// Whether an event was given, and whether one of them carries the verdict.
    pub(super) has_news: bool,
    pub(super) has_told: bool,
}

impl<'a> Facts<'a> {
    /// Those of a row.
    pub(super) fn of(update: &'a Update, plan: &'a Plan, verdict: Option<Verdict>) -> Self {
        let is_done = update.state.is_some_and(|state| state.is_done());
        Self {
            native: if update.is_fresh() { update.native() } else { update.number.clone() },
            actor: update.updater.as_deref(),
            status: update.status.as_deref(),
            team: update.group.as_deref(),
            verdict,
            due: update.due,
            seconds: update.seconds.filter(|_| is_done),
            is_standing: !update.is_fresh(),
            ..Self::bare(&update.number, &update.item, plan)
        }
    }

    /// Those of a record that says little.
    pub(super) fn bare(number: &'a str, item: &'a str, plan: &'a Plan) -> Self {
        Self {
            plan,
            number,
            item,
            native: number.to_owned(),
            actor: None,
            status: None,
            team: None,
            verdict: None,
            due: None,
            seconds: None,
            is_standing: false,
            is_moved: false,
            has_news: false,
            has_told: false,
        }
    }

    /// The same as one of several updates.
    pub(super) fn numbered(mut self, native: String) -> Self {
        self.native = native;
        self.is_standing = false;
        self
    }

    /// For an end with a date of its own: the state and the team are those of now, not of then.
    pub(super) const fn forget_now(&mut self) {
        (self.status, self.team) = (None, None);
    }

    /// The same, done by somebody.
    pub(super) const fn by(mut self, actor: Option<&'a str>) -> Self {
        self.actor = actor;
        self
    }

    /// The same with a verdict.
    pub(super) const fn claiming(mut self, verdict: Option<Verdict>) -> Self {
        self.verdict = verdict;
        self
    }

    /// The same with the end of the promise.
    pub(super) const fn due(mut self, due: Option<Timestamp>) -> Self {
        self.due = due;
        self
    }

    /// An event at a moment that the tool recorded.
    pub(super) fn event(&self, name: EventName, moment: &Moment) -> Event {
        let event = self.dressed(Event::new(name, self.item, moment));
        if self.is_moved { event.sure(Certainty::Derived) } else { event }
    }

    /// An event that must have happened between two moments.
    pub(super) fn inferred(&self, name: EventName, after: Timestamp, by: Timestamp) -> Event {
        self.dressed(Event::inferred(name, self.item, after, by))
    }

    fn dressed(&self, event: Event) -> Event {
        let usual = if is_vulnerable_item(self.number) { Kind::Vulnerability } else { Kind::Incident };
        let kind = self.plan.settings.kind.as_deref().unwrap_or(usual.as_str());
        let event = event.text(Field::Ticket, self.number).text(Field::Kind, kind).maybe(Field::Team, self.team);
        self.signed(event, self.actor).id(ADAPTER.name, &self.native)
    }

    /// An event with who did it; timers are no people.
    pub(super) fn signed(&self, event: Event, actor: Option<&str>) -> Event {
        match actor {
            None => event,
            Some(name) if self.plan.is_timer(name) => event.text(Field::Actor, name).text(Field::ActorType, "system"),
            Some(name) => event.text(Field::Actor, name),
        }
    }

    /// Gives an event that was so when the record was written: it carries what the tool claims.
    pub(super) fn tell(&mut self, event: Event, report: &mut Report<'_>) {
        let event = event
            .maybe(Field::RawStatus, self.status)
            .maybe(Field::ReportedSla, self.verdict.map(Verdict::as_str))
            .maybe(Field::ReportedDue, self.due.map(|due| due.to_string()).as_deref());
        let event = match self.seconds {
            Some(seconds) => event.count(Field::ReportedSeconds, seconds),
            None => event,
        };
        self.has_told = self.has_told || self.verdict.is_some();
        self.add(event, report);
    }

    /// Gives an event of an earlier time.
    pub(super) fn add(&mut self, event: Event, report: &mut Report<'_>) {
        self.has_news = true;
        let event = if self.is_standing { event.standing(None) } else { event };
        report.understood.outcomes.push(event.outcome());
    }
}
