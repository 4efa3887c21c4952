//! What does a JSON text say, to the letter? Numbers keep their digits, texts borrow from the line where they can.

mod scan;
mod string;
mod write;

pub(crate) use scan::{Rules, object, value};
pub(crate) use write::{write_members, write_number_as_python, write_value};

use std::borrow::Cow;

/// Nesting beyond this is refused: nothing legible is that deep.
pub(crate) const DEPTH_MAX: u16 = 128;

/// More keys than this in one object are refused.
pub(crate) const KEYS_MAX: usize = 256;

/// What may stand between the values of a text; a form feed may not.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// One JSON value. A map is sorted by key in code point order and holds each key once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Map(Members<'a>),
}

/// The members of an object.
pub(crate) type Members<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

impl Value<'_> {
    /// The same, borrowing nothing.
    pub(crate) fn into_owned(self) -> Value<'static> {
        let text = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(truth),
            Self::Number(digits) => Value::Number(text(digits)),
            Self::Text(plain) => Value::Text(text(plain)),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Map(members) => {
                let owned = members.into_iter().map(|(key, value)| (text(key), value.into_owned()));
                Value::Map(owned.collect())
            }
        }
    }

    /// What it says, if it is text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// What stands under these keys, one inside the other.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| match value {
            Self::Map(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        })
    }

    /// The text under these keys; an empty one says nothing.
    pub(crate) fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_text().filter(|text| !text.is_empty())
    }

    /// The text or the digits under these keys.
    pub(crate) fn word_at(&self, path: &[&str]) -> Option<String> {
        let value = self.at(path)?;
        value.as_text().or_else(|| value.as_digits()).filter(|word| !word.is_empty()).map(str::to_owned)
    }

    /// Yes or no under these keys.
    pub(crate) fn truth_at(&self, path: &[&str]) -> Option<bool> {
        if let Self::Bool(truth) = self.at(path)? { Some(*truth) } else { None }
    }

    /// The list under these keys; no list is an empty one.
    pub(crate) fn list_at(&self, path: &[&str]) -> &[Self] {
        if let Some(Self::List(items)) = self.at(path) { items } else { &[] }
    }

    /// The texts of the list under these keys; a single text is a list of one.
    pub(crate) fn texts_at(&self, path: &[&str]) -> Vec<String> {
        match self.at(path) {
            Some(Self::Text(text)) if !text.is_empty() => vec![text.as_ref().to_owned()],
            Some(Self::List(items)) => items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }

    /// Its digits, if it is a number.
    pub(crate) fn as_digits(&self) -> Option<&str> {
        if let Self::Number(digits) = self { Some(digits) } else { None }
    }

    /// What it is, for a message.
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}

/// Why a text is no JSON we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Syntax(&'static str),
    TooDeep,
    RepeatedKey,
    LoneSurrogate,
    TooManyKeys,
}

/// A fault and the byte at which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) kind: FaultKind,
    pub(crate) at: usize,
    /// The key that stands twice.
    pub(crate) key: Option<Box<str>>,
}

impl JsonFault {
    pub(crate) const fn code(&self) -> &'static str {
        match self.kind {
            FaultKind::Syntax(_) => "json_syntax",
            FaultKind::TooDeep => "json_too_deep",
            FaultKind::RepeatedKey => "json_duplicate_key",
            FaultKind::LoneSurrogate => "invalid_utf8",
            FaultKind::TooManyKeys => "json_too_many_keys",
        }
    }

    pub(crate) fn detail(&self) -> String {
        let place = self.at.saturating_add(1);
        match self.kind {
            FaultKind::Syntax(wanted) => format!("not JSON at byte {place}: expected {wanted}"),
            FaultKind::TooDeep => format!("nested deeper than {DEPTH_MAX} levels at byte {place}"),
            FaultKind::RepeatedKey => format!("the key `{}` stands twice", self.key.as_deref().unwrap_or_default()),
            FaultKind::LoneSurrogate => format!("half of a surrogate pair at byte {place}, which is no character"),
            FaultKind::TooManyKeys => format!("more than {KEYS_MAX} keys in one object at byte {place}"),
        }
    }
}
