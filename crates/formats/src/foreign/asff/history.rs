//! What does the history of a finding say? It names the finding alone, so the finding must have come before it.

use super::{
    super::{
        Rule, Understood,
        digest::digest_of,
        story::{Phase, Story, When},
    },
    ADAPTER, Asff, passed, phase_of, severity_of,
};
use crate::{
    field::Field,
    held::Fault,
    json::{self, Rules, Value},
};
use domain::{event_name::EventName, quarantine::Reason};

/// Whether this is one change of `get-finding-history`.
pub(super) fn is_it(value: &Value<'_>) -> bool {
    value.at(&["FindingIdentifier", "Id"]).is_some() && value.at(&["UpdateTime"]).is_some()
}

pub(super) fn translate(asff: &Asff, value: &Value<'_>, understood: &mut Understood) {
    let Some(id) = value.word_at(&["FindingIdentifier", "Id"]) else { return };
    let mut story = Story::of(ADAPTER.name, &asff.clock, &id, understood);
    let Some(items) = asff.findings.get(&digest_of(&id)) else {
        let detail = format!("the history of `{}`, which did not come before it in this file", crate::held::shown(&id));
        let fault = Fault::of("FindingIdentifier.Id", Reason::MissingField, detail);
        return story.hold(fault.hint("put the findings before their histories, one record a line"));
    };
    let Some(at) = story.time(value, &["UpdateTime"]) else { return };
    if value.truth_at(&["FindingCreated"]) == Some(true) {
        story.understood.quiet("the creation of a finding");
    }
    let several = items.len() > 1;
    for item in items {
        let native = if several { format!("{id}@{}", resource_of(item)) } else { id.clone() };
        story.turn_to(item.to_string(), native);
        for update in value.list_at(&["Updates"]) {
            Change { record: value, update, when: When::At(at) }.translate(asff, &mut story);
        }
    }
}

/// What an item sits on: all that follows its rule.
fn resource_of(item: &str) -> &str {
    item.split_once('@').map_or(item, |(_, resource)| resource)
}

/// One field of a finding that changed.
struct Change<'a> {
    record: &'a Value<'a>,
    update: &'a Value<'a>,
    when: When,
}

impl Change<'_> {
    fn translate(&self, asff: &Asff, story: &mut Story<'_>) {
        let field = self.update.text_at(&["UpdatedField"]).unwrap_or_default();
        match field {
            "Workflow" | "Workflow.Status" | "WorkflowStatus" => self.workflow(asff, story),
            "Compliance" | "Compliance.Status" | "ComplianceStatus" => self.compliance(story),
            "RecordState" => self.archived(asff, story),
            "Severity" | "Severity.Label" | "SeverityLabel" => self.severity(asff, story),
            other => story.understood.quiet(&format!("history of `{}`", crate::held::shown(other))),
        }
    }

    fn workflow(&self, asff: &Asff, story: &mut Story<'_>) {
        let (before, now) = (self.status("OldValue"), self.status("NewValue"));
        if let Some(name) = asff.settings.event_of(&now) {
            return self.tell(story, name);
        }
        let Some(phase) = phase_of(&now) else { return story.unknown_status(&now) };
        let from = phase_of(&before);
        if from == Some(Phase::Closed) && phase == Phase::New {
            story.meet(Rule::WorkflowReset);
        }
        for name in Phase::steps(from, phase, EventName::Redetected) {
            self.tell(story, name);
        }
    }

    fn compliance(&self, story: &mut Story<'_>) {
        match (passed(&self.status("OldValue")), passed(&self.status("NewValue"))) {
            (Some(true), Some(true)) => story.understood.quiet("no change"),
            (_, Some(true)) => {
                let event = story.event(EventName::Verified, &self.when).text(Field::Method, "control_test");
                story.tell(event.text(Field::ActorType, "system").text(Field::Actor, "security hub"));
            }
            (Some(true), Some(false)) => self.tell(story, EventName::Redetected),
            _ => story.understood.quiet("a check that did not pass"),
        }
    }

    fn archived(&self, asff: &Asff, story: &mut Story<'_>) {
        match self.status("NewValue").as_str() {
            // The history does not say in which account; the id of a finding does, between its fourth and fifth colon.
            "ARCHIVED" => {
                let id = self.record.word_at(&["FindingIdentifier", "Id"]).unwrap_or_default();
                self.tell(story, asff.archived(id.split(':').nth(4).filter(|account| !account.is_empty())));
            }
            "ACTIVE" => self.tell(story, EventName::Redetected),
            other => story.unknown_status(other),
        }
    }

    fn severity(&self, asff: &Asff, story: &mut Story<'_>) {
        let text = self.update.text_at(&["NewValue"]).unwrap_or_default();
        let parsed = json::value(text, Rules::ANALYSIS).ok().filter(|value| matches!(value, Value::Map(_)));
        let label = Value::Map(vec![("Label".into(), Value::Text(unquoted(text).into()))]);
        let meant = severity_of(parsed.as_ref().unwrap_or(&label), &asff.settings).and_then(|meant| meant.as_word());
        let Some(word) = meant else { return story.unknown_status(text) };
        story.tell(
            story.event(EventName::SeverityChanged, &self.when).text(Field::To, word).text(Field::RawSeverity, text),
        );
    }

    /// The status a value gives: alone, in quotes, or inside an object.
    fn status(&self, key: &str) -> String {
        let text = self.update.text_at(&[key]).unwrap_or_default();
        let parsed = json::value(text, Rules::ANALYSIS).ok();
        parsed.and_then(|value| value.word_at(&["Status"])).unwrap_or_else(|| unquoted(text).to_owned())
    }

    fn tell(&self, story: &mut Story<'_>, name: EventName) {
        let imported = self.record.text_at(&["UpdateSource", "Type"]) == Some("BATCH_IMPORT_FINDINGS");
        let event = story
            .event(name, &self.when)
            .maybe(Field::Actor, self.record.text_at(&["UpdateSource", "Identity"]))
            .maybe(Field::ActorType, imported.then_some("system"))
            .text(Field::RawStatus, &self.status("NewValue"));
        story.tell(event);
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}
