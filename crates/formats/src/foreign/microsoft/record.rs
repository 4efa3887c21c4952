//! What does an incident or alert say as it stands? Nothing of what lies between its creation and its last change.

use super::{
    super::{
        Rule, Understood,
        clock::Moment,
        severity::Meant,
        story::{Phase, Story, When, brief},
    },
    ADAPTER, Ending, Microsoft,
    names::{Names, first_word},
    phase_of, severity_of,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event::Certainty, event_name::EventName, kind::Kind, quarantine::Reason};

pub(super) fn translate(microsoft: &Microsoft, value: &Value<'_>, names: &'static Names, understood: &mut Understood) {
    let Some(id) = first_word(value, names.id) else {
        let mut story = Story::of(ADAPTER.name, &microsoft.clock, "?", understood);
        return story.hold(Fault::of("id", Reason::MissingField, "no id of the incident or alert".to_owned()));
    };
    let mut story = Story::of(ADAPTER.name, &microsoft.clock, &id, understood).standing();
    let first = story.time(value, names.first);
    let last = story.time(value, names.last);
    let Some(created) = story.time(value, names.created) else {
        if value.word_at(names.created).is_none() {
            let field = names.created.join(".");
            story.hold(Fault::of(&field, Reason::MissingField, format!("no `{field}`")));
        }
        return;
    };
    let first = first.map(|first| story.in_order(first, last).0);
    let modified = story.time(value, names.modified);
    let standing = Standing { microsoft, value, names, first, created, modified };
    if standing.open(&mut story) {
        standing.changes(&mut story);
    }
}

struct Standing<'a> {
    microsoft: &'a Microsoft,
    value: &'a Value<'a>,
    names: &'static Names,
    first: Option<Moment>,
    created: Moment,
    modified: Option<Moment>,
}

impl Standing<'_> {
    /// What it was before anybody looked, and that it was then written down; whether it lies in scope.
    fn open(&self, story: &mut Story<'_>) -> bool {
        let raw = self.value.word_at(self.names.severity);
        let meant = raw.as_deref().map(|word| severity_of(&self.microsoft.settings, word));
        let detected = match self.first.filter(|first| first.at < self.created.at) {
            Some(first) => story.event_at(EventName::Detected, &first).sure(Certainty::Derived),
            None => story.event_at(EventName::Detected, &self.created),
        };
        let event = detected
            .text(Field::ActorType, "system")
            .text(Field::Kind, Kind::Incident.as_str())
            .maybe(Field::Severity, meant.and_then(Meant::as_word))
            .maybe(Field::RawSeverity, raw.as_deref())
            .maybe(Field::Asset, first_word(self.value, self.names.asset).as_deref())
            .list(Field::Technique, &self.value.texts_at(self.names.techniques))
            .standing(self.modified.map(|modified| modified.end()));
        story.tell(event);
        if meant == Some(Meant::Below) {
            return false;
        }
        story.tell(story.event_at(EventName::Ticketed, &self.created));
        true
    }

    /// What came about between its creation and its last change.
    fn changes(&self, story: &mut Story<'_>) {
        let owner = first_word(self.value, self.names.owner);
        let word = self.value.word_at(self.names.status).unwrap_or_default();
        let mapped = self.microsoft.settings.event_of(&word);
        let phase = phase_of(&word);
        let name = mapped.or((phase == Some(Phase::Working)).then_some(EventName::Triaged));
        let since = self.modified.map(|by| When::Between(self.created.at, by.end().max(self.created.at)));
        match since {
            Some(since) => {
                if let Some(owner) = owner {
                    story.tell(story.event(EventName::Assigned, &since).text(Field::To, &owner));
                }
                if let Some(name) = name {
                    story.tell(story.event(name, &since).text(Field::RawStatus, &word));
                }
            }
            None if owner.is_some() || name.is_some() => story.undated(&self.names.modified.join("."), &word),
            None => {}
        }
        match phase {
            _ if mapped.is_some() => {}
            Some(Phase::Closed) => self.closed(story, &word, since),
            Some(Phase::New | Phase::Working) => self.opened_again(story),
            Some(Phase::Paused | Phase::Excepted) => {}
            None => story.unknown_status(&word),
        }
    }

    /// Open, and it still says when it was closed: it was opened again since, and nothing says who did either.
    fn opened_again(&self, story: &mut Story<'_>) {
        let Some(closed) = self.names.closed.and_then(|path| story.time(self.value, path)) else { return };
        story.meet(Rule::ClosedTimeIsLast);
        let start = self.first.filter(|first| first.at < self.created.at).unwrap_or(self.created);
        if !story.ends_after(&self.names.closed.unwrap_or(&[]).join("."), &start, &closed) {
            return;
        }
        story.tell(story.event_at(EventName::Closed, &closed));
        let by = self.modified.map_or(closed.end(), |modified| modified.end().max(closed.end()));
        story.tell(story.event(EventName::Reopened, &When::Between(closed.end(), by)));
    }

    fn closed(&self, story: &mut Story<'_>, word: &str, since: Option<When>) {
        let at = self.names.closed.and_then(|path| story.time(self.value, path));
        let when = match (at, self.modified, since) {
            (Some(at), _, _) => When::At(at),
            (None, Some(modified), Some(since)) => {
                story.meet(Rule::ClosingTimeGuessed);
                if !story.ends_after(&self.names.modified.join("."), &self.created, &modified) {
                    return;
                }
                since
            }
            _ => return story.meet(Rule::NoClosingDate),
        };
        let start = self.first.filter(|first| first.at < self.created.at).unwrap_or(self.created);
        if let When::At(at) = &when
            && !story.ends_after(&self.names.closed.unwrap_or(&[]).join("."), &start, at)
        {
            return;
        }
        let ending = Ending::of(self.value.text_at(self.names.classification));
        let event = story
            .event(ending.event(), &when)
            .maybe(Field::ReasonCode, ending.reason_code())
            .maybe(Field::Reason, first_word(self.value, self.names.reason).as_deref().map(brief).as_deref())
            .text(Field::RawStatus, word);
        story.tell(event);
    }
}
