//! Which events does the file of an analysis hold? Its own rules, which the reference vectors fix to the letter.

use crate::{
    canonical::{ATTESTATION, is_future, note, note_claim},
    field::Field,
    json::{self, Members, Rules, Value, write_members, write_number_as_python},
};
use domain::{
    actor::ActorType,
    event::{EventTies, GivenSeverity, ItemEvent},
    event_name::EventName,
    merge::Survivors,
    severity::Severity,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// What a file says within a view.
#[derive(Debug, Default)]
pub struct Reading {
    /// The events of each item after merges, merges themselves left out, in the order of events.
    pub items: BTreeMap<String, Vec<ItemEvent>>,
    /// Events of the view, merges included.
    pub events: u64,
    /// What was noticed while reading: only counts above zero.
    pub flags: BTreeMap<&'static str, u64>,
}

/// A usable event with the item it names.
struct Usable {
    item_id: Box<str>,
    event: ItemEvent,
}

/// Why a line is no event, or the event.
enum Judged {
    Usable(Box<Usable>),
    Not(&'static str),
}

/// What settles which copy of a line stays: usable first, then the earliest received, then the smallest text.
type Precedence = (bool, i64, Box<str>);

/// What makes two lines copies of each other.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Id(Box<str>),
    Line(Box<str>),
}

/// Reads the lines of a file: events before `as_of` that were received by `known_at`.
///
/// The result depends on the set of lines only; repeated ones are counted and dropped.
///
/// ```
/// use domain::time::Timestamp;
/// let lines = [r#"{"item_id":"a","event":"detected","at":"2026-03-01T10:00:00Z"}"#, "nonsense"];
/// let as_of = Timestamp::parse("2026-04-01T00:00:00Z").unwrap();
/// let reading = formats::analysis::read(lines, as_of, as_of);
/// assert_eq!((reading.events, reading.flags["quarantined_bad_line"]), (1, 1));
/// ```
pub fn read<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>, as_of: Timestamp, known_at: Timestamp) -> Reading {
    let mut flags: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut count = |flag| {
        let lines: &mut u64 = flags.entry(flag).or_default();
        *lines = lines.saturating_add(1);
    };
    let mut staying: BTreeMap<Key, (Precedence, Judged)> = BTreeMap::new();
    for line in lines {
        let line = line.as_ref();
        if is_blank(line) {
            continue;
        }
        let Some((key, precedence, judged)) = judge(line) else {
            count("quarantined_bad_line");
            continue;
        };
        match staying.get_mut(&key) {
            None => {
                staying.insert(key, (precedence, judged));
            }
            Some(copy) => {
                count("duplicate_dropped");
                if precedence < copy.0 {
                    *copy = (precedence, judged);
                }
            }
        }
    }
    let mut view = Vec::new();
    for (_, judged) in staying.into_values() {
        match judged {
            Judged::Not(trouble) => count(trouble),
            Judged::Usable(usable) if usable.event.received_at > known_at || usable.event.at >= as_of => {
                count("not_yet_known");
            }
            Judged::Usable(usable) => view.push(*usable),
        }
    }
    view.sort_by(|one, other| one.event.order(&other.event));
    Reading { events: view.len() as u64, items: items_of(view), flags }
}

fn is_blank(line: &[u8]) -> bool {
    str::from_utf8(line).is_ok_and(|text| text.trim().is_empty())
}

/// `None` when the line is no object with an item.
fn judge(line: &[u8]) -> Option<(Key, Precedence, Judged)> {
    let text = str::from_utf8(line).ok()?;
    let Ok(Value::Map(members)) = json::value(text, Rules::ANALYSIS) else {
        return None;
    };
    let line = Line(&members);
    let item_id = line.text("item_id")?;
    let canonical = line.canonical();
    let at = line.time("at");
    let received_at = if line.is_given("received_at") { line.time("received_at") } else { at };
    let name = line.text("event").and_then(|word| word.parse::<EventName>().ok());
    let judged = match (at, received_at, name) {
        (None, _, _) | (_, None, _) => Judged::Not("quarantined_bad_time"),
        (Some(_), Some(_), None) => Judged::Not("quarantined_unknown_event"),
        (Some(at), Some(received_at), Some(_)) if is_future(at, received_at) => Judged::Not("quarantined_future"),
        (Some(at), Some(received_at), Some(name)) => {
            let event = line.event(at, received_at, name, &canonical);
            Judged::Usable(Box::new(Usable { item_id: item_id.into(), event }))
        }
    };
    let key = match line.text("id") {
        Some(id) => Key::Id(id.into()),
        None => Key::Line(canonical.clone()),
    };
    let precedence = match &judged {
        Judged::Usable(usable) => (false, usable.event.received_at.seconds(), canonical),
        Judged::Not(_) => (true, 0, canonical),
    };
    Some((key, precedence, judged))
}

/// The members of one line, sorted by key.
struct Line<'a>(&'a Members<'a>);

impl Line<'_> {
    fn get(&self, key: &str) -> Option<&Value<'_>> {
        let place = self.0.binary_search_by(|(known, _)| known.as_ref().cmp(key)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    fn is_given(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| *value != Value::Null)
    }

    /// Non-empty text.
    fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn boxed(&self, key: &str) -> Option<Box<str>> {
        self.text(key).map(Box::from)
    }

    fn time(&self, key: &str) -> Option<Timestamp> {
        self.text(key).and_then(|text| Timestamp::parse(text).ok())
    }

    fn canonical(&self) -> Box<str> {
        let mut text = String::new();
        write_members(&mut text, self.0, write_number_as_python);
        text.into()
    }

    fn ties(&self) -> EventTies {
        let list = |name: &str| match self.get(name) {
            Some(Value::List(words)) => words.iter().filter_map(Value::as_text).map(Box::from).collect(),
            _ => Vec::new(),
        };
        EventTies {
            asset: self.boxed("asset"),
            weakness: self.boxed("weakness"),
            ticket: self.boxed("ticket"),
            patch: self.boxed("patch"),
            playbook: self.boxed("playbook"),
            techniques: list("technique"),
            cves: list("cve"),
            attested: self.text("method") == Some(ATTESTATION),
            ..EventTies::default()
        }
    }

    fn event(&self, at: Timestamp, received_at: Timestamp, name: EventName, canonical: &str) -> ItemEvent {
        let known = |text: &str| text.parse::<Severity>().ok();
        let severity = match self.get("severity") {
            None | Some(Value::Null) => None,
            Some(Value::Text(text)) => Some(known(text).map_or(GivenSeverity::Unknown, GivenSeverity::Known)),
            Some(_) => Some(GivenSeverity::Unknown),
        };
        let mut event = ItemEvent {
            received_at,
            id: self.boxed("id").unwrap_or_default(),
            canonical: canonical.into(),
            severity,
            to: self.boxed("to"),
            kind: self.boxed("kind"),
            team: self.boxed("team"),
            asset_class: self.boxed("asset_class"),
            kev_due: self.boxed("kev_due"),
            actor: self.boxed("actor"),
            actor_type: self.text("actor_type").and_then(|word| word.parse::<ActorType>().ok()),
            ties: self.ties(),
            ..ItemEvent::bare(name, at)
        };
        for (key, value) in self.0 {
            if let Some(field) = Field::find(key) {
                note(&mut event, field, value);
                note_claim(&mut event, field, value);
            }
        }
        event
    }
}

/// Gives every event to the survivor of its item, whatever the times of the merges.
fn items_of(view: Vec<Usable>) -> BTreeMap<String, Vec<ItemEvent>> {
    let mut survivors: Survivors<String> = Survivors::new();
    for usable in &view {
        if let (EventName::Merged, Some(to)) = (usable.event.name, &usable.event.to) {
            survivors.merge(&usable.item_id.to_string(), &to.to_string());
        }
    }
    let mut items: BTreeMap<String, Vec<ItemEvent>> = BTreeMap::new();
    for usable in view {
        if usable.event.name != EventName::Merged {
            let item_id = survivors.of(&usable.item_id.into_string());
            items.entry(item_id).or_default().push(usable.event);
        }
    }
    items
}
