//! What does one OCSF record say of each of its resources?

use super::{
    super::{
        Rule, Understood,
        clock::Moment,
        digest::digest_of,
        event::Event,
        name::fitted,
        severity::Meant,
        story::{Phase, Story, When},
    },
    ADAPTER, Known, Ocsf,
    class::{Class, Status},
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, kind::Kind, quarantine::Reason};

/// One finding as a record shows it.
pub(super) struct Record<'a> {
    pub(super) value: &'a Value<'a>,
    pub(super) class: Class,
    /// Under which key the finding itself stands.
    pub(super) info: &'a Value<'a>,
    uid: String,
}

/// The moments of a record.
struct Moments {
    first: Moment,
    last: Option<Moment>,
    /// When the record itself was written.
    logged: Option<Moment>,
    changed: Moment,
    /// Whether the last change can be an end: it does not lie before the start.
    sound: bool,
}

impl<'a> Record<'a> {
    pub(super) fn of(value: &'a Value<'a>, class: Class) -> Option<Self> {
        let listed = value.list_at(&["finding_info_list"]).first();
        let info = value.at(&["finding_info"]).or(listed).or_else(|| value.at(&["finding"]))?;
        let uid = info.word_at(&["uid"])?;
        // An incident is named by the first finding in it: without a word before, it would be that finding.
        let uid = if class == Class::Incident { format!("incident-{uid}") } else { uid };
        Some(Self { value, class, info, uid })
    }

    pub(super) fn translate(&self, ocsf: &mut Ocsf, understood: &mut Understood) {
        let clock = ocsf.clock.clone();
        let mut story = Story::of(ADAPTER.name, &clock, &self.uid, understood).standing();
        let Some(moments) = self.moments(&mut story) else { return };
        let resources = self.resources();
        if resources.is_empty() && !self.class.stands_alone() {
            story.meet(Rule::NoResource);
            let fault = Fault::of("resources", Reason::NoResource, format!("`{}` names no resource", self.uid));
            return story.hold(fault.hint("export the findings with their resources"));
        }
        if resources.len() > 1 && !self.class.stands_alone() {
            story.meet(Rule::ManyResources);
        }
        if self.class.stands_alone() {
            story.turn_to(self.uid.clone(), self.uid.clone());
            return self.item(ocsf, &mut story, &moments, resources.first());
        }
        for resource in &resources {
            let item = format!("{}@{resource}", self.uid);
            story.turn_to(item.clone(), item);
            self.item(ocsf, &mut story, &moments, Some(resource));
        }
    }

    /// Detected at the first sighting, else at its creation; what the record shows came about by its last change.
    fn moments(&self, story: &mut Story<'_>) -> Option<Moments> {
        let time = |story: &mut Story<'_>, value: &Value<'_>, name: &str| {
            story.time(value, &[name]).or_else(|| story.time(value, &[&format!("{name}_dt")]))
        };
        let held = story.understood.outcomes.len();
        let seen = time(story, self.info, "first_seen_time");
        let created = time(story, self.info, "created_time");
        let modified = time(story, self.info, "modified_time");
        let last = time(story, self.info, "last_seen_time");
        let logged = time(story, self.value, "time");
        let Some(first) = seen.or(created).or(logged) else {
            if story.understood.outcomes.len() == held {
                let detail = "no `finding_info.first_seen_time`, `created_time` or `time`".to_owned();
                story.hold(Fault::of("finding_info.first_seen_time", Reason::MissingField, detail));
            }
            return None;
        };
        let (first, last) = story.in_order(first, last);
        let dated = modified.or(logged);
        let sound = self.is_sound(story, &first, dated.as_ref());
        let changed = dated.filter(|changed| changed.end() >= first.at).unwrap_or(first);
        Some(Moments { first, last, logged, changed, sound })
    }

    /// Whether what it shows can be told: its last change has a date, and no end lies before the start.
    fn is_sound(&self, story: &mut Story<'_>, first: &Moment, changed: Option<&Moment>) -> bool {
        let phase = self.number().and_then(|number| self.class.status(&number).phase());
        let is_news = !matches!(phase, None | Some(Phase::New)) || self.compliance() == Some(true);
        match changed {
            Some(changed) => {
                phase != Some(Phase::Closed) || story.ends_after("finding_info.modified_time", first, changed)
            }
            None if is_news => {
                story.undated("finding_info.modified_time", &self.word().unwrap_or_default());
                false
            }
            None => true,
        }
    }

    fn item(&self, ocsf: &mut Ocsf, story: &mut Story<'_>, moments: &Moments, resource: Option<&String>) {
        let key = digest_of(story.item());
        let known = ocsf.items.get(&key).cloned();
        let passed = self.compliance() == Some(true);
        if passed && known.is_none() && moments.changed.at == moments.first.at {
            return story.understood.quiet("a check that has passed since it exists");
        }
        let severity = self.severity(ocsf);
        // Where records come from the newest to the oldest, an older one may know of an earlier sighting.
        if known.as_ref().is_none_or(|known| moments.first.at < known.first) {
            story.tell(self.opening(ocsf, story, moments, resource, severity));
            if severity == Some(Meant::Below) {
                return;
            }
        }
        if !passed {
            story.tell_seen(&moments.first, moments.last.or_else(|| self.failed(known.as_ref(), moments)));
        }
        if !moments.sound {
            return;
        }
        let when = self.when(known.as_ref(), moments);
        if let Some(known) = known.as_ref().filter(|known| moments.changed.at < known.changed) {
            self.older(ocsf, story, known, moments, resource);
            if let Some(known) = ocsf.items.get_mut(&key) {
                known.first = known.first.min(moments.first.at);
            }
            return;
        }
        let mut now = self.changes(ocsf, story, known.as_ref(), &when, resource);
        now.first = known.map_or(moments.first.at, |known| known.first.min(moments.first.at));
        ocsf.items.insert(key, now);
    }

    /// A check that failed saw it when its record was written; one that fails again finds it again, which is told as such.
    fn failed(&self, known: Option<&Known>, moments: &Moments) -> Option<Moment> {
        let was_gone = known.is_some_and(|known| known.passed || known.phase == Some(Phase::Closed));
        moments.logged.filter(|_| self.compliance() == Some(false) && !was_gone)
    }

    /// A record from before what is known: it tells what it shows, and that it came back since.
    fn older(&self, ocsf: &Ocsf, story: &mut Story<'_>, known: &Known, moments: &Moments, resource: Option<&String>) {
        story.meet(Rule::NewestFirst);
        let logged = matches!(self.value.word_at(&["activity_id"]).as_deref(), Some("1" | "2" | "3"));
        let when = if logged { When::At(moments.changed) } else { self.when(None, moments) };
        let shown = self.changes(ocsf, story, None, &when, resource);
        let gone = |known: &Known| known.phase == Some(Phase::Closed) || known.passed;
        if gone(&shown) && !gone(known) {
            story.tell(story.event(self.class.back(), &When::Between(shown.changed, known.changed)));
        }
    }

    /// A log of creations, updates and closes says when; what merely stands in a record came about before its last change.
    fn when(&self, known: Option<&Known>, moments: &Moments) -> When {
        let activity = self.value.word_at(&["activity_id"]);
        match (activity.as_deref(), known) {
            (Some("3"), _) | (Some("1" | "2"), Some(_)) => When::At(moments.changed),
            (_, Some(known)) => When::Between(known.changed, moments.changed.end()),
            (_, None) => When::Between(moments.first.at, moments.changed.end()),
        }
    }

    /// Everything that differs from what was known; what is known now.
    fn changes(
        &self,
        ocsf: &Ocsf,
        story: &mut Story<'_>,
        known: Option<&Known>,
        when: &When,
        resource: Option<&String>,
    ) -> Known {
        let before = known.cloned().unwrap_or_else(|| Known::nothing(when));
        let mut now = Known { changed: when.end().max(before.changed), ..before.clone() };
        now.owner = self.owner().map(Into::into).or(before.owner.clone());
        if let Some(owner) = now.owner.as_deref().filter(|_| now.owner != before.owner) {
            let name = if before.owner.is_some() { EventName::Reassigned } else { EventName::Assigned };
            story.tell(story.event(name, when).text(Field::To, owner));
        }
        now.verdict = self.value.word_at(&["verdict_id"]).map(Into::into);
        if now.verdict != before.verdict && self.verdict(story, when, resource, &mut now) {
            return now;
        }
        if let Some(passed) = self.compliance() {
            now.passed = passed;
        }
        self.checked(story, when, &before, &mut now);
        self.status(ocsf, story, when, &mut now);
        now
    }

    /// A verdict that settles the matter; whether it did.
    fn verdict(&self, story: &mut Story<'_>, when: &When, resource: Option<&String>, now: &mut Known) -> bool {
        let event = match now.verdict.as_deref() {
            Some("1") => story.event(EventName::FalsePositive, when),
            Some("3" | "5") => story.event(EventName::Closed, when).text(Field::ReasonCode, "other"),
            Some("10") => match self.original(resource) {
                Some(original) => story.event(EventName::Merged, when).text(Field::To, &original),
                None => {
                    story.understood.quiet("a duplicate of something that is not named");
                    return false;
                }
            },
            _ => return false,
        };
        story.tell(event.maybe(Field::RawStatus, self.value.text_at(&["verdict"])));
        now.phase = Some(Phase::Closed);
        true
    }

    /// The item a duplicate names as its original: it must be the only one it is related to.
    fn original(&self, resource: Option<&String>) -> Option<String> {
        let related = self.info.list_at(&["related_events"]);
        let [one] = related else { return None };
        let uid = one.word_at(&["uid"])?;
        let resource = resource.filter(|_| !self.class.stands_alone());
        Some(fitted(resource.map_or_else(|| uid.clone(), |resource| format!("{uid}@{resource}"))))
    }

    /// A check that passes is an independent look; one that fails again found it again.
    fn checked(&self, story: &mut Story<'_>, when: &When, before: &Known, now: &mut Known) {
        match self.compliance() {
            Some(true) if !before.passed => {
                let event = story.event(EventName::Verified, &When::At(Moment::exact(when.end())));
                story.tell(event.text(Field::Method, "control_test").text(Field::ActorType, "system"));
            }
            Some(false) if before.passed || before.phase == Some(Phase::Closed) => {
                story.tell(story.event(EventName::Redetected, when).text(Field::ActorType, "system"));
                now.phase = Some(Phase::New);
            }
            _ => {}
        }
    }

    fn status(&self, ocsf: &Ocsf, story: &mut Story<'_>, when: &When, now: &mut Known) {
        let number = self.number();
        let Some(word) = self.word() else { return };
        if let Some(name) = ocsf.settings.event_of(&word) {
            return story.tell(story.event(name, when).text(Field::RawStatus, &word));
        }
        let number = number.unwrap_or_default();
        let status = self.class.status(&number);
        let Some(phase) = status.phase() else {
            if !is_back(&word) {
                return story.unknown_status(&word);
            }
            if now.phase != Some(Phase::New) {
                story.tell(story.event(self.class.back(), when).text(Field::RawStatus, &word));
                now.phase = Some(Phase::New);
            }
            return;
        };
        if self.class.depends(&number) {
            story.meet(Rule::StatusByClass);
        }
        // A check that fails again reopens its finding, whose own status may follow later.
        let lags = phase == Phase::Closed && now.phase == Some(Phase::New) && self.compliance() == Some(false);
        if lags || now.phase == Some(phase) {
            return;
        }
        for name in Phase::steps(now.phase, phase, self.class.back()) {
            self.step(story, name, status, when, &word);
        }
        now.phase = Some(phase);
    }

    fn step(&self, story: &mut Story<'_>, name: EventName, status: Status, when: &When, word: &str) {
        if name == EventName::Closed && status == Status::Fixed {
            story.tell(story.event(EventName::FixApplied, when));
        }
        let mut event = story.event(name, when).text(Field::RawStatus, word);
        if name == EventName::Closed && matches!(status, Status::PutAway | Status::Deleted) {
            event = event.text(Field::ReasonCode, "other");
        }
        if status == Status::Deleted {
            story.meet(Rule::DeletedNotFixed);
        }
        story.tell(event);
    }

    fn opening(
        &self,
        ocsf: &Ocsf,
        story: &Story<'_>,
        moments: &Moments,
        resource: Option<&String>,
        severity: Option<Meant>,
    ) -> Event {
        let types = self.info.texts_at(&["types"]);
        let kind = self.class.kind(&types).or_else(|| ocsf.settings.kind.as_deref().and_then(|kind| kind.parse().ok()));
        let cves = self.texts(&["vulnerabilities"], &[&["cve", "uid"]]);
        let attacks = self.texts(&["attacks"], &[&["technique", "uid"]]);
        let attacks = if attacks.is_empty() { self.info_attacks() } else { attacks };
        let weakness = self.value.word_at(&["compliance", "control"]).or_else(|| cves.first().cloned());
        let weakness = weakness.or_else(|| self.info.word_at(&["analytic", "uid"]));
        let ticket = self.texts(&["tickets"], &[&["uid"]]).into_iter().next();
        let identity = resource.filter(|_| kind == Some(Kind::Identity)).map(String::as_str);
        story
            .event_at(EventName::Detected, &moments.first)
            .text(Field::ActorType, "system")
            .maybe(Field::Kind, kind.map(Kind::as_str))
            .maybe(Field::Severity, severity.and_then(Meant::as_word))
            .maybe(Field::RawSeverity, self.raw_severity().as_deref())
            .text(Field::Weakness, weakness.as_deref().unwrap_or(&self.uid))
            .maybe(Field::Asset, resource.filter(|_| identity.is_none()).map(String::as_str))
            .maybe(Field::Identity, identity)
            .maybe(Field::Team, self.value.text_at(&["assignee_group", "name"]))
            .maybe(Field::Ticket, ticket.or_else(|| self.value.word_at(&["ticket", "uid"])).as_deref())
            .list(Field::Cve, &cves)
            .list(Field::Technique, &attacks)
            .standing(Some(moments.changed.end()))
    }
}

/// The standard has no number for what was over and is open again: tools that know it say so in a word.
pub(super) fn is_back(word: &str) -> bool {
    ["reopened", "re-opened", "reactivated"].iter().any(|known| known.eq_ignore_ascii_case(word.trim()))
}

impl Known {
    fn nothing(when: &When) -> Self {
        Self { first: when.end(), changed: when.end(), phase: None, passed: false, verdict: None, owner: None }
    }
}
