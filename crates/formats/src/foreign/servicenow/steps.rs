//! How do the steps between two states become events: with the moments the tool recorded, and nobody called a verifier who is none?

use super::{Plan, StopAt, facts::Facts, report::Report, state::Step, update::Update};
use crate::{
    field::Field,
    foreign::{Rule, clock::Moment, general_rules::TOO_FAST_SECONDS},
};
use domain::{event_name::EventName, time::Timestamp};

/// Who ended it: the tool names them in fields of the incident, or as the author of an update.
#[derive(Clone, Copy, Default)]
pub(super) struct Hands<'a> {
    pub(super) resolver: Option<&'a str>,
    pub(super) closer: Option<&'a str>,
    pub(super) updater: Option<&'a str>,
    pub(super) close_code: Option<&'a str>,
}

/// When it ended: as a field says, where that is believable, else with the update itself.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) resolved: Moment,
    pub(super) closed: Moment,
    /// Whether the resolving itself has a date of its own.
    pub(super) has_resolved: bool,
    /// When an earlier record closed the ticket.
    before: Option<Timestamp>,
}

impl Ends {
    /// Those of a record that is an update and nothing else.
    pub(super) const fn with(moment: &Moment) -> Self {
        Self { resolved: *moment, closed: *moment, has_resolved: false, before: None }
    }

    /// The dates of a row, where they lie between the update before it and itself.
    pub(super) fn between(update: &Update, since: Timestamp, moment: &Moment) -> Self {
        let own = update.at.map_or(moment.at, |at| at.at);
        let fits = |end: Option<Moment>| end.filter(|end| since <= end.at && end.at <= own);
        let at = |end: Option<Moment>| fits(end).filter(|end| end.at != own).unwrap_or(*moment);
        let has_resolved = fits(update.resolved).is_some();
        Self { resolved: at(update.resolved), closed: at(update.closed), has_resolved, before: None }
    }

    /// The same, after an earlier record closed the ticket.
    pub(super) const fn after(self, before: Option<Timestamp>) -> Self {
        Self { before, ..self }
    }
}

impl<'a> Hands<'a> {
    pub(super) fn of(update: &'a Update) -> Self {
        Self {
            resolver: update.resolver.as_deref(),
            closer: update.closer.as_deref(),
            updater: update.updater.as_deref(),
            close_code: update.close_code.as_deref(),
        }
    }
}

/// Where the events of a record go.
pub(super) struct Steps<'a, 'f, 'r, 'u> {
    pub(super) plan: &'a Plan,
    pub(super) facts: &'f mut Facts<'a>,
    pub(super) report: &'r mut Report<'u>,
    pub(super) hands: Hands<'a>,
}

impl Steps<'_, '_, '_, '_> {
    /// Gives the events of a step that an update made.
    pub(super) fn take(&mut self, step: Step, moment: &Moment, ends: &Ends) {
        match step {
            Step::Triaged => self.plain(EventName::Triaged, moment),
            Step::Resumed => self.plain(EventName::Resumed, moment),
            Step::Reopened => self.plain(EventName::Reopened, moment),
            Step::Paused(hold) => {
                let event = self.facts.event(EventName::Paused, moment).maybe(Field::ReasonCode, hold.as_code());
                self.facts.tell(event, self.report);
            }
            Step::Resolved => self.resolved(&ends.resolved),
            Step::Closed => {
                let is_checked = self.closed(&ends.closed);
                if is_checked && ends.before.is_some_and(|before| ends.closed.at.since(before) < TOO_FAST_SECONDS) {
                    self.report.understood.meet(Rule::VerifiedTooFast, self.report.native.as_str());
                }
            }
            Step::ClosedAtOnce if ends.has_resolved => {
                self.resolved(&ends.resolved);
                let _is_checked = self.closed(&ends.closed);
            }
            Step::ClosedAtOnce => self.closed_unresolved(&ends.closed),
            Step::Canceled => self.canceled(&ends.closed),
        }
    }

    fn plain(&mut self, name: EventName, moment: &Moment) {
        let event = self.facts.event(name, moment);
        self.facts.tell(event, self.report);
    }

    /// An event signed by one of several hands: the first that is known.
    fn by(&mut self, name: EventName, moment: &Moment, hands: [Option<&str>; 2]) {
        let event = self.facts.event(name, moment);
        let event = self.facts.signed(event, hands.into_iter().flatten().next());
        self.facts.tell(event, self.report);
    }

    /// A change was made; where the promise stops with it, the ticket counts as closed.
    pub(super) fn resolved(&mut self, moment: &Moment) {
        let hands = [self.hands.resolver, self.hands.updater];
        self.by(EventName::FixApplied, moment, hands);
        if self.plan.own.stop_at == StopAt::Resolved {
            self.by(EventName::Closed, moment, hands);
        }
    }

    /// Closed after it was resolved. Only a person who is not the one who resolved it has checked anything; whether one has.
    pub(super) fn closed(&mut self, moment: &Moment) -> bool {
        if self.plan.own.stop_at == StopAt::Closed {
            self.by(EventName::Closed, moment, [self.hands.closer, self.hands.updater]);
        }
        if self.hands.closer.or(self.hands.updater).is_some_and(|name| self.plan.is_timer(name)) {
            self.report.understood.meet(Rule::AutoCloseNotVerification, self.report.native.as_str());
            return false;
        }
        let (Some(closer), Some(resolver)) = (self.hands.closer, self.hands.resolver) else { return false };
        if closer == resolver {
            return false;
        }
        let event = self.facts.event(EventName::Verified, moment).text(Field::Method, "attestation");
        let event = self.facts.signed(event, Some(closer));
        self.facts.tell(event, self.report);
        true
    }

    /// Closed, and nobody ever said that it was resolved.
    pub(super) fn closed_unresolved(&mut self, moment: &Moment) {
        self.report.understood.meet(Rule::ResolvedMissing, self.report.native.as_str());
        self.closed_anyway(moment);
    }

    /// Closed, whatever the promise stops at.
    pub(super) fn closed_anyway(&mut self, moment: &Moment) {
        self.by(EventName::Closed, moment, [self.hands.closer, self.hands.updater]);
    }

    /// Called off: by a code that says it was never real, or for any other reason.
    pub(super) fn canceled(&mut self, moment: &Moment) {
        let code = self.hands.close_code;
        let was_never =
            code.is_some_and(|code| self.plan.own.not_real.iter().any(|word| word.eq_ignore_ascii_case(code)));
        let (name, reason) =
            if was_never { (EventName::FalsePositive, None) } else { (EventName::Closed, Some("cancelled")) };
        let event = self.facts.event(name, moment).maybe(Field::ReasonCode, reason).maybe(Field::Reason, code);
        let event = self.facts.signed(event, self.hands.closer.or(self.hands.updater));
        self.facts.tell(event, self.report);
    }
}
