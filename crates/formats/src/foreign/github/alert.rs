//! What does one alert of GitHub say?

use super::{
    super::{
        Rule, Settings, Understood,
        clock::{Clock, Moment},
        severity::{Meant, WORDS},
        story::{Story, When, brief, word},
    },
    ADAPTER,
    ends::{End, end_of},
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, kind::Kind, quarantine::Reason};

/// Which of the three kinds of alerts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Dependency,
    Code,
    Secret,
}

impl Family {
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        value.at(&["number"])?;
        // A webhook tells of a secret without its state.
        value.at(&["state"]).or(value.at(&["secret_type"]).and(value.at(&["resolution"])))?;
        if value.at(&["dependency"]).is_some() && value.at(&["security_advisory"]).is_some() {
            Some(Self::Dependency)
        } else if value.at(&["rule"]).is_some() && value.at(&["tool"]).is_some() {
            Some(Self::Code)
        } else {
            value.at(&["secret_type"]).is_some().then_some(Self::Secret)
        }
    }

    const fn as_word(self) -> &'static str {
        match self {
            Self::Dependency => "dependabot",
            Self::Code => "code-scanning",
            Self::Secret => "secret-scanning",
        }
    }
}

/// One alert. What a secret is, it never says.
pub(super) struct Alert<'a> {
    value: &'a Value<'a>,
    /// What names the repository where the alert does not.
    around: Option<&'a Value<'a>>,
    family: Family,
    number: String,
}

impl<'a> Alert<'a> {
    pub(super) fn of(value: &'a Value<'a>, family: Family) -> Self {
        Self { value, around: None, family, number: value.word_at(&["number"]).unwrap_or_default() }
    }

    /// The same as it stands in a webhook, beside its repository.
    pub(super) fn within(self, around: &'a Value<'a>) -> Self {
        Self { around: Some(around), ..self }
    }

    /// The item, and what the ids of its events are made of.
    pub(super) fn names(&self) -> Option<(String, String)> {
        let repository = self.repository()?;
        let native = format!("{repository}/{}/{}", self.family.as_word(), self.number);
        Some((self.item(&repository), native))
    }

    pub(super) fn translate(&self, settings: &Settings, clock: &Clock, understood: &mut Understood) {
        let mut story = Story::of(ADAPTER.name, clock, &self.number, understood).standing();
        let Some(repository) = self.repository() else {
            let fault = Fault::of("repository", Reason::MissingField, "no `repository.full_name`".to_owned());
            return story.hold(fault.hint("keep `html_url` or `repository` in the export"));
        };
        let native = format!("{repository}/{}/{}", self.family.as_word(), self.number);
        story.turn_to(self.item(&repository), native);
        let Some(created) = story.time(self.value, &["created_at"]) else {
            if self.value.word_at(&["created_at"]).is_none() {
                story.hold(Fault::of("created_at", Reason::MissingField, "no `created_at`".to_owned()));
            }
            return;
        };
        if self.open(settings, &mut story, &repository, &created) {
            self.state(settings, &mut story, &created);
        }
    }

    /// The repository by its name, else out of an address of the alert.
    fn repository(&self) -> Option<String> {
        let named = |value: &Value<'_>| value.word_at(&["repository", "full_name"]);
        if let Some(name) = named(self.value).or_else(|| named(self.around?)) {
            return Some(name);
        }
        let html = self.value.text_at(&["html_url"]).and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
        let html = html.and_then(|rest| rest.split_once('/')).map(|(_, path)| path);
        let path = html.or_else(|| self.value.text_at(&["url"])?.split_once("/repos/").map(|(_, path)| path))?;
        let mut parts = path.split('/');
        let (owner, name) = (parts.next()?, parts.next()?);
        (!owner.is_empty() && !name.is_empty()).then(|| format!("{owner}/{name}"))
    }

    /// The weakness by its own name, so that it is the same when it comes back.
    fn item(&self, repository: &str) -> String {
        let at = |path: &[&str]| self.value.word_at(path).unwrap_or_default();
        let (weakness, number) = (self.weakness(), &self.number);
        match self.family {
            Family::Dependency => {
                let (package, manifest) =
                    (at(&["dependency", "package", "name"]), at(&["dependency", "manifest_path"]));
                format!("{weakness}:{package}@{repository}:{manifest}")
            }
            Family::Code | Family::Secret => format!("{weakness}#{number}@{repository}"),
        }
    }

    fn weakness(&self) -> String {
        let paths: [&[&str]; 2] = match self.family {
            Family::Dependency => [&["security_advisory", "ghsa_id"], &["security_advisory", "cve_id"]],
            Family::Code => [&["rule", "id"], &["rule", "name"]],
            Family::Secret => [&["secret_type"], &["secret_type_display_name"]],
        };
        paths.iter().find_map(|path| self.value.word_at(path)).unwrap_or_else(|| self.family.as_word().to_owned())
    }

    /// The severity that is about security; a rule of code may only have one for programmers.
    fn severity(&self, story: &mut Story<'_>) -> Option<String> {
        let paths: [&[&str]; 2] = match self.family {
            Family::Dependency => [&["security_vulnerability", "severity"], &["security_advisory", "severity"]],
            Family::Code => [&["rule", "security_severity_level"], &["rule", "severity"]],
            Family::Secret => return None,
        };
        paths.iter().find_map(|path| word(story, self.value, path))
    }

    /// What it was when it was found; whether it lies in scope.
    fn open(&self, settings: &Settings, story: &mut Story<'_>, repository: &str, created: &Moment) -> bool {
        let raw = self.severity(story);
        let meant = raw.as_deref().map(|word| Meant::on(WORDS, settings, word));
        let changed = story.as_of(self.value, &["updated_at"]);
        let kind = settings.kind.as_deref().and_then(|kind| kind.parse().ok()).unwrap_or(match self.family {
            Family::Dependency | Family::Code => Kind::Vulnerability,
            Family::Secret => Kind::Posture,
        });
        let cves: Vec<String> = word(story, self.value, &["security_advisory", "cve_id"]).into_iter().collect();
        let event = story
            .event_at(EventName::Detected, created)
            .text(Field::ActorType, "system")
            .text(Field::Kind, kind.as_str())
            .maybe(Field::Severity, meant.and_then(Meant::as_word))
            .maybe(Field::RawSeverity, raw.as_deref())
            .text(Field::Weakness, &self.weakness())
            .text(Field::Asset, repository)
            .maybe(Field::Patch, self.patch().as_deref())
            .list(Field::Cve, &cves)
            .standing(changed);
        story.tell(event);
        meant != Some(Meant::Below)
    }

    fn patch(&self) -> Option<String> {
        self.value.word_at(&["security_vulnerability", "first_patched_version", "identifier"])
    }

    fn state(&self, settings: &Settings, story: &mut Story<'_>, created: &Moment) {
        let implied = if self.value.word_at(&["resolved_at"]).is_some() { "resolved" } else { "open" };
        let said = word(story, self.value, &["state"]);
        let Some(state) = said.or_else(|| (self.family == Family::Secret).then(|| implied.to_owned())) else { return };
        if let Some(name) = settings.event_of(&state) {
            let Some(by) = story.time(self.value, &["updated_at"]) else { return story.undated("updated_at", &state) };
            let when = When::Between(created.at, by.end().max(created.at));
            return story.tell(story.event(name, &when).text(Field::RawStatus, &state));
        }
        match state.as_str() {
            "open" => {}
            "fixed" => self.fixed(story, created),
            "auto_dismissed" => self.dismissed_by_rule(story, created),
            "dismissed" => self.ended(settings, story, created, ("dismissed_at", "dismissed_by", "dismissed_reason")),
            "resolved" => self.ended(settings, story, created, ("resolved_at", "resolved_by", "resolution")),
            other => story.unknown_status(other),
        }
    }

    /// The platform looked again and did not find it: the fix lies before that.
    fn fixed(&self, story: &mut Story<'_>, created: &Moment) {
        let Some(fixed) = story.time(self.value, &["fixed_at"]) else { return story.meet(Rule::NoClosingDate) };
        if !story.ends_after("fixed_at", created, &fixed) {
            return;
        }
        story.tell(story.event(EventName::FixApplied, &When::Between(created.at, fixed.at)));
        let event = story.event_at(EventName::Verified, &fixed).text(Field::Method, "rescan");
        story.tell(event.text(Field::ActorType, "system").text(Field::Actor, "github").text(Field::RawStatus, "fixed"));
    }

    fn dismissed_by_rule(&self, story: &mut Story<'_>, created: &Moment) {
        let Some(at) = story.time(self.value, &["auto_dismissed_at"]) else { return story.meet(Rule::NoClosingDate) };
        if story.ends_after("auto_dismissed_at", created, &at) {
            story.meet(Rule::AcceptedWithoutEnd);
            let event = story.event_at(EventName::ExceptionGranted, &at).text(Field::ReasonCode, "other");
            story.tell(event.text(Field::ActorType, "system").text(Field::RawStatus, "auto_dismissed"));
        }
    }

    /// Put away by a person: most of their reasons accept the risk, whatever the button is called.
    fn ended(&self, settings: &Settings, story: &mut Story<'_>, created: &Moment, keys: (&str, &str, &str)) {
        let (at_key, by_key, reason_key) = keys;
        let reason = word(story, self.value, &[reason_key]);
        let Some(at) = story.time(self.value, &[at_key]) else { return story.meet(Rule::NoClosingDate) };
        if !story.ends_after(at_key, created, &at) {
            return;
        }
        let said = reason.as_deref().and_then(|reason| settings.event_of(reason));
        let ends = match said {
            Some(name) => vec![End::plain(name)],
            None => match end_of(reason.as_deref()) {
                Some(ends) => ends.to_vec(),
                None => return story.unknown_status(reason.as_deref().unwrap_or_default()),
            },
        };
        let comment = word(story, self.value, &["dismissed_comment"]);
        let comment = comment.or_else(|| word(story, self.value, &["resolution_comment"])).as_deref().map(brief);
        let by = word(story, self.value, &[by_key, "login"]);
        for end in ends {
            end.rule.into_iter().for_each(|rule| story.meet(rule));
            let event = story
                .event_at(end.name, &at)
                .maybe(Field::ReasonCode, end.code)
                .maybe(Field::Actor, by.as_deref())
                .maybe(Field::Reason, comment.as_deref())
                .maybe(Field::RawStatus, reason.as_deref());
            story.tell(event);
        }
    }
}
