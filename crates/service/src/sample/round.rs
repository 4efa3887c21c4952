//! What does a team do with a ticket while the tool's clock runs?

use super::{
    cast::{DESK, ROLES},
    closing::{close, verdict},
    life::Life,
    office::{self, days, target_seconds},
};
use domain::{event_name::EventName, severity::Severity, time::Timestamp};

/// The tool's clock as the team sees it: when it started, and for how long it stood still.
pub(super) struct Clock {
    started: Timestamp,
    pauses: Vec<(Timestamp, Timestamp)>,
}

/// What follows a round.
pub(super) enum Then {
    Over,
    /// The clock starts anew at this moment.
    Again(Timestamp),
}

impl Clock {
    pub(super) const fn started(at: Timestamp) -> Self {
        let pauses = Vec::new();
        Self { started: at, pauses }
    }

    /// The moment at which the tool has counted so many thousandths of the target.
    pub(super) fn at(&self, severity: Severity, per_mille: i64) -> Timestamp {
        let target = target_seconds(severity) / 1_000 * per_mille;
        // A pause moves the deadline by the working time inside it.
        let stood_still: i64 = self.pauses.iter().map(|(from, to)| office::counted(severity, *from, *to)).sum();
        office::after(severity, self.started, target + stood_still)
    }
}

pub(super) fn round(life: &mut Life<'_>, clock: &mut Clock) -> Then {
    let team = life.subject.team;
    if life.dice.chance(team.agent)
        && let Some(then) = super::agent::acts(life)
    {
        return then.map_or(Then::Over, Then::Again);
    }
    let begins = life.dice.between(40, 500);
    let at = office::next_open(clock.at(life.severity, begins).max(life.now));
    let said = life.at(EventName::WorkStarted, at).by_person(life.person);
    if life.dice.chance(250) {
        life.tell(said);
    }
    if life.dice.chance(team.escalates) {
        decision(life, clock);
    }
    if life.dice.chance(team.pauses) {
        pause(life, clock);
    }
    if life.dice.chance(team.downgrades) && life.severity != Severity::Low {
        return downgrade(life, clock);
    }
    if life.dice.chance(team.excepts) {
        return exception(life, clock);
    }
    verdict(life, clock).unwrap_or_else(|| close(life, clock))
}

/// The ticket waits; the weakness does not.
pub(super) fn pause(life: &mut Life<'_>, clock: &mut Clock) {
    let team = life.subject.team;
    let reason = life.dice.pick(team.pause_reasons, ("other", "waiting"));
    let wait = life.dice.hours(team.pause_length);
    stand_still(life, clock, wait, reason);
}

pub(super) fn stand_still_until(life: &mut Life<'_>, clock: &mut Clock, wait: i64, reason: (&str, &str)) {
    let said = life.later(EventName::Paused, 1_800).by_person(life.person).because(reason);
    life.tell(said);
    let from = life.now;
    let said = life.later(EventName::Resumed, wait - 1_800).by_person(life.person);
    life.tell(said);
    clock.pauses.push((from, life.now));
}

pub(super) fn stand_still(life: &mut Life<'_>, clock: &mut Clock, wait: i64, reason: (&str, &str)) {
    let resumes = office::next_open(life.now.plus(wait));
    let wait = resumes.since(life.now);
    stand_still_until(life, clock, wait.max(3_600), reason);
}

/// A decision is asked of a role; meanwhile the ticket waits. Some are never given.
pub(super) fn decision(life: &mut Life<'_>, clock: &mut Clock) {
    let role = life.dice.pick(ROLES, "CISO");
    let name = format!("dec-{}-{}", life.subject.number, life.now.seconds() % 10_000);
    let said = life.later(EventName::Escalated, 900).by_person(life.person).text("to", role).text("ref", &name);
    life.tell(said);
    let wait = life.dice.hours(&[1, 8, 40, 120, 300, 700]);
    stand_still(life, clock, wait, ("approval", "waiting for a decision"));
    let given = life.dice.below(1_000);
    let name_of_answer = match given {
        0..=820 => EventName::Authorised,
        821..=910 => EventName::Rejected,
        _ => return,
    };
    let said = life.later(name_of_answer, 600).by_person("board.office").text("ref", &name);
    life.tell(said);
}

/// Shortly before the target the severity goes down, and the tool starts counting anew.
pub(super) fn downgrade(life: &mut Life<'_>, clock: &Clock) -> Then {
    let lower = match life.severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
    };
    let near = life.dice.chance(700);
    let share = if near { life.dice.between(905, 985) } else { life.dice.between(150, 900) };
    let at = clock.at(life.severity, share).max(life.now);
    let said = life.at(EventName::SeverityChanged, at).by_person(life.person).text("to", lower.as_str());
    let said = said.because(("priority", "compensating control in place, ranked again"));
    life.severity = lower;
    life.tell(said);
    Then::Again(at)
}

/// The risk is accepted, often for another quarter and another.
pub(super) fn exception(life: &mut Life<'_>, clock: &Clock) -> Then {
    let at = clock.at(life.severity, life.dice.between(700, 990)).max(life.now);
    let owner = life.subject.team.owner;
    let mut said = life.at(EventName::ExceptionGranted, at).by_person(owner);
    let renewals = life.dice.weighted(&[(0, 45), (1, 30), (2, 15), (4, 10)], 0);
    let mut ends = at;
    for renewal in 0..=renewals {
        let length = days(life.dice.pick(&[60, 90, 90, 120], 90));
        let until = life.now.plus(length);
        let words = if renewal == 0 { "risk accepted until the next quarter" } else { "acceptance renewed" };
        said = said.because(("tolerable", words)).text("expires_at", &until.to_string());
        life.tell(said);
        let expired = life.at(EventName::ExceptionExpired, until).by_system(DESK);
        ends = until;
        life.tell(expired);
        said = life.in_office(EventName::ExceptionGranted, 3_600).by_person(owner);
    }
    Then::Again(ends)
}
