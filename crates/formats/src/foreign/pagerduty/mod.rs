//! Incidents as PagerDuty logs them: what each log entry says, in whatever order the entries come.

mod entry;
mod head;
mod incident;
mod order;
mod push;

use super::{Adapter, Given, Rule, Settings, Translate, Understood, clock::Clock};
use crate::json::Value;
use entry::Entry;
use order::{Known, Order};
use std::collections::{BTreeSet, VecDeque};

pub(super) use entry::SCALE;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "pagerduty",
    title: "PagerDuty incidents with log entries",
    recognise: head::recognise,
    begin: |settings| Box::new(PagerDuty::of(settings)),
};

/// An entry comes twice where two pages overlap, so it is looked for among so many before it. One that comes later makes
/// the same events once more, which add nothing.
const REMEMBERED_MAX: usize = 50_000;

struct PagerDuty {
    settings: Settings,
    clock: Clock,
    order: Order,
    remembered: BTreeSet<String>,
    by_age: VecDeque<String>,
}

impl PagerDuty {
    fn of(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            clock: Clock::of(settings),
            order: Order::default(),
            remembered: BTreeSet::new(),
            by_age: VecDeque::new(),
        }
    }

    /// Whether an entry of that id came before.
    fn came_before(&mut self, id: &str) -> bool {
        if !self.remembered.insert(id.to_owned()) {
            return true;
        }
        self.by_age.push_back(id.to_owned());
        if self.by_age.len() > REMEMBERED_MAX
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.remembered.remove(&oldest);
        }
        false
    }

    /// An entry that can be told, unless it came before or cannot be read.
    fn entry(&mut self, value: &Value<'_>, within: Option<&Value<'_>>, understood: &mut Understood) -> Option<Entry> {
        let entry = match Entry::of(value, within, &self.clock) {
            Ok(entry) => entry,
            Err(fault) => {
                understood.hold(fault);
                return None;
            }
        };
        if self.came_before(&entry.id) {
            understood.meet(Rule::DuplicateEntry, entry.id.as_str());
            understood.quiet("entry that came before");
            return None;
        }
        understood.meet_all(entry.at.met, &entry.id);
        Some(entry)
    }

    /// An incident with all that was logged of it.
    fn incident(&mut self, incident: &Value<'_>, understood: &mut Understood) {
        let logged = incident.list_at(&["log_entries"]);
        if logged.is_empty() {
            return incident::tell(incident, &self.settings, &self.clock, understood);
        }
        let entries = logged.iter().filter_map(|value| self.entry(value, Some(incident), understood));
        let mut entries: Vec<Entry> = entries.collect();
        if entries.iter().zip(entries.iter().skip(1)).any(|(one, next)| next.at.at < one.at.at) {
            understood.meet(Rule::NewestFirst, incident.word_at(&["id"]).unwrap_or_default());
        }
        entries.sort_by_key(Entry::place);
        let began_with = entry::began_with(&entries);
        let mut known = Known::default();
        for entry in entries {
            known.tell(&entry, &began_with, &self.settings, understood);
        }
    }
}

impl Translate for PagerDuty {
    fn stands_alone(&self, record: &Given<'_>) -> bool {
        matches!(record, Given::Json(value) if push::event_of(value).is_some() || head::is_incident(value))
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        let inner = ["incident", "log_entry"].iter().find_map(|key| value.at(&[key]));
        if let Some(event) = push::event_of(value) {
            push::tell(event, &self.settings, &self.clock, understood);
        } else if entry::is_entry(value) {
            if let Some(entry) = self.entry(value, None, understood) {
                self.order.tell(entry, &self.settings, understood);
            }
        } else if head::is_incident(value) {
            self.incident(value, understood);
        } else if let Some(inner) = inner {
            self.record(&Given::Json(inner.clone()), understood);
        } else {
            for page in ["incidents", "log_entries"] {
                for part in value.list_at(&[page]) {
                    self.record(&Given::Json(part.clone()), understood);
                }
            }
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        self.order.finish(&self.settings, understood);
    }
}
