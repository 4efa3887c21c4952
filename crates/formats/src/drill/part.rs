//! What does one object of a drill record say, key by key? Everything that is wrong is told with the path to it.

use crate::{
    canonical::identifier,
    foreign::Clock,
    held::{Fault, shown},
    json::{Members, Value},
};
use domain::{drill::UnknownWord, quarantine::Reason, time::Timestamp};
use std::{borrow::Cow, str::FromStr};

/// A text is at most this long, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Counts are at most this large: 2^53, so that every program that reads them reads the same.
const COUNT_MAX: u64 = 1 << 53;

/// 2000-01-01T00:00:00Z. What lies before is a marker or a mistake.
const EARLIEST_SECONDS: i64 = 946_684_800;

/// What was noticed on the way.
#[derive(Default)]
pub(crate) struct Noticed {
    pub(crate) faults: Vec<Fault>,
    /// Keys that are not ours.
    pub(crate) unknown: u64,
}

/// One object of a record.
pub(crate) struct Part<'v, 'n> {
    members: &'v Members<'v>,
    path: String,
    clock: &'n Clock,
    noticed: &'n mut Noticed,
    asked: Vec<&'static str>,
}

impl<'v, 'n> Part<'v, 'n> {
    pub(crate) fn of(members: &'v Members<'v>, clock: &'n Clock, noticed: &'n mut Noticed) -> Self {
        Self { members, path: String::new(), clock, noticed, asked: Vec::new() }
    }

    /// What stands under a key; null, and text or a list without anything in it, say nothing.
    fn get(&mut self, key: &'static str) -> Option<&'v Value<'v>> {
        self.asked.push(key);
        let (_, value) = self.members.iter().find(|(name, _)| name == key)?;
        let says_nothing = match value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Map(_) => false,
        };
        (!says_nothing).then_some(value)
    }

    fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(crate) fn fault(&mut self, key: &str, reason: Reason, detail: String) {
        let place = self.place(key);
        self.noticed.faults.push(Fault::of(&place, reason, detail));
    }

    fn wrong(&mut self, key: &str, value: &Value<'_>, wanted: &str) {
        let detail = match value.as_text().or_else(|| value.as_digits()) {
            Some(text) => format!("`{}` in `{key}`, expected {wanted}", shown(text)),
            None => format!("`{key}` holds {}, expected {wanted}", value.what()),
        };
        self.fault(key, Reason::BadValue, detail);
    }

    /// A name that must be there.
    pub(crate) fn id(&mut self, key: &'static str) -> String {
        match self.text(key) {
            Some(text) => match identifier(&self.place(key), Cow::Owned(text)) {
                Ok(text) => return text.into_owned(),
                Err(fault) => self.noticed.faults.push(*fault),
            },
            None if self.members.iter().any(|(name, value)| name == key && value.as_digits().is_some()) => {}
            None => self.fault(key, Reason::MissingField, format!("no `{key}`")),
        }
        String::new()
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        self.text_of(key, value)
    }

    fn text_of(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let Some(text) = value.as_text() else {
            self.wrong(key, value, "text");
            return None;
        };
        if text.len() > TEXT_BYTES_MAX {
            let detail = format!("`{key}` has {} bytes, expected at most {TEXT_BYTES_MAX}", text.len());
            self.fault(key, Reason::BadValue, detail);
            return None;
        }
        if text.bytes().any(|byte| byte == 0) {
            let detail = format!("`{key}` holds the character U+0000, expected text without it");
            self.fault(key, Reason::BadValue, detail);
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// A list of texts; a single text is a list of one.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        match self.get(key) {
            None => Vec::new(),
            Some(Value::List(items)) => items.iter().filter_map(|item| self.text_of(key, item)).collect(),
            Some(other) => self.text_of(key, other).into_iter().collect(),
        }
    }

    pub(crate) fn truth(&mut self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        if let Value::Bool(truth) = value {
            return Some(*truth);
        }
        self.wrong(key, value, "`true` or `false`");
        None
    }

    pub(crate) fn count(&mut self, key: &'static str) -> Option<u64> {
        let value = self.get(key)?;
        let count = value.as_digits().and_then(|digits| digits.parse().ok()).filter(|count| *count <= COUNT_MAX);
        if count.is_none() {
            self.wrong(key, value, "a whole number from 0");
        }
        count
    }

    /// A word of a closed list; true and false are words too where a list has them.
    pub(crate) fn word<W: FromStr<Err = UnknownWord>>(&mut self, key: &'static str) -> Option<W> {
        let value = self.get(key)?;
        let word = if let Value::Bool(truth) = value { truth.to_string() } else { self.text_of(key, value)? };
        match word.parse() {
            Ok(word) => Some(word),
            Err(unknown) => {
                let detail = format!("`{}` in `{key}`, expected one of {}", shown(&unknown.word), unknown.expected);
                self.fault(key, Reason::BadValue, detail);
                None
            }
        }
    }

    /// A word of another list.
    pub(crate) fn parsed<W: FromStr>(&mut self, key: &'static str, wanted: &str) -> Option<W> {
        let text = self.text(key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(key, Reason::BadValue, format!("`{}` in `{key}`, expected {wanted}", shown(&text)));
        }
        parsed
    }

    pub(crate) fn time(&mut self, key: &'static str) -> Option<Timestamp> {
        let text = self.text(key)?;
        self.moment(key, &text)
    }

    /// A time, or a bare day, which means its last second in UTC.
    pub(crate) fn last_of_day(&mut self, key: &'static str) -> Option<Timestamp> {
        let text = self.text(key)?;
        let is_day = text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok();
        if is_day { self.moment(key, &format!("{text}T23:59:59Z")) } else { self.moment(key, &text) }
    }

    fn moment(&mut self, key: &'static str, text: &str) -> Option<Timestamp> {
        let place = self.place(key);
        let fault = match self.clock.read(&place, text) {
            Ok(moment) if moment.latest.is_some() => {
                let detail = format!("`{}` in `{key}` is a day, expected a time", shown(text));
                Fault::of(&place, Reason::BadValue, detail)
            }
            Ok(moment) if moment.at.seconds() < EARLIEST_SECONDS => {
                let detail = format!("`{}` in `{key}` lies before 2000", shown(text));
                Fault::of(&place, Reason::TimeRange, detail).hint("leave a time out that is not known")
            }
            Ok(moment) => return Some(moment.at),
            Err(fault) => fault,
        };
        self.noticed.faults.push(fault);
        None
    }

    /// The objects of a list.
    pub(crate) fn parts<T>(&mut self, key: &'static str, read: fn(&mut Part<'v, '_>) -> T) -> Vec<T> {
        let items = match self.get(key) {
            None => return Vec::new(),
            Some(Value::List(items)) => items,
            Some(other) => {
                self.wrong(key, other, "a list of objects");
                return Vec::new();
            }
        };
        let mut found = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let path = self.place(&format!("{key}[{place}]"));
            let Value::Map(members) = item else {
                let detail = format!("`{path}` holds {}, expected an object", item.what());
                self.noticed.faults.push(Fault::of(&path, Reason::BadValue, detail));
                continue;
            };
            let (clock, noticed) = (self.clock, &mut *self.noticed);
            let mut part = Part { members, path, clock, noticed, asked: Vec::new() };
            found.push(read(&mut part));
            part.done();
        }
        found
    }

    /// Counts the keys nobody asked for.
    pub(crate) fn done(self) {
        let unknown = self.members.iter().filter(|(name, _)| !self.asked.contains(&name.as_ref())).count();
        self.noticed.unknown = self.noticed.unknown.saturating_add(unknown as u64);
    }
}
