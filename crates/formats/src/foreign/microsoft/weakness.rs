//! What does a vulnerability of a device say? Without dates nothing that could stand on a timeline.

use super::{
    super::{Rule, Understood, severity::Meant, story::Story},
    ADAPTER, Microsoft,
    names::first_word,
    severity_of,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, quarantine::Reason};

pub(super) fn translate(microsoft: &Microsoft, value: &Value<'_>, understood: &mut Understood) {
    let cve = value.word_at(&["cveId"]).unwrap_or_default();
    let device = first_word(value, &[&["deviceId"], &["machineId"]]).unwrap_or_default();
    let mut story = Story::of(ADAPTER.name, &microsoft.clock, &format!("{cve}@{device}"), understood);
    let held = story.understood.outcomes.len();
    let (first, last) = (story.time(value, &["firstSeenTimestamp"]), story.time(value, &["lastSeenTimestamp"]));
    let Some(first) = first.or(last) else {
        if story.understood.outcomes.len() == held {
            story.meet(Rule::DeviceVulnerabilityWithoutDates);
            let detail = format!("`{cve}` on `{device}` has no date");
            let fault = Fault::whole(Reason::DeviceVulnerabilityWithoutDates, detail);
            story.hold(fault.hint("export it with its first and last sighting, or import a series of snapshots"));
        }
        return;
    };
    let (first, last) = story.in_order(first, last);
    let raw = first_word(value, &[&["vulnerabilitySeverityLevel"], &["severity"]]);
    let meant = raw.as_deref().map(|word| severity_of(&microsoft.settings, word));
    let event = story
        .event_at(EventName::Detected, &first)
        .text(Field::ActorType, "system")
        .maybe(Field::Severity, meant.and_then(Meant::as_word))
        .maybe(Field::RawSeverity, raw.as_deref())
        .text(Field::Weakness, &cve)
        .list(Field::Cve, std::slice::from_ref(&cve))
        .text(Field::Asset, first_word(value, &[&["deviceName"]]).as_deref().unwrap_or(&device));
    story.tell(event);
    if meant != Some(Meant::Below) {
        story.tell_seen(&first, last);
    }
}
