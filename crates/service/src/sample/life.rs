//! What has happened to an item so far, and where its ticket stands?

use super::{
    dice::Dice,
    line::Said,
    office::{self, days},
    subject::Subject,
};
use domain::{event_name::EventName, severity::Severity, time::Timestamp};

/// An item while its story is told. Time only moves forward; what lies beyond the present is not told.
pub(super) struct Life<'a> {
    pub(super) subject: &'a Subject,
    pub(super) dice: Dice,
    /// How far the story has come.
    pub(super) now: Timestamp,
    pub(super) severity: Severity,
    pub(super) person: &'static str,
    pub(super) as_of: Timestamp,
    lines: Vec<String>,
}

/// In this stretch before the present one source delivered late: events of one month arrived weeks afterwards.
const LATE_MONTH: (i64, i64) = (120, 90);

impl<'a> Life<'a> {
    pub(super) fn new(subject: &'a Subject, dice: Dice, as_of: Timestamp) -> Self {
        let mut dice = dice;
        let person = dice.pick(subject.team.people, subject.team.owner);
        Self {
            subject,
            dice,
            now: subject.origin,
            severity: subject.severity,
            person,
            as_of,
            lines: Vec::with_capacity(12),
        }
    }

    /// Begins something at a moment, which then is the present of the story.
    pub(super) fn at(&mut self, name: EventName, at: Timestamp) -> Said {
        self.now = self.now.max(at);
        Said::new(name, at)
    }

    /// Begins something a while later.
    pub(super) fn later(&mut self, name: EventName, seconds: i64) -> Said {
        self.at(name, self.now.plus(seconds))
    }

    /// Begins something a while later, when somebody is in the office.
    pub(super) fn in_office(&mut self, name: EventName, seconds: i64) -> Said {
        let at = office::next_open(self.now.plus(seconds));
        self.at(name, at)
    }

    pub(super) fn tell(&mut self, said: Said) {
        if said.at() >= self.as_of {
            return;
        }
        let said = self.delivered(said);
        self.lines.push(said.line(self.subject, self.lines.len() + 1));
    }

    /// Whether the rest of the story lies in the future.
    pub(super) fn is_told(&self) -> bool {
        self.now >= self.as_of
    }

    fn delivered(&mut self, said: Said) -> Said {
        let age = self.as_of.since(said.at());
        let in_month = (days(LATE_MONTH.1)..days(LATE_MONTH.0)).contains(&age);
        if !in_month || self.subject.team.name != "network" || !self.dice.chance(600) {
            return said;
        }
        let received_at = said.at().plus(days(self.dice.between(24, 40)));
        said.text("received_at", &received_at.to_string())
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
