//! What was changed when, and what did a field say before and after each change?

use super::settings::JiraSettings;
use crate::{
    foreign::clock::{Clock, Moment},
    held::Fault,
    json::Value,
};
use domain::quarantine::Reason;

/// What a field says: by id, and in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) id: Option<String>,
    pub(super) text: Option<String>,
}

/// One field in one change.
#[derive(Debug)]
pub(super) struct Item<'a> {
    field: &'a str,
    field_id: &'a str,
    pub(super) from: Word,
    pub(super) to: Word,
}

/// What one person changed at one moment.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// Jira's own number for it.
    pub(super) id: Option<String>,
    pub(super) at: Moment,
    pub(super) author: Option<&'a Value<'a>>,
    pub(super) items: Vec<Item<'a>>,
}

/// The changes of one issue in their order, with what it says now.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    /// Jira's own number of the issue.
    pub(super) id: Option<String>,
    pub(super) key: &'a str,
    pub(super) fields: Option<&'a Value<'a>>,
    pub(super) changes: Vec<Change<'a>>,
    /// Where each field that matters was changed: the places of the change and of its part. A history may be long.
    tracked: Vec<(String, Vec<(usize, usize)>)>,
}

impl Word {
    pub(super) fn is_empty(&self) -> bool {
        self.id.is_none() && self.text.is_none()
    }

    /// Its id, or else its text.
    pub(super) fn id_or_text(&self) -> Option<&str> {
        self.id.as_deref().or(self.text.as_deref())
    }

    /// Its text, or else its id.
    pub(super) fn text_or_id(&self) -> Option<&str> {
        self.text.as_deref().or(self.id.as_deref())
    }

    /// What a field of an issue says: plain, a person, an option, or several of them.
    pub(super) fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null | Value::Bool(_) => Self::default(),
            Value::Text(text) | Value::Number(text) => {
                let text = Some(text.as_ref().to_owned()).filter(|text| !text.is_empty());
                Self { id: text.clone(), text }
            }
            Value::List(items) => {
                let texts: Vec<String> = items.iter().filter_map(|item| Self::of(item).text).collect();
                let text = Some(texts.join(", ")).filter(|text| !text.is_empty());
                Self { id: text.clone(), text }
            }
            Value::Map(_) => {
                let first = |keys: [&str; 4]| keys.iter().find_map(|key| value.word_at(&[key]));
                let text = first(["value", "name", "displayName", "key"]);
                Self { id: first(["accountId", "id", "key", "name"]), text }
            }
        }
    }
}

impl<'a> Item<'a> {
    fn of(value: &'a Value<'a>) -> Self {
        let word = |id: &str, text: &str| Word { id: value.word_at(&[id]), text: value.word_at(&[text]) };
        Self {
            field: value.text_at(&["field"]).unwrap_or_default(),
            field_id: value.text_at(&["fieldId"]).unwrap_or_default(),
            from: word("from", "fromString"),
            to: word("to", "toString"),
        }
    }

    /// Whether it is of that field: by its id, or by its name. A field that somebody added may bear any name, so it goes
    /// by its id alone.
    pub(super) fn is(&self, field: &str) -> bool {
        self.field_id == field || (!self.field_id.starts_with("customfield_") && self.field.eq_ignore_ascii_case(field))
    }

    /// Its name for people.
    pub(super) const fn name(&self) -> &'a str {
        self.field
    }
}

impl<'a> Change<'a> {
    /// A change as it stands in a history or in a webhook; each says in its own way when and by whom.
    pub(super) fn of(value: &'a Value<'a>, at: Moment, author: Option<&'a Value<'a>>) -> Self {
        let items = value.list_at(&["items"]).iter().map(Item::of).collect();
        Self { id: value.word_at(&["id"]), at, author, items }
    }

    /// The part of it that is of that field.
    pub(super) fn item(&self, field: &str) -> Option<&Item<'a>> {
        self.items.iter().find(|item| item.is(field))
    }

    /// Who made it, by what does not change when a person is renamed.
    pub(super) fn actor(&self) -> Option<String> {
        self.author.and_then(person)
    }

    /// Jira's number for it among changes of the same second.
    fn number(&self) -> u64 {
        self.id.as_deref().and_then(|id| id.parse().ok()).unwrap_or_default()
    }
}

/// A person by id.
pub(super) fn person(value: &Value<'_>) -> Option<String> {
    ["accountId", "key", "name"].iter().find_map(|key| value.word_at(&[key]))
}

/// The changes of a list of histories, oldest first; what has no readable time comes out as faults.
pub(super) fn changes<'a>(histories: &'a [Value<'a>], clock: &Clock) -> (Vec<Change<'a>>, Vec<Fault>) {
    let (mut changes, mut faults) = (Vec::new(), Vec::new());
    for history in histories {
        let read = match history.text_at(&["created"]) {
            Some(text) => clock.read("created", text),
            None => Err(Fault::of("created", Reason::MissingField, "a history has no `created`".to_owned())),
        };
        match read {
            Ok(at) => changes.push(Change::of(history, at, history.at(&["author"]))),
            Err(fault) => faults.push(fault),
        }
    }
    changes.sort_by_key(|change| (change.at.at, change.number()));
    (changes, faults)
}

impl<'a> Timeline<'a> {
    pub(super) fn of(
        (id, key): (Option<String>, &'a str),
        fields: Option<&'a Value<'a>>,
        changes: Vec<Change<'a>>,
        settings: &JiraSettings,
    ) -> Self {
        let theirs = settings.fields.values().map(String::as_str);
        let tracked =
            TRACKED.into_iter().chain(theirs).map(|field| (field.to_owned(), places(&changes, field))).collect();
        Self { id, key, fields, changes, tracked }
    }

    /// What a field said before a change; before the first it is what the issue was created with.
    pub(super) fn before(&self, place: usize, field: &str) -> Word {
        let places = self.places(field);
        let next = places.partition_point(|(change, _)| *change < place);
        if let Some(item) = next.checked_sub(1).and_then(|last| self.item(places.get(last))) {
            return item.to.clone();
        }
        self.item(places.get(next)).map_or_else(|| self.now(field), |item| item.from.clone())
    }

    /// What it said after that change.
    pub(super) fn after(&self, place: usize, field: &str) -> Word {
        self.before(place.saturating_add(1), field)
    }

    /// Whether this part of a change is the one that counts for its field: the first of that field.
    pub(super) fn counts(&self, field: &str, place: (usize, usize)) -> bool {
        self.places(field).binary_search(&place).is_ok()
    }

    fn places(&self, field: &str) -> &[(usize, usize)] {
        self.tracked.iter().find(|(known, _)| known == field).map(|(_, places)| places.as_slice()).unwrap_or_default()
    }

    fn item(&self, place: Option<&(usize, usize)>) -> Option<&Item<'a>> {
        let (change, item) = place?;
        self.changes.get(*change)?.items.get(*item)
    }

    fn now(&self, field: &str) -> Word {
        if field == KEY {
            let key = Some(self.key.to_owned());
            return Word { id: key.clone(), text: key };
        }
        let value = self.fields.and_then(|fields| fields.at(&[field]));
        value.map(Word::of).unwrap_or_default()
    }

    /// The key before a change: a move to another project gives a new one.
    pub(super) fn key_before(&self, place: usize) -> String {
        self.before(place, KEY).text.unwrap_or_else(|| self.key.to_owned())
    }

    /// Which item it is before a change: the one its fields name, where a person said which do; else its key.
    pub(super) fn item_before(&self, place: usize, settings: &JiraSettings) -> String {
        let said = |ours: &str| settings.field(ours).and_then(|field| self.before(place, field).text);
        if let Some(item) = said("item_id") {
            return item;
        }
        match (said("weakness"), said("asset")) {
            (Some(weakness), Some(asset)) => format!("{weakness}@{asset}"),
            _ => self.key_before(place),
        }
    }

    /// The issue that this one was linked to as its duplicate, after a change.
    pub(super) fn original_after(&self, place: usize) -> Option<String> {
        let links = self.places(LINK);
        let (until, later) = links.split_at(links.partition_point(|(change, _)| *change <= place));
        let linked = until.iter().rev().find_map(|place| duplicated(self.item(Some(place))?));
        let comes_later = |key: &str| {
            later.iter().any(|place| self.item(Some(place)).is_some_and(|item| item.to.id.as_deref() == Some(key)))
        };
        let links = self.fields.map(|fields| fields.list_at(&["issuelinks"])).unwrap_or_default();
        let is_duplicate = |link: &&Value<'_>| {
            link.text_at(&["type", "name"]).is_some_and(|name| name.to_lowercase().contains("duplicate"))
        };
        let now = links.iter().filter(is_duplicate).find_map(|link| link.text_at(&["outwardIssue", "key"]));
        linked.or_else(|| now.filter(|key| !comes_later(key)).map(str::to_owned))
    }
}

/// Where a field was changed. Within one change its first part counts; of links, all do.
fn places(changes: &[Change<'_>], field: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        let items = change.items.iter().enumerate().filter(|(_, item)| item.is(field));
        let most = if field == LINK { usize::MAX } else { 1 };
        places.extend(items.map(|(item, _)| (place, item)).take(most));
    }
    places
}

/// The fields that tell something in every Jira.
const TRACKED: [&str; 7] = ["status", "assignee", "priority", "resolution", "duedate", KEY, LINK];

/// The field under which a history tells that an issue was moved.
const KEY: &str = "Key";

/// The field under which a history tells of links.
pub(super) const LINK: &str = "Link";

/// The issue that a new link says this one duplicates.
pub(super) fn duplicated(item: &Item<'_>) -> Option<String> {
    let says = item.to.text.as_deref().is_some_and(|text| text.contains(" duplicates "));
    item.to.id.clone().filter(|_| says)
}
