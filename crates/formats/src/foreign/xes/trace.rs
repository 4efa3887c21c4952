//! Which events does one trace hold? Its entries are taken in the order of their times.

use super::{meaning::Does, value};
use crate::{
    canonical::Outcome,
    field::Field,
    foreign::{
        Rule, Settings, Understood,
        clock::{Clock, Moment},
        element::Element,
        event::Event,
        severity::{CRITICAL, Meant, WORDS},
    },
    held::{Fault, Held, shown},
};
use domain::{event::Certainty, event_name::EventName, quarantine::Reason, time::Timestamp};
use std::collections::BTreeMap;

/// One trace on its way to events.
pub(super) struct Trace<'a> {
    case: &'a str,
    settings: &'a Settings,
    understood: &'a mut Understood,
    faults: BTreeMap<Reason, Vec<Fault>>,
    /// How often an id was given: two entries of one kind in one second are two events.
    given: BTreeMap<(EventName, Timestamp), u32>,
    severity: Option<&'a str>,
    asset: Option<&'a str>,
    paused: bool,
    done: bool,
    /// Whether anything that says so in its own words closed it.
    closed_in_words: bool,
}

/// One entry, with its place in the trace.
struct Entry<'a> {
    element: &'a Element,
    moment: Moment,
    activity: &'a str,
    transition: Option<&'a str>,
    does: Does,
}

impl Entry<'_> {
    fn status(&self) -> String {
        status(self.activity, self.transition)
    }

    /// Whether its own words say that it is closed.
    fn says_closed(&self) -> bool {
        [Some(self.activity), self.transition].into_iter().flatten().any(|word| {
            let word = word.to_ascii_lowercase();
            word.contains("closed") || word.contains("resolved")
        })
    }
}

fn status(activity: &str, transition: Option<&str>) -> String {
    transition.map_or_else(|| activity.to_owned(), |transition| format!("{activity}/{transition}"))
}

impl<'a> Trace<'a> {
    pub(super) const fn new(case: &'a str, settings: &'a Settings, understood: &'a mut Understood) -> Self {
        Self {
            case,
            settings,
            understood,
            faults: BTreeMap::new(),
            given: BTreeMap::new(),
            severity: None,
            asset: None,
            paused: false,
            done: false,
            closed_in_words: false,
        }
    }

    pub(super) fn translate(mut self, trace: &'a Element, clock: &Clock) {
        let elements = trace.children.iter().filter(|child| child.name.as_ref() == "event");
        let mut entries: Vec<Entry<'a>> =
            elements.zip(1_u64..).filter_map(|(element, place)| self.entry(element, place, clock)).collect();
        if entries.is_empty() && self.faults.is_empty() {
            self.understood.quiet("a trace without events");
        }
        entries.sort_by_key(|entry| entry.moment.at);
        let first_of = |key: Option<&str>| {
            let key = key?;
            value(trace, key).or_else(|| entries.iter().find_map(|entry| value(entry.element, key)))
        };
        self.severity = first_of(self.settings.xes.severity());
        self.asset = first_of(self.settings.xes.asset());
        for (place, entry) in entries.iter().enumerate() {
            if place == 0 && self.settings.xes.opens() {
                let opened = Event::inferred(EventName::Ticketed, self.case, entry.moment.at, entry.moment.at);
                self.give(EventName::Ticketed, &entry.moment, opened.text(Field::Ticket, self.case), entry);
            }
            self.apply(entry);
        }
        if self.done && !self.closed_in_words {
            self.understood.meet(Rule::DoneNotClosed, self.case);
        }
        for (_, faults) in std::mem::take(&mut self.faults) {
            self.understood.outcomes.extend(Held::from_faults(faults).map(Outcome::Held));
        }
    }

    /// An entry with its time and what it does; what lacks one of the two is held.
    fn entry(&mut self, element: &'a Element, place: u64, clock: &Clock) -> Option<Entry<'a>> {
        let activity = value(element, "concept:name").unwrap_or_default();
        let transition = value(element, "lifecycle:transition");
        let status = status(activity, transition);
        let Some(does) = Does::of(self.settings, activity, transition) else {
            let detail =
                format!("event {place} of `{}` is `{}`, which no list knows", shown(self.case), shown(&status));
            self.understood.meet(Rule::UnmatchedState, status);
            let fault = Fault::of("concept:name", Reason::UnmatchedState, detail);
            self.fault(fault.hint("say what it means under `statuses` of the source"));
            return None;
        };
        if does == Does::Nothing {
            self.understood.quiet(&status);
            return None;
        }
        let Some(text) = value(element, "time:timestamp") else {
            self.understood.meet(Rule::NoTimestamp, self.case);
            let detail = format!("event {place} of `{}` (`{}`) has no time", shown(self.case), shown(&status));
            self.fault(Fault::of("time:timestamp", Reason::NoTimestamp, detail));
            return None;
        };
        let latest = value(element, "wallclock:at_latest").map(|text| clock.read("wallclock:at_latest", text));
        match (clock.read("time:timestamp", text), latest.transpose()) {
            (Ok(moment), Ok(latest)) => {
                self.understood.meet_all(moment.met, self.case);
                let moment = Moment { latest: latest.map(|latest| latest.at).or(moment.latest), ..moment };
                Some(Entry { element, moment, activity, transition, does })
            }
            (Err(fault), _) | (_, Err(fault)) => {
                if fault.reason == Reason::NaiveTime {
                    self.understood.meet(Rule::NaiveTime, self.case);
                }
                self.fault(fault);
                None
            }
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.entry(fault.reason).or_default().push(fault);
    }

    fn apply(&mut self, entry: &Entry<'_>) {
        self.closed_in_words = self.closed_in_words || entry.says_closed();
        match entry.does {
            Does::Event(name) => {
                let came_back = matches!(name, EventName::Reopened | EventName::Redetected);
                self.done = name == EventName::Closed || (self.done && !came_back);
                self.event(name, entry);
            }
            Does::Working => {
                let name = if self.paused { EventName::Resumed } else { EventName::WorkStarted };
                self.come_back(entry);
                self.paused = false;
                self.event(name, entry);
            }
            Does::Waiting if self.paused => self.understood.quiet("waiting on"),
            Does::Waiting => {
                self.come_back(entry);
                self.paused = true;
                self.event(EventName::Paused, entry);
            }
            Does::Queued => {
                self.come_back(entry);
                self.event(EventName::Reassigned, entry);
            }
            Does::Taken => {
                self.come_back(entry);
                self.event(EventName::Assigned, entry);
            }
            Does::Done | Does::Cancelled if self.done => self.understood.quiet("done again"),
            Does::Done => {
                self.event(EventName::FixApplied, entry);
                self.event(EventName::Closed, entry);
                (self.done, self.paused) = (true, false);
            }
            Does::Cancelled => {
                let event = Event::new(EventName::Closed, self.case, &entry.moment);
                self.give(EventName::Closed, &entry.moment, event.text(Field::ReasonCode, "cancelled"), entry);
                (self.done, self.paused) = (true, false);
                self.closed_in_words = true;
            }
            Does::Nothing => {}
        }
    }

    /// Work on what was done: it was opened again.
    fn come_back(&mut self, entry: &Entry<'_>) {
        if self.done {
            self.event(EventName::Reopened, entry);
            self.done = false;
        }
    }

    fn event(&mut self, name: EventName, entry: &Entry<'_>) {
        self.give(name, &entry.moment, Event::new(name, self.case, &entry.moment), entry);
    }

    fn give(&mut self, name: EventName, moment: &Moment, event: Event, entry: &Entry<'_>) {
        let count = self.given.entry((name, moment.at)).or_default();
        *count = count.saturating_add(1);
        let native = match (value(entry.element, "identity:id"), *count) {
            (Some(id), _) => id.to_owned(),
            (None, 1) => self.case.to_owned(),
            (None, count) => format!("{}.{count}", self.case),
        };
        let certainty = match value(entry.element, "wallclock:certainty") {
            Some("derived") => Certainty::Derived,
            Some("inferred") => Certainty::Inferred,
            _ => Certainty::Observed,
        };
        let (group, person) = (value(entry.element, "org:group"), value(entry.element, "org:resource"));
        let mut event = event.sure(certainty).maybe(Field::Team, group).maybe(Field::Actor, person);
        if matches!(entry.does, Does::Queued | Does::Taken) && name != EventName::Reopened {
            event = event.maybe(Field::To, group.or(person));
        }
        if entry.does != Does::Event(name) || entry.transition.is_some_and(|word| word != "complete") {
            event = event.text(Field::RawStatus, &entry.status());
        }
        if let Some(word) = self.severity.take() {
            let meant =
                if word.eq_ignore_ascii_case("major") { CRITICAL } else { Meant::on(WORDS, self.settings, word) };
            event = event.maybe(Field::Severity, meant.as_word()).text(Field::RawSeverity, word);
        }
        let event = event.maybe(Field::Asset, self.asset).maybe(Field::Kind, self.settings.kind.as_deref());
        self.understood.outcomes.push(event.id(super::ADAPTER.name, &native).outcome());
    }
}
