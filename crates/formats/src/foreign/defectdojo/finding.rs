//! What do the flags and dates of one DefectDojo finding say?

use super::{
    super::{
        Rule, Understood,
        clock::Moment,
        event::Event,
        severity::{Meant, WORDS},
        story::{Story, When, brief, word},
    },
    ADAPTER, DefectDojo, Known,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, quarantine::Reason};

/// What DefectDojo notes when an upload closes what it does not hold.
const REIMPORT_NOTES: [&str; 3] = ["re-upload", "reimport", "not present anymore in recent scans"];

pub(super) struct Finding<'a> {
    value: &'a Value<'a>,
    id: String,
}

/// The moments of a finding.
struct Moments {
    found: Option<Moment>,
    created: Option<Moment>,
    /// The earliest evidence of it.
    first: Moment,
    /// The last change of its flags.
    changed: Option<Moment>,
    mitigated: Option<Moment>,
}

impl Moments {
    /// A change of a flag without a date of its own: after it began, until the flags last changed. Held where nothing says.
    fn flagged(&self, story: &mut Story<'_>, flag: &str) -> Option<When> {
        let after = self.created.unwrap_or(self.first).at;
        if self.changed.is_none() {
            story.undated("last_status_update", flag);
        }
        self.changed.map(|changed| When::Between(after, changed.end().max(after)))
    }
}

impl<'a> Finding<'a> {
    pub(super) fn of(value: &'a Value<'a>) -> Option<Self> {
        Some(Self { value, id: value.word_at(&["id"])? })
    }

    pub(super) fn translate(&self, dojo: &mut DefectDojo, understood: &mut Understood) {
        let clock = dojo.clock.clone();
        let mut story = Story::of(ADAPTER.name, &clock, &self.id, understood).standing();
        story.turn_to(item_of(&self.id), self.id.clone());
        let Some(moments) = self.moments(&mut story) else { return };
        if !self.open(dojo, &mut story, &moments) {
            return;
        }
        self.triaged(&mut story, &moments);
        self.accepted(&mut story, &moments);
        let closed = self.closed(dojo, &mut story, &moments);
        self.settled(&mut story, &moments);
        self.compared(dojo, &mut story, &moments, closed);
    }

    fn moments(&self, story: &mut Story<'_>) -> Option<Moments> {
        let held = story.understood.outcomes.len();
        let found = story.time(self.value, &["date"]);
        let created = story.time(self.value, &["created"]);
        let changed = story.time(self.value, &["last_status_update"]);
        let changed = changed.or_else(|| story.time(self.value, &["last_reviewed"]));
        let mitigated = story.time(self.value, &["mitigated"]);
        let Some(first) = found.or(created) else {
            if story.understood.outcomes.len() == held {
                let detail = "no `date` and no `created`".to_owned();
                story.hold(Fault::of("date", Reason::MissingField, detail));
            }
            return None;
        };
        Some(Moments { found, created, first, changed, mitigated })
    }

    /// Found and written down; whether it lies in scope.
    fn open(&self, dojo: &DefectDojo, story: &mut Story<'_>, moments: &Moments) -> bool {
        let raw = word(story, self.value, &["severity"]);
        let meant = raw.as_deref().map(|word| Meant::on(WORDS, &dojo.settings, word));
        let described = |event: Event| {
            let kind = dojo.settings.kind.as_deref();
            event
                .maybe(Field::Kind, kind)
                .maybe(Field::Severity, meant.and_then(Meant::as_word))
                .maybe(Field::RawSeverity, raw.as_deref())
                .text(Field::Weakness, &self.weakness())
                .maybe(Field::Asset, self.asset().as_deref())
                .maybe(Field::Service, self.value.text_at(&["service"]))
                .list(Field::Cve, &self.cves())
                .standing(moments.changed.map(|changed| changed.end()))
        };
        let below = meant == Some(Meant::Below);
        if let Some(found) = &moments.found {
            story.tell(described(story.event_at(EventName::Detected, found)));
        }
        match &moments.created {
            Some(created) if !below || moments.found.is_none() => {
                let event = described(story.event_at(EventName::Ticketed, created));
                story.tell(self.promised(event));
            }
            _ => {}
        }
        !below
    }

    /// What the tool itself says of its promise.
    fn promised(&self, event: Event) -> Event {
        let left: Option<i64> = self.value.word_at(&["sla_days_remaining"]).and_then(|days| days.parse().ok());
        let closed = self.is("is_mitigated");
        let claim = left.map(|left| match (left < 0, closed) {
            (true, _) => "breached",
            (false, true) => "met",
            (false, false) => "running",
        });
        event.maybe(Field::ReportedDue, self.value.text_at(&["sla_expiration_date"])).maybe(Field::ReportedSla, claim)
    }

    /// Its word `verified` says that somebody found it real, not that it is gone.
    fn triaged(&self, story: &mut Story<'_>, moments: &Moments) {
        let verified = self.is("verified");
        if verified {
            story.meet(Rule::VerifiedMeansTriaged);
        }
        if verified || self.is("under_review") {
            let status = if verified { "verified" } else { "under_review" };
            if let Some(when) = moments.flagged(story, status) {
                story.tell(story.event(EventName::Triaged, &when).text(Field::RawStatus, status));
            }
        }
    }

    fn accepted(&self, story: &mut Story<'_>, moments: &Moments) {
        let mut known = false;
        for acceptance in self.value.list_at(&["accepted_risks"]).iter().filter(|one| matches!(one, Value::Map(_))) {
            known = true;
            self.acceptance(story, moments, acceptance);
        }
        if self.is("risk_accepted") && !known {
            story.meet(Rule::AcceptedWithoutEnd);
            self.excepted(story, moments, "risk_accepted", None);
        }
        if self.is("out_of_scope") {
            self.excepted(story, moments, "out_of_scope", Some("out_of_scope"));
        }
    }

    /// An acceptance of which nothing but a flag is known.
    fn excepted(&self, story: &mut Story<'_>, moments: &Moments, flag: &str, code: Option<&str>) {
        if let Some(when) = moments.flagged(story, flag) {
            let event = story.event(EventName::ExceptionGranted, &when).maybe(Field::ReasonCode, code);
            story.tell(event.text(Field::RawStatus, flag));
        }
    }

    /// One acceptance of the risk, with the end it was promised.
    fn acceptance(&self, story: &mut Story<'_>, moments: &Moments, acceptance: &Value<'_>) {
        let created = story.time(acceptance, &["created"]).map(When::At);
        let Some(when) = created.or_else(|| moments.flagged(story, "risk_accepted")) else { return };
        let end = story.time(acceptance, &["expiration_date"]);
        if acceptance.word_at(&["expiration_date"]).is_none() {
            story.meet(Rule::AcceptedWithoutEnd);
        }
        let expires = end.map(|end| end.end().to_string());
        let event = story
            .event(EventName::ExceptionGranted, &when)
            .maybe(Field::ExpiresAt, expires.as_deref())
            .maybe(Field::Actor, acceptance.word_at(&["accepted_by"]).as_deref())
            .maybe(Field::Reason, acceptance.text_at(&["decision_details"]).map(brief).as_deref())
            .text(Field::RawStatus, "risk_accepted");
        story.tell(event);
        if let Some(handled) = story.time(acceptance, &["expiration_date_handled"]) {
            story.tell(story.event_at(EventName::ExceptionExpired, &handled));
        }
    }

    /// Closed by whoever mitigated it; when, if it was.
    fn closed(&self, dojo: &DefectDojo, story: &mut Story<'_>, moments: &Moments) -> Option<When> {
        if !self.is("is_mitigated") {
            return None;
        }
        if self.by_reimport() {
            story.meet(Rule::MitigatedByReimport);
            if !dojo.settings.complete {
                story.meet(Rule::AbsenceUnproven);
            }
        }
        let when = match moments.mitigated {
            Some(at) => {
                if !story.ends_after("mitigated", &moments.first, &at) {
                    return None;
                }
                When::At(at)
            }
            None => {
                story.meet(Rule::NoClosingDate);
                moments.flagged(story, "is_mitigated")?
            }
        };
        if self.is("false_p") || self.is("duplicate") {
            return Some(when);
        }
        let by = ["username", "id"].iter().find_map(|key| self.value.word_at(&["mitigated_by", key]));
        let by = by.or_else(|| self.value.word_at(&["mitigated_by"]));
        let event = story.event(EventName::Closed, &when).maybe(Field::Actor, by.as_deref());
        story.tell(event.text(Field::RawStatus, "mitigated"));
        Some(when)
    }

    /// Whether a note says that a later upload did not hold it.
    fn by_reimport(&self) -> bool {
        self.value.list_at(&["notes"]).iter().filter_map(|note| note.text_at(&["entry"])).any(|entry| {
            let entry = entry.to_ascii_lowercase();
            REIMPORT_NOTES.iter().any(|part| entry.contains(part))
        })
    }

    /// Never a weakness, or the same one as another.
    fn settled(&self, story: &mut Story<'_>, moments: &Moments) {
        let reasons = ["is_mitigated", "false_p", "duplicate", "out_of_scope", "risk_accepted", "under_review"];
        if self.value.truth_at(&["active"]) == Some(false) && !reasons.iter().any(|flag| self.is(flag)) {
            story.understood.quiet("inactive, and nothing says why");
        }
        let Some(flag) = ["false_p", "duplicate"].into_iter().find(|flag| self.is(flag)) else { return };
        let mitigated = moments.mitigated.filter(|at| at.at >= moments.first.at).map(When::At);
        let Some(when) = mitigated.or_else(|| moments.flagged(story, flag)) else { return };
        if self.is("false_p") {
            story.tell(story.event(EventName::FalsePositive, &when).text(Field::RawStatus, "false_p"));
        }
        if self.is("duplicate") {
            self.merged(story, &when);
        }
    }

    fn merged(&self, story: &mut Story<'_>, when: &When) {
        let original = self.value.word_at(&["duplicate_finding", "id"]);
        match original.or_else(|| self.value.word_at(&["duplicate_finding"])) {
            Some(original) => {
                let event = story.event(EventName::Merged, when).text(Field::To, &item_of(&original));
                story.tell(event.text(Field::RawStatus, "duplicate"));
            }
            None => story.understood.quiet("a duplicate of something that is not named"),
        }
    }

    /// What an earlier record of the same finding knew, and this one no longer says.
    fn compared(&self, dojo: &mut DefectDojo, story: &mut Story<'_>, moments: &Moments, closed: Option<When>) {
        let promised_from: Option<Box<str>> = self.value.text_at(&["sla_start_date"]).map(Into::into);
        let known = dojo.known.get(&self.id);
        if let Some(closed) =
            known.and_then(|known| known.closed).filter(|_| !self.is("is_mitigated") && self.is("active"))
        {
            story.meet(Rule::HistoryRewritten);
            let by = moments.changed.map_or(closed, |changed| changed.end()).max(closed);
            story.tell(story.event(EventName::Redetected, &When::Between(closed, by)));
        }
        let before = known.map(|known| known.promised_from.clone());
        let moved = match &before {
            Some(before) => *before != promised_from,
            None => promised_from.as_deref().is_some_and(|from| Some(from) != self.value.text_at(&["date"])),
        };
        if moved {
            story.meet(Rule::SlaRestarted);
        }
        dojo.known.insert(self.id.clone(), Known { closed: closed.map(|when| when.end()), promised_from });
    }

    fn is(&self, flag: &str) -> bool {
        self.value.truth_at(&[flag]) == Some(true)
    }

    fn cves(&self) -> Vec<String> {
        let ids = self.value.list_at(&["vulnerability_ids"]).iter().filter_map(|id| id.word_at(&["vulnerability_id"]));
        let mut cves: Vec<String> = ids.filter(|id| id.starts_with("CVE-")).collect();
        cves.extend(self.value.word_at(&["cve"]).filter(|cve| !cves.contains(cve)));
        cves
    }

    /// The rule of the scanner that found it, else its first name in the catalogues, else its title.
    fn weakness(&self) -> String {
        let rule = self.value.word_at(&["vuln_id_from_tool"]).or_else(|| self.cves().first().cloned());
        rule.or_else(|| self.value.word_at(&["title"])).unwrap_or_else(|| self.id.clone())
    }

    fn asset(&self) -> Option<String> {
        let product = ["related_fields", "test", "engagement", "product", "name"];
        self.value.word_at(&product).or_else(|| self.value.word_at(&["component_name"]))
    }
}

/// Duplicates name their original by its number alone, so the number is all an item is made of.
fn item_of(id: &str) -> String {
    format!("defectdojo-{id}")
}
