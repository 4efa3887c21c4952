//! What does one log entry say, and which events is it?

use super::ADAPTER;
use crate::{
    field::Field,
    foreign::{
        Rule, Settings, Understood,
        clock::{Clock, Moment},
        event::Event,
        severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, Scale},
    },
    held::Fault,
    json::Value,
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};

pub(in crate::foreign) const SCALE: Scale =
    &[("p1", CRITICAL), ("p2", HIGH), ("p3", MEDIUM), ("p4", LOW), ("p5", LOW), ("high", HIGH), ("low", LOW)];

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Trigger,
    Acknowledge,
    Assign,
    Escalate,
    Snooze,
    Unacknowledge,
    Severity,
    Resolve,
    Reopen,
    Exhausted,
    Other,
}

/// One log entry, as far as it is told.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) at: Moment,
    pub(super) incident: String,
    /// Whether it opened its incident, where the incident says which entry did.
    pub(super) is_first: Option<bool>,
    pub(super) what: String,
    pub(super) agent: Option<String>,
    pub(super) is_person: bool,
    pub(super) is_timer: bool,
    pub(super) service: Option<String>,
    pub(super) team: Option<String>,
    /// Whom it was given to.
    pub(super) to: Option<String>,
    /// The severity it changed to.
    pub(super) is: Option<String>,
    /// Priority and urgency of its incident: as the entry found them, where it changed them, else as they are now.
    pub(super) scale: Scales,
}

/// Priority and urgency of an incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Scales {
    priority: Known,
    urgency: Known,
}

/// What is known of one of the two.
#[derive(Clone, Debug, Default)]
enum Known {
    #[default]
    Nothing,
    /// As the incident has it now.
    Now(Option<String>),
    /// As it was before a change.
    Before(Option<String>),
}

impl Known {
    /// What an older entry found, if it says; else this.
    fn or_older(&self, older: &Self) -> Self {
        if matches!(older, Self::Before(_)) || matches!(self, Self::Nothing) { older.clone() } else { self.clone() }
    }

    fn word(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Now(word) | Self::Before(word) => word.as_deref(),
        }
    }
}

impl Scales {
    /// What an older entry found, where it says; else this.
    pub(super) fn or_older(&self, older: &Self) -> Self {
        Self { priority: self.priority.or_older(&older.priority), urgency: self.urgency.or_older(&older.urgency) }
    }

    pub(super) fn of(value: &Value<'_>, incident: &Value<'_>, what: &str) -> Self {
        let changed = |side: &str, scale: &str| value.at(&["channel", &format!("{side}_{scale}")]);
        let mut scale = Self {
            priority: incident.at(&["priority"]).map_or(Known::Nothing, |now| Known::Now(named(Some(now)))),
            urgency: incident.word_at(&["urgency"]).map_or(Known::Nothing, |now| Known::Now(Some(now))),
        };
        match what {
            "priority_change" => scale.priority = Known::Before(named(changed("old", "priority"))),
            "urgency_change" => {
                // There are two urgencies, so that the one after tells the one before.
                let other = match urgency_after(value).as_deref() {
                    Some("high") => Some("low".to_owned()),
                    Some("low") => Some("high".to_owned()),
                    _ => None,
                };
                scale.urgency = Known::Before(value.word_at(&["channel", "old_urgency"]).or(other));
            }
            _ => {}
        }
        scale
    }

    /// The priority, or the urgency where none was set.
    fn word(&self) -> Option<&str> {
        self.priority.word().or_else(|| self.urgency.word())
    }
}

/// Whether it is a log entry.
pub(super) fn is_entry(value: &Value<'_>) -> bool {
    value.text_at(&["type"]).is_some_and(|what| kind_word(what).is_some())
}

/// The word before `_log_entry`; a reference to an entry says as much.
fn kind_word(what: &str) -> Option<&str> {
    what.strip_suffix("_reference").unwrap_or(what).strip_suffix("_log_entry")
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            "trigger" => Self::Trigger,
            "acknowledge" => Self::Acknowledge,
            "assign" | "delegate" | "reassign" => Self::Assign,
            "escalate" => Self::Escalate,
            "snooze" => Self::Snooze,
            "unacknowledge" => Self::Unacknowledge,
            "priority_change" | "urgency_change" => Self::Severity,
            "resolve" => Self::Resolve,
            "reopen" => Self::Reopen,
            "exhaust_escalation_path" => Self::Exhausted,
            _ => Self::Other,
        }
    }
}

impl Entry {
    /// Reads an entry; one that stands within its incident need not name it.
    pub(super) fn of(value: &Value<'_>, within: Option<&Value<'_>>, clock: &Clock) -> Result<Self, Fault> {
        let missing = |field: &str| Fault::of(field, Reason::MissingField, format!("the entry has no `{field}`"));
        let what = value.text_at(&["type"]).and_then(kind_word).ok_or_else(|| missing("type"))?;
        let id = value.word_at(&["id"]).ok_or_else(|| missing("id"))?;
        let incident = within.or_else(|| value.at(&["incident"])).ok_or_else(|| missing("incident"))?;
        let at = clock.read("created_at", value.text_at(&["created_at"]).ok_or_else(|| missing("created_at"))?)?;
        let agent_type = value.text_at(&["agent", "type"]).unwrap_or_default();
        let channel = value.text_at(&["channel", "type"]).unwrap_or_default();
        let first = incident.word_at(&["first_trigger_log_entry", "id"]);
        Ok(Self {
            kind: Kind::of(what),
            at,
            incident: incident.word_at(&["id"]).ok_or_else(|| missing("incident.id"))?,
            is_first: first.map(|first| first == id),
            id,
            what: what.to_owned(),
            agent: ["id", "summary"].iter().find_map(|key| value.word_at(&["agent", key])),
            is_person: agent_type.starts_with("user"),
            is_timer: matches!(channel, "timeout" | "auto" | "timer"),
            service: named(value.at(&["service"]).or_else(|| incident.at(&["service"]))),
            team: named(value.list_at(&["teams"]).first().or_else(|| incident.list_at(&["teams"]).first())),
            to: assignees(value),
            is: severity_after(value),
            scale: Scales::of(value, incident, what),
        })
    }

    /// Its place among the entries of its incident; what opens comes first within a second, what ends comes last.
    pub(super) const fn place(&self) -> (Timestamp, u8) {
        let rank = match self.kind {
            Kind::Trigger | Kind::Reopen => 0,
            Kind::Resolve => 2,
            Kind::Acknowledge
            | Kind::Assign
            | Kind::Escalate
            | Kind::Snooze
            | Kind::Unacknowledge
            | Kind::Severity
            | Kind::Exhausted
            | Kind::Other => 1,
        };
        (self.at.at, rank)
    }

    /// Priority and urgency, as far as it tells them.
    pub(super) const fn scale(&self) -> &Scales {
        &self.scale
    }

    /// The entry that opened its incident.
    pub(super) fn open(&self, began_with: &Scales, settings: &Settings, understood: &mut Understood) {
        let severity = began_with.word();
        for name in [EventName::Detected, EventName::Ticketed] {
            let meant = severity.map(|word| Meant::on(SCALE, settings, word));
            let event = self
                .event(name)
                .text(Field::Kind, settings.kind.as_deref().unwrap_or("incident"))
                .text(Field::Ticket, &self.incident)
                .maybe(Field::Severity, meant.and_then(Meant::as_word))
                .maybe(Field::RawSeverity, severity)
                .maybe(Field::Service, self.service.as_deref())
                .maybe(Field::Team, self.team.as_deref());
            understood.outcomes.push(event.outcome());
        }
    }

    /// The entry as one event of that name.
    pub(super) fn tell_as(&self, name: EventName, understood: &mut Understood) {
        let to = matches!(name, EventName::Assigned | EventName::Reassigned | EventName::Escalated);
        let event = self.event(name).maybe(Field::To, self.to.as_deref().filter(|_| to));
        understood.outcomes.push(event.outcome());
    }

    /// What it says whatever came before it; which trigger and which assignment it is, only their order tells.
    pub(super) fn tell(&self, settings: &Settings, understood: &mut Understood) {
        match self.kind {
            Kind::Acknowledge => self.tell_as(EventName::Triaged, understood),
            Kind::Escalate => self.tell_as(EventName::Escalated, understood),
            Kind::Snooze => self.tell_as(EventName::Paused, understood),
            Kind::Reopen => self.tell_as(EventName::Reopened, understood),
            Kind::Unacknowledge => {
                understood.meet(Rule::AckTimedOut, self.incident.as_str());
                self.tell_as(EventName::Resumed, understood);
            }
            Kind::Severity => self.severity(settings, understood),
            Kind::Resolve => {
                if self.is_timer || (self.agent.is_some() && !self.is_person) {
                    understood.meet(Rule::AutoResolved, self.incident.as_str());
                }
                self.tell_as(EventName::FixApplied, understood);
                self.tell_as(EventName::Closed, understood);
            }
            Kind::Exhausted => {
                understood.meet(Rule::EscalationExhausted, self.incident.as_str());
                understood.quiet(&self.what);
            }
            Kind::Trigger | Kind::Assign | Kind::Other => understood.quiet(&self.what),
        }
    }

    fn severity(&self, settings: &Settings, understood: &mut Understood) {
        let Some(word) = self.is.as_deref() else {
            return understood.quiet(&format!("{} to nothing", self.what));
        };
        let meant = Meant::on(SCALE, settings, word);
        let event = self.event(EventName::SeverityChanged).maybe(Field::To, meant.as_word());
        understood.outcomes.push(event.text(Field::RawSeverity, word).outcome());
    }

    pub(super) fn event(&self, name: EventName) -> Event {
        let is_machine = self.agent.is_some() && !self.is_person;
        Event::new(name, &self.incident, &self.at)
            .id(ADAPTER.name, &self.id)
            .maybe(Field::Actor, self.agent.as_deref())
            .maybe(Field::ActorType, is_machine.then_some("system"))
            .text(Field::RawStatus, &self.what)
    }
}

/// What an incident began with: what stood before the first change, where one is logged. Entries stand in order.
pub(super) fn began_with(entries: &[Entry]) -> Scales {
    entries.iter().rev().fold(Scales::default(), |newer, entry| newer.or_older(&entry.scale))
}

/// What a thing is called.
pub(super) fn named(value: Option<&Value<'_>>) -> Option<String> {
    ["summary", "name", "id"].iter().find_map(|key| value?.word_at(&[key]))
}

/// Everybody it was given to.
pub(super) fn assignees(value: &Value<'_>) -> Option<String> {
    let names: Vec<String> = value.list_at(&["assignees"]).iter().filter_map(|one| named(Some(one))).collect();
    Some(names.join(", ")).filter(|names| !names.is_empty()).or_else(|| named(value.at(&["assigned_user"])))
}

/// The priority or urgency after a change.
fn severity_after(value: &Value<'_>) -> Option<String> {
    named(value.at(&["channel", "new_priority"])).or_else(|| urgency_after(value))
}

fn urgency_after(value: &Value<'_>) -> Option<String> {
    value.word_at(&["channel", "new_urgency"]).or_else(|| value.word_at(&["urgency"]))
}
