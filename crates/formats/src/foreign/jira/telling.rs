//! What does every event of an issue carry, and which part of a change tells what?

use super::{
    ADAPTER,
    history::{Change, Item, LINK, Timeline, Word},
    meaning::{Known, Stage, Verdict},
    severity::meant,
    story::Story,
};
use crate::{
    field::Field,
    foreign::{Settings, clock::Moment, event::Event},
    held::Fault,
};
use domain::event_name::EventName;

/// What one field of a change is about.
pub(super) enum Telling {
    Status,
    Assignee,
    Priority,
    Resolution,
    Due,
    Detected,
    Link,
}

impl Telling {
    /// What it is about, with the field it is about; `None` if that tells nothing.
    pub(super) fn of<'s>(item: &Item<'_>, settings: &'s Settings) -> Option<(&'s str, Self)> {
        let known = [
            ("status", Self::Status),
            ("assignee", Self::Assignee),
            ("priority", Self::Priority),
            ("resolution", Self::Resolution),
            ("duedate", Self::Due),
            (LINK, Self::Link),
        ];
        match settings.jira.field("detected_at").filter(|field| item.is(field)) {
            Some(field) => Some((field, Self::Detected)),
            None => known.into_iter().find(|(field, _)| item.is(field)),
        }
    }
}

impl Timeline<'_> {
    /// What its ids are made of.
    pub(super) fn number(&self) -> &str {
        self.id.as_deref().unwrap_or(self.key)
    }
}

impl<'a> Story<'a> {
    /// The item before a change.
    pub(super) fn item(&self, place: usize) -> String {
        self.timeline.item_before(place, &self.settings.jira)
    }

    /// What a change is called in the ids of its events.
    pub(super) fn native(&self, change: &Change<'a>) -> String {
        match &change.id {
            Some(id) => format!("history-{id}"),
            None => format!("issue-{}", self.timeline.number()),
        }
    }

    /// An event of the item as it is called before a change.
    pub(super) fn event(&self, name: EventName, place: usize, moment: &Moment, native: &str) -> Event {
        Event::new(name, &self.item(place), moment).id(ADAPTER.name, native)
    }

    /// An event that a change is, with who made it and the status it led to.
    pub(super) fn of_change(&self, name: EventName, place: usize, change: &Change<'a>) -> Event {
        let event = self.event(name, place.saturating_add(1), &change.at, &self.native(change));
        let is_app = change.author.and_then(|author| author.text_at(&["accountType"])) == Some("app");
        let status = change.item("status").and_then(|item| item.to.text_or_id());
        event
            .maybe(Field::Actor, change.actor().as_deref())
            .maybe(Field::ActorType, is_app.then_some("system"))
            .maybe(Field::RawStatus, status)
    }

    /// An event with what describes the item, as it was when the issue was created.
    pub(super) fn described(&self, name: EventName, moment: &Moment, native: &str) -> Event {
        let priority = self.timeline.before(0, "priority");
        let mut event = self
            .event(name, 0, moment, native)
            .text(Field::Ticket, &self.timeline.key_before(0))
            .maybe(Field::Severity, meant(&priority, self.settings).as_word())
            .maybe(Field::RawSeverity, priority.text_or_id())
            .maybe(Field::Kind, self.settings.kind.as_deref());
        for (ours, field) in DESCRIBING {
            let said = self.settings.jira.field(ours).map(|theirs| self.timeline.before(0, theirs));
            event = event.maybe(field, said.as_ref().and_then(Word::text_or_id));
        }
        match self.settings.jira.field("cve").and_then(|theirs| self.timeline.before(0, theirs).text) {
            Some(cve) => event.list(Field::Cve, &names_in(&cve)),
            None => event,
        }
    }

    pub(super) fn tell(&mut self, name: EventName, place: usize, change: &Change<'a>) {
        let event = self.of_change(name, place, change);
        self.push(event);
    }

    pub(super) fn push(&mut self, event: Event) {
        self.understood.outcomes.push(event.outcome());
    }

    pub(super) fn hold(&mut self, fault: Fault) {
        self.understood.hold(fault);
    }

    /// A time of the issue; one that cannot be read is held with its field.
    pub(super) fn read(&mut self, field: &str, text: &str) -> Option<Moment> {
        match self.clock.read(field, text) {
            Ok(moment) => {
                self.understood.meet_all(moment.met, self.timeline.key);
                Some(moment)
            }
            Err(fault) => {
                self.hold(fault);
                None
            }
        }
    }

    /// What a status means; how it is known is noted.
    pub(super) fn stage(&mut self, status: &Word) -> Option<Stage> {
        let known = self.meanings.stage(status);
        let name = status.text_or_id().unwrap_or_default();
        match &known {
            Some((_, Known::Surely)) => {}
            Some((_, Known::ByName)) => {
                self.named.insert(name.to_owned());
            }
            None if name.is_empty() => {}
            None => {
                self.unknown.insert(name.to_owned());
            }
        }
        known.map(|(stage, _)| stage)
    }

    /// What a resolution means; one that no list knows is noted.
    pub(super) fn verdict(&mut self, resolution: &Word) -> Option<Verdict> {
        let verdict = self.meanings.verdict(resolution);
        if let (None, Some(name)) = (verdict, resolution.text_or_id()) {
            self.unknown.insert(format!("resolution `{name}`"));
        }
        verdict
    }

    /// Whether it stands as done, as a duplicate.
    pub(super) fn is_duplicate(&mut self, place: usize) -> bool {
        let verdict = self.meanings.verdict(&self.timeline.after(place, "resolution"));
        let status = self.timeline.after(place, "status");
        verdict == Some(Verdict::Duplicate) && self.stage(&status).is_some_and(|stage| stage.is_done())
    }

    /// What ties the question to its answer: the issue, and the status in which it waits for one.
    pub(super) fn reference(&self, status: &Word) -> String {
        let status = status.id_or_text().unwrap_or_default();
        format!("{}:{}:{status}", ADAPTER.name, self.timeline.number())
    }
}

/// Fields of ours that describe an item and may stand in a field of the issue.
pub(super) const DESCRIBING: [(&str, Field); 7] = [
    ("weakness", Field::Weakness),
    ("asset", Field::Asset),
    ("asset_class", Field::AssetClass),
    ("identity", Field::Identity),
    ("service", Field::Service),
    ("owner", Field::Owner),
    ("team", Field::Team),
];

/// The names in a text that lists them.
pub(super) fn names_in(text: &str) -> Vec<String> {
    let names = text.split([',', ';', ' ']).map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// The day of a due date, which some write with a midnight behind it.
pub(super) fn day_of(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    let is_day = day.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_day.then_some(day)
}
