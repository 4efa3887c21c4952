//! Which fields does a record carry, whatever it was written in?

use crate::{
    field::Field,
    held::Fault,
    json::{self, FaultKind, JsonFault, KEYS_MAX, Members, Rules, Value},
};
use std::borrow::Cow;

/// The fields of one record: those we know, and those we do not.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    pub(crate) known: Vec<(Field, Value<'a>)>,
    pub(crate) unknown: Members<'a>,
    /// Fields that are there but cannot be what they must be.
    pub(crate) refused: Vec<(Field, Fault)>,
    /// The sender's own word for its source, where the envelope names one.
    pub(crate) envelope_source: Option<String>,
    seen: u64,
}

impl<'a> Fields<'a> {
    pub(crate) fn from_json(text: &'a str) -> Result<Self, Box<JsonFault>> {
        let mut fields = Self::with_room();
        json::object(text, Rules::OUTSIDE, |key, value| fields.add(key, value))?;
        fields.without_repeats()
    }

    pub(crate) fn from_members(members: Members<'a>) -> Result<Self, Box<JsonFault>> {
        let mut fields = Self::with_room();
        for (key, value) in members {
            fields.add(key, value).map_err(|kind| Box::new(JsonFault { kind, at: 0, key: None }))?;
        }
        fields.without_repeats()
    }

    fn with_room() -> Self {
        Self { known: Vec::with_capacity(16), ..Self::default() }
    }

    pub(crate) fn add(&mut self, key: Cow<'a, str>, value: Value<'a>) -> Result<(), FaultKind> {
        if self.known.len().saturating_add(self.unknown.len()) >= KEYS_MAX {
            return Err(FaultKind::TooManyKeys);
        }
        match Field::find(&key) {
            None => self.unknown.push((key, value)),
            Some(field) if self.seen & field.bit() != 0 => return Err(FaultKind::RepeatedKey),
            Some(field) => {
                self.seen |= field.bit();
                self.put(field, value);
            }
        }
        Ok(())
    }

    /// Null and empty text say nothing; they are the same as no field.
    fn put(&mut self, field: Field, value: Value<'a>) {
        let says_nothing = match &value {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Map(members) => members.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !says_nothing {
            self.known.push((field, value));
        }
    }

    /// Notes that a field is there and why it cannot be taken.
    pub(crate) fn refuse(&mut self, field: Field, fault: Fault) {
        self.refused.push((field, fault));
    }

    /// Sets a field unless the record has it.
    pub(crate) fn set_missing(&mut self, field: Field, value: Value<'a>) {
        if self.get(field).is_none() {
            self.put(field, value);
        }
    }

    pub(crate) fn get(&self, field: Field) -> Option<&Value<'a>> {
        self.known.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }

    pub(crate) fn remove(&mut self, field: Field) -> Option<Value<'a>> {
        let place = self.known.iter().position(|(known, _)| *known == field)?;
        Some(self.known.remove(place).1)
    }

    fn without_repeats(mut self) -> Result<Self, Box<JsonFault>> {
        self.unknown.sort_by(|one, other| one.0.cmp(&other.0));
        let twice = self.unknown.iter().zip(self.unknown.iter().skip(1)).find(|(one, next)| one.0 == next.0);
        if let Some(((key, _), _)) = twice {
            return Err(Box::new(JsonFault { kind: FaultKind::RepeatedKey, at: 0, key: Some(key.as_ref().into()) }));
        }
        // Null under a name we do not know says as little as under one we do.
        self.unknown.retain(|(_, value)| *value != Value::Null);
        Ok(self)
    }
}
