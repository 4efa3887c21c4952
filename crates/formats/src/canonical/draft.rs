//! Do the fields of a record make an event, and what is its canonical text?

use super::{
    Fields, Outcome,
    check::{Checked, check},
    identifier::identifier,
};
use crate::{
    field::Field,
    held::{Fault, Held},
    json::{Members, Value, write_value},
    nearest::nearest,
};
use domain::{event::Certainty, event_name::EventName, quarantine::Reason, time::Timestamp};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// `extra` is at most this long, in bytes of canonical text.
const EXTRA_BYTES_MAX: usize = 8 * 1024;

/// An event may lie this far ahead of the moment we learnt of it; clocks differ by that much.
const AHEAD_SECONDS_MAX: i64 = 300;

/// An event as a reader hands it over: checked, but not yet known to be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The item it happened to.
    pub item_id: String,
    /// The source's own id of the event.
    pub id: Option<String>,
    /// The source the record names, if it names one: whether it may is for the receiver to decide.
    pub source: Option<String>,
    /// What happened.
    pub name: EventName,
    /// When; for an uncertain time the earliest it can be.
    pub at: Timestamp,
    /// The latest it can be, where the time is uncertain.
    pub at_latest: Option<Timestamp>,
    /// When the record says we learnt of it.
    pub received_at: Option<Timestamp>,
    /// How sure the time is.
    pub certainty: Certainty,
    /// New severity, survivor, owner or role.
    pub to: Option<String>,
    /// Sorted keys, no spaces, aliases resolved, unknown fields in `extra`; equal content is equal text.
    pub canonical: String,
    /// The duplicate key: from the id, or from the canonical text where there is none.
    pub key: [u8; 16],
    /// Names of fields that are not ours and went to `extra`.
    pub unknown_fields: Vec<Box<str>>,
    /// Whether the severity was a word no map knows; it stays in `raw_severity` and counts as missing.
    pub severity_unmapped: bool,
}

impl Draft {
    /// The moment the fold uses: for an uncertain time the bound that cannot flatter.
    #[must_use]
    pub fn fold_at(&self) -> Timestamp {
        match self.at_latest {
            Some(latest) if !self.name.starts_exposure() => latest,
            Some(_) | None => self.at,
        }
    }
}

/// Whether an event lies further ahead of the moment we learnt of it than clocks differ.
#[must_use]
pub const fn is_future(at: Timestamp, received_at: Timestamp) -> bool {
    at.since(received_at) > AHEAD_SECONDS_MAX
}

/// What the fields say beside their canonical form.
#[derive(Default)]
struct Said<'a> {
    name: Option<EventName>,
    at: Option<Timestamp>,
    at_latest: Option<Timestamp>,
    received_at: Option<Timestamp>,
    unmapped: Option<Value<'a>>,
    faults: Vec<Fault>,
}

/// Checks all fields and builds the event, or lists everything that is wrong.
pub(super) fn of(mut fields: Fields<'_>) -> Outcome {
    let mut said = Said::default();
    let known = std::mem::take(&mut fields.known);
    fields.known = Vec::with_capacity(known.len());
    let mut present = 0;
    for (field, fault) in std::mem::take(&mut fields.refused) {
        present |= field.bit();
        said.faults.push(fault);
    }
    for (field, value) in known {
        present |= field.bit();
        match check(field, value) {
            Ok(checked) => said.keep(&mut fields.known, field, checked),
            Err(fault) => said.faults.push(*fault),
        }
    }
    said.name_missing(present, &fields.unknown);
    said.check_survivor(&mut fields);
    said.check_certainty(&fields);
    let unmapped = said.unmapped.take();
    let severity_unmapped = unmapped.is_some();
    if let Some(word) = unmapped {
        keep_raw_severity(&mut fields, word);
    }
    let unknown_fields = fields.unknown.iter().map(|(name, _)| name.as_ref().into()).collect();
    said.gather_extra(&mut fields);
    let (Some(name), Some(at), true) = (said.name, said.at, said.faults.is_empty()) else {
        return Outcome::Held(Held::from_faults(said.faults).unwrap_or_else(nothing_said));
    };
    let canonical = canonical_text(&mut fields.known);
    let id = owned(&fields, Field::Id);
    Outcome::Event(Box::new(Draft {
        item_id: owned(&fields, Field::ItemId).unwrap_or_default(),
        source: fields.envelope_source.take().or_else(|| owned(&fields, Field::Source)),
        name,
        at,
        at_latest: said.at_latest,
        received_at: said.received_at,
        certainty: certainty(&fields),
        to: owned(&fields, Field::To),
        key: key(id.as_deref(), &canonical),
        id,
        canonical,
        unknown_fields,
        severity_unmapped,
    }))
}

impl<'a> Said<'a> {
    fn keep(&mut self, kept: &mut Vec<(Field, Value<'a>)>, field: Field, checked: Checked<'a>) {
        match checked {
            Checked::Plain(value) => kept.push((field, value)),
            Checked::Time(value, moment) => {
                if field == Field::At {
                    self.at = Some(moment);
                } else if field == Field::AtLatest {
                    self.at_latest = Some(moment);
                } else if field == Field::ReceivedAt {
                    self.received_at = Some(moment);
                }
                kept.push((field, value));
            }
            Checked::Event(value, name) => {
                self.name = Some(name);
                kept.push((field, value));
            }
            Checked::Unmapped(word) => self.unmapped = Some(word),
        }
    }

    fn name_missing(&mut self, present: u64, unknown: &Members<'_>) {
        for field in [Field::ItemId, Field::Event, Field::At] {
            if present & field.bit() != 0 {
                continue;
            }
            let detail = format!("no `{}`, which every event needs", field.as_str());
            let fault = Fault::of(field.as_str(), Reason::MissingField, detail);
            let near = unknown.iter().find(|(name, _)| nearest(name, &[field.as_str()]).is_some());
            self.faults.push(match near {
                Some((name, _)) => fault.hint(format!("is `{name}` meant to be `{}`?", field.as_str())),
                None => fault,
            });
        }
    }

    /// The survivor of a merge names an item, so it is an identifier too.
    fn check_survivor(&mut self, fields: &mut Fields<'a>) {
        if self.name != Some(EventName::Merged) {
            return;
        }
        if let Some(Value::Text(survivor)) = fields.remove(Field::To) {
            match identifier(Field::To.as_str(), survivor) {
                Ok(survivor) => fields.known.push((Field::To, Value::Text(survivor))),
                Err(fault) => self.faults.push(*fault),
            }
        }
    }

    fn check_certainty(&mut self, fields: &Fields<'_>) {
        let Some(latest) = self.at_latest else { return };
        let fault = |detail: &str| Fault::of(Field::AtLatest.as_str(), Reason::BadValue, detail.to_owned());
        if self.at.is_some_and(|at| latest < at) {
            self.faults.push(fault("`at_latest` lies before `at`"));
        }
        if certainty(fields) == Certainty::Observed {
            let fault = fault("`at_latest` stands on an observed time");
            self.faults.push(fault.hint("leave it out, or set `certainty` to derived or inferred"));
        }
    }

    /// Moves unknown fields to `extra`.
    fn gather_extra(&mut self, fields: &mut Fields<'a>) {
        let mut extra = match fields.remove(Field::Extra) {
            Some(Value::Map(members)) => members,
            _ => Members::new(),
        };
        for (name, value) in std::mem::take(&mut fields.unknown) {
            match extra.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(_) => {
                    let detail = format!("`{name}` stands both beside and inside `extra`");
                    self.faults.push(Fault::of(&name, Reason::BadValue, detail));
                }
                Err(place) => extra.insert(place, (name, value)),
            }
        }
        if extra.is_empty() {
            return;
        }
        let extra = Value::Map(extra);
        let mut text = String::new();
        write_value(&mut text, &extra, as_written);
        if text.len() > EXTRA_BYTES_MAX {
            let detail =
                format!("`extra` with all unknown fields has {} bytes, expected at most {EXTRA_BYTES_MAX}", text.len());
            self.faults.push(Fault::of(Field::Extra.as_str(), Reason::BadValue, detail));
        }
        fields.known.push((Field::Extra, extra));
    }
}

/// A severity word nobody maps stays where the source's own words are kept; nothing given is overwritten.
fn keep_raw_severity<'a>(fields: &mut Fields<'a>, word: Value<'a>) {
    if fields.get(Field::RawSeverity).is_none() {
        fields.known.push((Field::RawSeverity, word));
    } else {
        let place = fields.unknown.partition_point(|(name, _)| name.as_ref() < Field::Severity.as_str());
        let name = Cow::Borrowed(Field::Severity.as_str());
        fields.unknown.insert(place, (name, word));
    }
}

fn certainty(fields: &Fields<'_>) -> Certainty {
    match fields.get(Field::Certainty) {
        Some(Value::Text(word)) if word == "derived" => Certainty::Derived,
        Some(Value::Text(word)) if word == "inferred" => Certainty::Inferred,
        _ => Certainty::Observed,
    }
}

fn owned(fields: &Fields<'_>, field: Field) -> Option<String> {
    match fields.get(field) {
        Some(Value::Text(text)) => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

/// Never reached while the needed fields are checked; an empty list of faults would say nothing.
fn nothing_said() -> Held {
    Held::because(Fault::whole(Reason::MissingField, "no event in this record".to_owned()))
}

fn as_written(out: &mut String, digits: &str) {
    out.push_str(digits);
}

fn canonical_text(known: &mut [(Field, Value<'_>)]) -> String {
    known.sort_unstable_by_key(|(field, _)| *field);
    let mut text = String::with_capacity(320);
    text.push('{');
    for (place, (field, value)) in known.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(field.as_key());
        write_value(&mut text, value, as_written);
    }
    text.push('}');
    text
}

/// The first 16 bytes of SHA-256. A canonical text begins with a brace, so it never meets an id's key.
fn key(id: Option<&str>, canonical: &str) -> [u8; 16] {
    let mut hash = Sha256::new();
    match id {
        Some(id) => {
            hash.update(b"id");
            hash.update(id);
        }
        None => hash.update(canonical),
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut key = [0; 16];
    for (byte, from) in key.iter_mut().zip(digest) {
        *byte = from;
    }
    key
}
