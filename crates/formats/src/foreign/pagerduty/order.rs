//! Which trigger opened an incident, and which assignment was the first? That is told by the order of its entries, and
//! the service lists the newest first.

use super::entry::{Entry, Kind, Scales};
use crate::foreign::{Rule, Settings, Understood};
use domain::event_name::EventName;
use std::{cmp::Ordering, collections::BTreeMap};

/// So many incidents are kept in mind at once; beyond that the resolved ones are forgotten, and what waits is told.
const INCIDENTS_MAX: usize = 50_000;

/// So many entries are looked at before the order of the file is judged by its first and its last one.
const FIRST_MAX: usize = 1_000;

/// What an entry is counted as until an older or a newer one tells its place.
const LATER: &str = "entry told with a later one";

/// What is known of an incident from its older entries.
#[derive(Debug, Default)]
pub(super) struct Known {
    triggered: bool,
    assigned: bool,
    resolved: bool,
}

impl Known {
    /// Tells the next entry of an incident, from the oldest to the newest.
    pub(super) fn tell(
        &mut self,
        entry: &Entry,
        began_with: &Scales,
        settings: &Settings,
        understood: &mut Understood,
    ) {
        match entry.kind {
            Kind::Trigger if self.resolved => {
                (self.resolved, self.triggered) = (false, true);
                entry.tell_as(EventName::Reopened, understood);
            }
            Kind::Trigger if self.triggered || entry.is_first == Some(false) => {
                entry.tell_as(EventName::Seen, understood);
            }
            Kind::Trigger => {
                self.triggered = true;
                entry.open(began_with, settings, understood);
            }
            Kind::Assign => {
                let name = if self.assigned { EventName::Reassigned } else { EventName::Assigned };
                self.assigned = true;
                entry.tell_as(name, understood);
            }
            Kind::Acknowledge
            | Kind::Escalate
            | Kind::Snooze
            | Kind::Unacknowledge
            | Kind::Severity
            | Kind::Resolve
            | Kind::Reopen
            | Kind::Exhausted
            | Kind::Other => {
                let is_reopening = entry.kind == Kind::Reopen;
                self.resolved = entry.kind == Kind::Resolve || (self.resolved && !is_reopening);
                self.triggered |= is_reopening;
                entry.tell(settings, understood);
            }
        }
    }
}

/// What waits for older entries of its incident.
#[derive(Debug, Default)]
struct Waiting {
    trigger: Option<Entry>,
    assign: Option<Entry>,
    /// What the incident began with, as far as its changes have told.
    began_with: Scales,
}

/// The order in which the entries of a file come.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Entries before the second one of an incident that shows which way the file goes.
    first: Vec<Entry>,
    direction: Option<Ordering>,
    known: BTreeMap<String, Known>,
    waiting: BTreeMap<String, Waiting>,
}

impl Order {
    /// Takes the next entry of the file.
    pub(super) fn tell(&mut self, entry: Entry, settings: &Settings, understood: &mut Understood) {
        if self.direction.is_some() {
            self.next(entry, settings, understood);
            return self.stay_small(settings, understood);
        }
        let earlier = self.first.iter().filter(|first| first.incident == entry.incident);
        let mut ways = earlier.map(|first| entry.at.at.cmp(&first.at.at));
        let way = ways.find(|way| *way != Ordering::Equal);
        let by_ends = self.first.first().filter(|_| self.first.len() >= FIRST_MAX);
        self.direction = way.or_else(|| by_ends.map(|first| entry.at.at.cmp(&first.at.at)));
        if self.direction == Some(Ordering::Less) {
            understood.meet(Rule::NewestFirst, entry.id.as_str());
        }
        self.first.push(entry);
        if self.direction.is_some() {
            self.begin(settings, understood);
        } else {
            understood.quiet(LATER);
        }
    }

    /// Whatever still waits has nothing older before it.
    pub(super) fn finish(&mut self, settings: &Settings, understood: &mut Understood) {
        self.begin(settings, understood);
        for (_, waiting) in std::mem::take(&mut self.waiting) {
            match waiting.trigger {
                Some(trigger) if trigger.is_first == Some(false) => trigger.tell_as(EventName::Seen, understood),
                Some(trigger) => trigger.open(&waiting.began_with, settings, understood),
                None => {}
            }
            if let Some(assign) = waiting.assign {
                assign.tell_as(EventName::Assigned, understood);
            }
        }
    }

    fn begin(&mut self, settings: &Settings, understood: &mut Understood) {
        let mut first = std::mem::take(&mut self.first);
        if self.direction.is_none() {
            first.sort_by_key(Entry::place);
        }
        for entry in first {
            self.next(entry, settings, understood);
        }
    }

    fn next(&mut self, entry: Entry, settings: &Settings, understood: &mut Understood) {
        if self.direction == Some(Ordering::Less) {
            self.older(entry, settings, understood);
        } else {
            let known = self.known.entry(entry.incident.clone()).or_default();
            known.tell(&entry, entry.scale(), settings, understood);
        }
    }

    /// The next entry is older than the one before: of each incident the newest trigger and assignment wait until an
    /// older entry tells which they are.
    fn older(&mut self, entry: Entry, settings: &Settings, understood: &mut Understood) {
        let waiting = self.waiting.entry(entry.incident.clone()).or_default();
        waiting.began_with = waiting.began_with.or_older(entry.scale());
        match entry.kind {
            Kind::Trigger => {
                if let Some(newer) = waiting.trigger.take() {
                    newer.tell_as(EventName::Seen, understood);
                }
                if entry.is_first == Some(true) {
                    entry.open(&waiting.began_with, settings, understood);
                } else {
                    understood.quiet(LATER);
                    waiting.trigger = Some(entry);
                }
            }
            Kind::Assign => {
                if let Some(newer) = waiting.assign.replace(entry) {
                    newer.tell_as(EventName::Reassigned, understood);
                }
                understood.quiet(LATER);
            }
            Kind::Resolve | Kind::Reopen => {
                if let Some(newer) = waiting.trigger.take() {
                    let after_end = entry.kind == Kind::Resolve;
                    newer.tell_as(if after_end { EventName::Reopened } else { EventName::Seen }, understood);
                }
                entry.tell(settings, understood);
            }
            Kind::Acknowledge
            | Kind::Escalate
            | Kind::Snooze
            | Kind::Unacknowledge
            | Kind::Severity
            | Kind::Exhausted
            | Kind::Other => entry.tell(settings, understood),
        }
    }

    fn stay_small(&mut self, settings: &Settings, understood: &mut Understood) {
        if self.known.len() > INCIDENTS_MAX {
            self.known.retain(|_, known| !known.resolved);
            if self.known.len() > INCIDENTS_MAX {
                self.known.clear();
            }
        }
        if self.waiting.len() > INCIDENTS_MAX {
            self.finish(settings, understood);
        }
    }
}
