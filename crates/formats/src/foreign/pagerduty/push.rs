//! What does one event of a webhook say? It is a log entry in other words, with its incident beside it.

use super::entry::{Entry, Kind, Scales, assignees, named};
use crate::{
    field::Field,
    foreign::{Settings, Understood, clock::Clock},
    held::Fault,
    json::Value,
};
use domain::{event_name::EventName, quarantine::Reason};

/// The event of a webhook, if it is one.
pub(super) fn event_of<'a>(value: &'a Value<'a>) -> Option<&'a Value<'a>> {
    value.at(&["event"]).filter(|event| event.text_at(&["event_type"]).is_some())
}

/// What an event of an incident is about; `None` for what is no news of a lifecycle.
fn kind_of(what: &str) -> Option<Kind> {
    match what.strip_prefix("incident.")? {
        "triggered" => Some(Kind::Trigger),
        "acknowledged" => Some(Kind::Acknowledge),
        "unacknowledged" => Some(Kind::Unacknowledge),
        "reassigned" | "delegated" => Some(Kind::Assign),
        "escalated" => Some(Kind::Escalate),
        "priority_updated" => Some(Kind::Severity),
        "reopened" => Some(Kind::Reopen),
        "resolved" => Some(Kind::Resolve),
        _ => None,
    }
}

/// Tells an event.
pub(super) fn tell(event: &Value<'_>, settings: &Settings, clock: &Clock, understood: &mut Understood) {
    let what = event.text_at(&["event_type"]).unwrap_or_default();
    let Some(kind) = kind_of(what) else { return understood.quiet(&crate::held::shown(what)) };
    let entry = match entry_of(event, kind, clock) {
        Ok(entry) => entry,
        Err(fault) => return understood.hold(fault),
    };
    understood.meet_all(entry.at.met, &entry.id);
    match (kind, merged_into(event)) {
        (Kind::Trigger, _) => {
            entry.open(entry.scale(), settings, understood);
            if entry.to.is_some() {
                entry.tell_as(EventName::Assigned, understood);
            }
        }
        (Kind::Assign, _) => entry.tell_as(EventName::Reassigned, understood),
        // Nobody fixed anything: the other incident goes on.
        (Kind::Resolve, Some(survivor)) => {
            understood.outcomes.push(entry.event(EventName::Merged).text(Field::To, &survivor).outcome());
        }
        (
            Kind::Acknowledge
            | Kind::Escalate
            | Kind::Snooze
            | Kind::Unacknowledge
            | Kind::Severity
            | Kind::Resolve
            | Kind::Reopen
            | Kind::Exhausted
            | Kind::Other,
            _,
        ) => entry.tell(settings, understood),
    }
}

/// The incident that goes on, where this one ended by being merged into it.
fn merged_into(event: &Value<'_>) -> Option<String> {
    let reason = event.at(&["data", "resolve_reason"])?;
    let is_merge = reason.text_at(&["type"]).is_some_and(|what| what.starts_with("merge"));
    reason.word_at(&["incident", "id"]).filter(|_| is_merge)
}

fn entry_of(event: &Value<'_>, kind: Kind, clock: &Clock) -> Result<Entry, Fault> {
    let missing = |field: &str| Fault::of(field, Reason::MissingField, format!("the event has no `{field}`"));
    let text = |field: &str| event.word_at(&[field]).ok_or_else(|| missing(field));
    let data = event.at(&["data"]).ok_or_else(|| missing("data"))?;
    let agent_type = event.text_at(&["agent", "type"]).unwrap_or_default();
    Ok(Entry {
        id: text("id")?,
        kind,
        at: clock.read("occurred_at", &text("occurred_at")?)?,
        incident: data.word_at(&["id"]).ok_or_else(|| missing("data.id"))?,
        is_first: None,
        what: text("event_type")?,
        agent: ["id", "summary"].iter().find_map(|key| event.word_at(&["agent", key])),
        is_person: agent_type.starts_with("user"),
        is_timer: false,
        service: named(data.at(&["service"])),
        team: named(data.list_at(&["teams"]).first()),
        to: assignees(data),
        is: named(data.at(&["priority"])).or_else(|| data.word_at(&["urgency"])),
        scale: Scales::of(event, data, ""),
    })
}
