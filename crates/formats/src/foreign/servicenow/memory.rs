//! What is remembered of an incident between its rows: where it stood after the latest of them, in 160 bytes or so.

use super::{
    state::State,
    update::{Update, Verdict},
};
use crate::foreign::severity::Meant;
use domain::{severity::Severity, time::Timestamp};
use std::{cmp::Ordering, collections::BTreeMap};

/// Names of people and groups by number: there are few of them, and many rows.
#[derive(Default)]
pub(super) struct Names(BTreeMap<Box<str>, u32>);

impl Names {
    /// The number of a name; none is 0.
    pub(super) fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).map_or(u32::MAX, |count| count.saturating_add(1));
        self.0.insert(name.into(), number);
        number
    }
}

/// Where an incident stood after the latest row that was read.
pub(super) struct Known {
    place: Option<u64>,
    /// When that update was made, and the moment its events were given.
    pub(super) at: Timestamp,
    pub(super) told: Timestamp,
    pub(super) state: Option<State>,
    pub(super) severity: Option<Severity>,
    pub(super) group: u32,
    pub(super) person: u32,
    pub(super) verdict: Option<Verdict>,
    /// When it was resolved, which closed the ticket where the promise stops with that.
    pub(super) resolved: Option<Timestamp>,
    /// Rules that count once an incident.
    pub(super) future_met: bool,
    pub(super) late_flag_met: bool,
}

impl Known {
    /// What a first row leaves behind; nothing where it does not say when it was written.
    pub(super) fn of(update: &Update, names: &mut Names) -> Option<Self> {
        let at = update.at?.at;
        let mut known = Self {
            place: None,
            at,
            told: at,
            state: None,
            severity: None,
            group: 0,
            person: 0,
            verdict: None,
            resolved: (update.state == Some(State::Resolved)).then(|| update.resolved.map_or(at, |end| end.at)),
            future_met: false,
            late_flag_met: false,
        };
        known.take(update, names);
        Some(known)
    }

    /// Takes over what a row says; what it does not say stays.
    pub(super) fn take(&mut self, update: &Update, names: &mut Names) {
        self.place = update.place;
        self.at = update.at.map_or(self.at, |moment| moment.at);
        self.state = update.state.or(self.state);
        if let Meant::Of(severity) = update.severity {
            self.severity = Some(severity);
        }
        self.group = names.number(update.group.as_deref());
        self.person = names.number(update.person.as_deref());
    }

    /// Whether a row comes after the latest one: by its count of updates, else by its time.
    pub(super) fn compare(&self, update: &Update) -> Ordering {
        let time = update.at.map_or(Ordering::Equal, |moment| moment.at.cmp(&self.at));
        match (update.place, self.place) {
            (Some(place), Some(known)) => place.cmp(&known).then(time),
            _ => time,
        }
    }
}
