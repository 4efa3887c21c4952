//! What does an incident tell without its log? Where it began, and how it stands.

use super::{
    ADAPTER,
    entry::{SCALE, named},
};
use crate::{
    field::Field,
    foreign::{
        Rule, Settings, Understood,
        clock::{Clock, Moment},
        event::Event,
        severity::Meant,
    },
    held::Fault,
    json::Value,
};
use domain::{event_name::EventName, quarantine::Reason};

/// Tells the end points of an incident. They are told under its own id, so that its entries may still come.
pub(super) fn tell(incident: &Value<'_>, settings: &Settings, clock: &Clock, understood: &mut Understood) {
    let Some(id) = incident.word_at(&["id"]) else { return understood.hold(missing("id")) };
    understood.quiet("incident without its log");
    let native = format!("incident-{id}");
    let event =
        |name: EventName, moment: &Moment| Event::new(name, &id, moment).id(ADAPTER.name, &native).standing(None);
    let created = incident.text_at(&["created_at"]);
    if created.is_none() {
        understood.hold(missing("created_at"));
    }
    let changed = incident.text_at(&["updated_at"]).or_else(|| incident.text_at(&["last_status_change_at"]));
    let changed = changed.and_then(|text| clock.read("updated_at", text).ok()).map(|changed| changed.end());
    let created = read(clock, "created_at", created, understood);
    if let Some(created) = created {
        for name in [EventName::Detected, EventName::Ticketed] {
            let opening = described(event(name, &created), &id, incident, settings).standing(changed);
            understood.outcomes.push(opening.outcome());
        }
    }
    let acknowledged = incident.list_at(&["acknowledgements"]).first().and_then(|one| one.text_at(&["at"]));
    if let Some(acknowledged) = read(clock, "acknowledgements.at", acknowledged, understood) {
        understood.outcomes.push(event(EventName::Triaged, &acknowledged).outcome());
    }
    if incident.text_at(&["status"]) == Some("resolved") {
        let ended = incident.text_at(&["resolved_at"]).or_else(|| incident.text_at(&["last_status_change_at"]));
        if ended.is_none() {
            understood.meet(Rule::NoClosingDate, id.as_str());
        }
        let ended = read(clock, "resolved_at", ended, understood);
        if let Some(ended) = ended.filter(|ended| ends_after(created.as_ref(), ended, &id, understood)) {
            let events = [EventName::FixApplied, EventName::Closed].map(|name| event(name, &ended));
            resolved(incident, events, understood);
        }
    }
}

/// Whether its end may stand. One before its beginning is held, and the opening stays.
fn ends_after(created: Option<&Moment>, ended: &Moment, id: &str, understood: &mut Understood) -> bool {
    let Some(created) = created.filter(|created| ended.end() < created.at) else { return true };
    understood.meet(Rule::EndsBeforeStart, id);
    let detail = format!("resolved at {} and created at {}", ended.end(), created.at);
    understood.hold(Fault::of("resolved_at", Reason::EndsBeforeStart, detail));
    false
}

fn missing(field: &str) -> Fault {
    Fault::of(field, Reason::MissingField, format!("the incident has no `{field}`"))
}

/// A time of the incident; one that cannot be read is held with its field.
fn read(clock: &Clock, field: &str, text: Option<&str>, understood: &mut Understood) -> Option<Moment> {
    match clock.read(field, text?) {
        Ok(moment) => {
            understood.meet_all(moment.met, field);
            Some(moment)
        }
        Err(fault) => {
            understood.hold(fault);
            None
        }
    }
}

fn described(event: Event, id: &str, incident: &Value<'_>, settings: &Settings) -> Event {
    let severity = named(incident.at(&["priority"])).or_else(|| incident.word_at(&["urgency"]));
    let meant = severity.as_deref().map(|word| Meant::on(SCALE, settings, word));
    event
        .text(Field::Kind, settings.kind.as_deref().unwrap_or("incident"))
        .text(Field::Ticket, id)
        .maybe(Field::Severity, meant.and_then(Meant::as_word))
        .maybe(Field::RawSeverity, severity.as_deref())
        .maybe(Field::Service, named(incident.at(&["service"])).as_deref())
        .maybe(Field::Team, named(incident.list_at(&["teams"]).first()).as_deref())
}

fn resolved(incident: &Value<'_>, events: [Event; 2], understood: &mut Understood) {
    let by = incident.at(&["last_status_change_by"]);
    let is_person = by.and_then(|by| by.text_at(&["type"])).is_none_or(|what| what.starts_with("user"));
    if !is_person {
        understood.meet(Rule::AutoResolved, incident.word_at(&["id"]).unwrap_or_default());
    }
    let actor = by.and_then(|by| by.word_at(&["id"]));
    for event in events {
        let event = event.maybe(Field::Actor, actor.as_deref());
        understood.outcomes.push(event.maybe(Field::ActorType, (!is_person).then_some("system")).outcome());
    }
}
