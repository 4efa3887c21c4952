//! What does a finding of Security Hub say of each of its resources?

use super::{
    super::{
        Rule, Understood,
        clock::Moment,
        digest::digest_of,
        event::Event,
        severity::Meant,
        story::{Phase, Story, When},
    },
    ADAPTER, Asff, Known, passed, phase_of, severity_of,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, kind::Kind, quarantine::Reason, time::Timestamp};

/// One finding as it stands.
pub(super) struct Finding<'a> {
    value: &'a Value<'a>,
    /// The event of the bus that brought it.
    sent: Option<&'a Value<'a>>,
    id: String,
    generator: String,
}

struct Moments {
    first: Moment,
    last: Option<Moment>,
    created: Option<Moment>,
    /// By when everything it shows had come about.
    changed: Moment,
    /// Whether what it shows can be told.
    sound: bool,
}

impl<'a> Finding<'a> {
    pub(super) fn of(value: &'a Value<'a>, sent: Option<&'a Value<'a>>) -> Option<Self> {
        Some(Self { value, sent, id: value.word_at(&["Id"])?, generator: value.word_at(&["GeneratorId"])? })
    }

    pub(super) fn translate(&self, asff: &mut Asff, understood: &mut Understood) {
        let clock = asff.clock.clone();
        let mut story = Story::of(ADAPTER.name, &clock, &self.id, understood).standing();
        let Some(moments) = self.moments(&mut story) else { return };
        let mut resources: Vec<String> = Vec::new();
        for resource in self.value.list_at(&["Resources"]) {
            resources.extend(resource.word_at(&["Id"]).filter(|id| !resources.contains(id)));
        }
        if resources.is_empty() {
            story.meet(Rule::NoResource);
            let fault = Fault::of("Resources", Reason::NoResource, format!("`{}` names no resource", self.id));
            return story.hold(fault.hint("export the findings with their resources"));
        }
        if resources.len() > 1 {
            story.meet(Rule::ManyResources);
        }
        let mut items = Vec::new();
        for resource in &resources {
            let item = format!("{}@{resource}", self.generator);
            let native = if resources.len() == 1 { self.id.clone() } else { format!("{}@{resource}", self.id) };
            story.turn_to(item.clone(), native.clone());
            if self.item(asff, &mut story, &moments, &native, resource) {
                items.push(item);
            }
        }
        asff.remember(&self.id, items);
    }

    fn moments(&self, story: &mut Story<'_>) -> Option<Moments> {
        let held = story.understood.outcomes.len();
        let observed = story.time(self.value, &["FirstObservedAt"]);
        let created = story.time(self.value, &["CreatedAt"]);
        let last = story.time(self.value, &["LastObservedAt"]);
        let updated = story.time(self.value, &["UpdatedAt"]);
        let sent = self.sent.and_then(|sent| story.time(sent, &["time"]));
        let Some(first) = observed.or(created) else {
            if story.understood.outcomes.len() == held {
                let detail = "no `FirstObservedAt` and no `CreatedAt`".to_owned();
                story.hold(Fault::of("FirstObservedAt", Reason::MissingField, detail));
            }
            return None;
        };
        let (first, last) = story.in_order(first, last);
        let latest = [updated, sent].into_iter().flatten().max_by_key(Moment::end);
        let sound = self.is_sound(story, &first, latest.as_ref());
        let changed = latest.unwrap_or(first);
        Some(Moments { first, last, created, changed, sound })
    }

    /// Whether what it shows can be told: it has a date, and no end lies before the start. Held once for all resources.
    fn is_sound(&self, story: &mut Story<'_>, first: &Moment, changed: Option<&Moment>) -> bool {
        let workflow = self.workflow().unwrap_or("NEW");
        let ended = workflow == "RESOLVED" || self.is_archived() || self.passed() == Some(true);
        match changed {
            Some(changed) => !ended || story.ends_after("UpdatedAt", first, changed),
            None if ended || workflow != "NEW" => {
                story.undated("UpdatedAt", if self.is_archived() { "ARCHIVED" } else { workflow });
                false
            }
            None => true,
        }
    }

    /// Whether the item is told of at all, so that its history counts too.
    fn item(&self, asff: &mut Asff, story: &mut Story<'_>, moments: &Moments, native: &str, resource: &str) -> bool {
        let key = digest_of(native);
        let known = asff.items.get(&key).cloned();
        let severity = self.value.at(&["Severity"]).and_then(|severity| severity_of(severity, &asff.settings));
        if known.is_none() {
            if self.always_passed(moments) {
                story.understood.quiet("a check that has passed since it exists");
                return false;
            }
            story.tell(self.opening(asff, story, moments, resource, severity));
            if severity == Some(Meant::Below) {
                return false;
            }
        }
        if self.passed() != Some(true) {
            story.tell_seen(&moments.first, moments.last);
        }
        if let Some(known) = known.as_ref().filter(|known| moments.changed.end() < known.changed) {
            self.older(asff, story, known, moments);
        } else if moments.sound {
            let now = self.changes(asff, story, known.as_ref(), moments, severity);
            asff.items.insert(key, now);
        }
        true
    }

    /// A check that passes and never changed was no weakness.
    fn always_passed(&self, moments: &Moments) -> bool {
        let since = moments.created.unwrap_or(moments.first);
        self.passed() == Some(true) && moments.changed.end() <= since.end()
    }

    fn opening(
        &self,
        asff: &Asff,
        story: &Story<'_>,
        moments: &Moments,
        resource: &str,
        severity: Option<Meant>,
    ) -> Event {
        let raw =
            self.value.word_at(&["Severity", "Label"]).or_else(|| self.value.word_at(&["Severity", "Normalized"]));
        let named = |cve: &Value<'_>| cve.word_at(&["Id"]).filter(|id| id.starts_with("CVE-"));
        let cves: Vec<String> = self.value.list_at(&["Vulnerabilities"]).iter().filter_map(named).collect();
        let said = || asff.settings.kind.as_deref().and_then(|kind| kind.parse().ok());
        let kind = self.kind().or_else(said);
        story
            .event_at(EventName::Detected, &moments.first)
            .text(Field::ActorType, "system")
            .maybe(Field::Kind, kind.map(Kind::as_str))
            .maybe(Field::Severity, severity.and_then(Meant::as_word))
            .maybe(Field::RawSeverity, raw.as_deref())
            .text(Field::Weakness, &self.generator)
            .text(Field::Asset, resource)
            .list(Field::Cve, &cves)
            .standing(Some(moments.changed.end()))
    }

    /// What the types of a finding make of it; a control is a matter of configuration.
    fn kind(&self) -> Option<Kind> {
        let types = self.value.texts_at(&["Types"]);
        let has = |part: &str| types.iter().any(|word| word.starts_with(part));
        if has("Software and Configuration Checks/Vulnerabilities") {
            Some(Kind::Vulnerability)
        } else if has("TTPs") || has("Effects") || has("Unusual Behaviors") {
            Some(Kind::Incident)
        } else if has("Sensitive Data Identifications") {
            Some(Kind::Posture)
        } else if self.value.at(&["Compliance"]).is_some() || has("Software and Configuration Checks") {
            Some(Kind::Misconfiguration)
        } else {
            None
        }
    }

    /// Everything that differs from what was known; what is known now.
    fn changes(
        &self,
        asff: &Asff,
        story: &mut Story<'_>,
        known: Option<&Known>,
        moments: &Moments,
        severity: Option<Meant>,
    ) -> Known {
        let after = known.map_or(moments.first.at, |known| known.changed);
        let by = moments.changed.end().max(after);
        let when = When::Between(after, by);
        let mut now =
            known.cloned().unwrap_or(Known { changed: by, phase: None, passed: None, archived: false, severity });
        now.changed = by;
        if let Some(word) = severity.filter(|_| severity != now.severity).and_then(Meant::as_word) {
            story.tell(story.event(EventName::SeverityChanged, &when).text(Field::To, word));
            now.severity = severity;
        }
        let told = self.came_back(story, &mut now, &when);
        if self.passed() == Some(true) && now.passed != Some(true) {
            self.verified(story, by);
        }
        now.passed = self.passed().or(now.passed);
        self.workflow_changes(asff, story, &mut now, &when, &told, moments);
        self.archive(asff, story, &mut now, &when);
        now
    }

    /// A record from before what is known: it tells what it shows, and that it came back since.
    fn older(&self, asff: &Asff, story: &mut Story<'_>, known: &Known, moments: &Moments) {
        story.meet(Rule::NewestFirst);
        let shown = self.changes(asff, story, None, moments, known.severity);
        let gone = |known: &Known| known.phase == Some(Phase::Closed) || known.passed == Some(true) || known.archived;
        if gone(&shown) && !gone(known) {
            story.tell(story.event(EventName::Redetected, &When::Between(shown.changed, known.changed)));
        }
    }

    /// Failing after it passed, active after it was archived: found again, once.
    fn came_back(&self, story: &mut Story<'_>, now: &mut Known, when: &When) -> Vec<EventName> {
        let failed = now.passed == Some(true) && self.passed() == Some(false);
        let active = now.archived && !self.is_archived();
        if !failed && !active {
            return Vec::new();
        }
        now.archived = false;
        story.tell(story.event(EventName::Redetected, when).text(Field::ActorType, "system"));
        vec![EventName::Redetected]
    }

    fn verified(&self, story: &mut Story<'_>, by: Timestamp) {
        let event = story.event_at(EventName::Verified, &Moment::exact(by)).text(Field::Method, "control_test");
        story.tell(event.text(Field::ActorType, "system").text(Field::Actor, "security hub"));
    }

    fn workflow_changes(
        &self,
        asff: &Asff,
        story: &mut Story<'_>,
        now: &mut Known,
        when: &When,
        told: &[EventName],
        moments: &Moments,
    ) {
        let Some(word) = self.workflow() else { return };
        if let Some(name) = asff.settings.event_of(word) {
            return story.tell(story.event(name, when).text(Field::RawStatus, word));
        }
        let Some(phase) = phase_of(word) else { return story.unknown_status(word) };
        if phase == Phase::Closed && self.passed() == Some(false) {
            story.meet(Rule::ResolvedStillFailed);
        }
        if phase == Phase::Excepted {
            let last = moments.last.unwrap_or(moments.first);
            story.understood.meet(Rule::SuppressedBlind, format!("{}: last evidence {}", self.id, last.at));
        }
        if now.phase == Some(Phase::Closed) && phase == Phase::New {
            story.meet(Rule::WorkflowReset);
        }
        for name in Phase::steps(now.phase, phase, EventName::Redetected) {
            if !told.contains(&name) {
                story.tell(story.event(name, when).text(Field::RawStatus, word));
            }
        }
        now.phase = Some(phase);
    }

    /// Archived ends it in the eyes of the service, unless it was closed before.
    fn archive(&self, asff: &Asff, story: &mut Story<'_>, now: &mut Known, when: &When) {
        if !self.is_archived() || now.archived {
            return;
        }
        now.archived = true;
        let name = asff.archived(self.value.word_at(&["AwsAccountId"]).as_deref());
        if name == EventName::Decommissioned || now.phase != Some(Phase::Closed) {
            story.tell(story.event(name, when).text(Field::RawStatus, "ARCHIVED"));
        }
    }

    /// The status of the workflow; the oldest findings have it under a key of its own.
    fn workflow(&self) -> Option<&str> {
        self.value.text_at(&["Workflow", "Status"]).or_else(|| self.value.text_at(&["WorkflowState"]))
    }

    fn is_archived(&self) -> bool {
        self.value.text_at(&["RecordState"]) == Some("ARCHIVED")
    }

    fn passed(&self) -> Option<bool> {
        self.value.text_at(&["Compliance", "Status"]).and_then(passed)
    }
}
