//! How is a JSON text read, in one pass and without copying what needs no copy?

use super::{DEPTH_MAX, FaultKind, JsonFault, KEYS_MAX, Members, Value, is_blank};
use std::borrow::Cow;

/// How strictly a text is read.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    repeated: Repeated,
    depth_max: u16,
    keys_max: usize,
}

/// What a second copy of a key means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeated {
    /// Two readers could take different ones, so the text is refused.
    Refused,
    /// The last one counts.
    LastWins,
}

impl Rules {
    /// For what comes from outside.
    pub(crate) const OUTSIDE: Self = Self { repeated: Repeated::Refused, depth_max: DEPTH_MAX, keys_max: KEYS_MAX };
    /// For our own canonical text: an unknown field moved to `extra` lies one level deeper than it came.
    pub(crate) const STORED: Self =
        Self { repeated: Repeated::LastWins, depth_max: DEPTH_MAX + 1, keys_max: 2 * KEYS_MAX };
    /// For the file of an analysis, whose reference takes the last of repeated keys.
    pub(crate) const ANALYSIS: Self = Self { repeated: Repeated::LastWins, depth_max: DEPTH_MAX, keys_max: usize::MAX };
}

/// Reads one object that is the whole text; its members are handed over one by one, in their order.
///
/// At this level the receiver decides about repeated keys: `each` answers whether to go on.
pub(crate) fn object<'a>(
    text: &'a str,
    rules: Rules,
    mut each: impl FnMut(Cow<'a, str>, Value<'a>) -> Result<(), FaultKind>,
) -> Result<(), Box<JsonFault>> {
    let mut scanner = Scanner::new(text, rules);
    scanner.blank();
    scanner.members(&mut |at, key, value| {
        each(key, value).map_err(|kind| {
            let key = key_at(text, at);
            Box::new(JsonFault { kind, at, key })
        })
    })?;
    scanner.finish()
}

/// The key that stands at a place; read again, because only a fault asks for it.
fn key_at(text: &str, at: usize) -> Option<Box<str>> {
    let mut scanner = Scanner::new(text, Rules::OUTSIDE);
    scanner.at = at;
    scanner.string().ok().map(|key| key.as_ref().into())
}

/// Reads one value that is the whole text.
pub(crate) fn value(text: &str, rules: Rules) -> Result<Value<'_>, Box<JsonFault>> {
    let mut scanner = Scanner::new(text, rules);
    let value = scanner.value()?;
    scanner.finish()?;
    Ok(value)
}

pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: u16,
    rules: Rules,
}

type Each<'s, 'a> = dyn FnMut(usize, Cow<'a, str>, Value<'a>) -> Result<(), Box<JsonFault>> + 's;

impl<'a> Scanner<'a> {
    const fn new(text: &'a str, rules: Rules) -> Self {
        Self { text, at: 0, depth: 0, rules }
    }

    pub(super) fn fault(&self, kind: FaultKind) -> Box<JsonFault> {
        let fault = JsonFault { kind, at: self.at, key: None };
        Box::new(fault)
    }

    #[cold]
    pub(super) fn wanted(&self, what: &'static str) -> Box<JsonFault> {
        self.fault(FaultKind::Syntax(what))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Steps over bytes that were looked at.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "they are bytes of the text, and no text is longer than an address"
    )]
    pub(super) const fn step(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.step(1);
        }
    }

    fn take(&mut self, byte: u8, what: &'static str) -> Result<(), Box<JsonFault>> {
        if self.peek() != Some(byte) {
            return Err(self.wanted(what));
        }
        self.step(1);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Box<JsonFault>> {
        self.blank();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wanted("nothing after the value")),
        }
    }

    fn value(&mut self) -> Result<Value<'a>, Box<JsonFault>> {
        self.blank();
        match self.peek() {
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'{') => self.map(),
            Some(b'[') => self.list(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wanted("a value")),
        }
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, Box<JsonFault>> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.wanted("a value"));
        }
        self.step(word.len());
        Ok(value)
    }

    fn number(&mut self) -> Result<Value<'a>, Box<JsonFault>> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.step(1);
        }
        if self.peek() == Some(b'0') {
            self.step(1);
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.step(1);
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step(1);
            }
            self.digits()?;
        }
        Ok(Value::Number(Cow::Borrowed(self.slice(from, self.at))))
    }

    fn digits(&mut self) -> Result<(), Box<JsonFault>> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.wanted("a digit"));
        }
        self.step(count);
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), Box<JsonFault>> {
        if self.depth == self.rules.depth_max {
            return Err(self.fault(FaultKind::TooDeep));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn list(&mut self) -> Result<Value<'a>, Box<JsonFault>> {
        self.deeper()?;
        self.step(1);
        let mut items = Vec::new();
        self.blank();
        if self.peek() == Some(b']') {
            self.step(1);
        } else {
            loop {
                items.push(self.value()?);
                self.blank();
                if self.peek() == Some(b',') {
                    self.step(1);
                } else {
                    self.take(b']', "`,` or `]`")?;
                    break;
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(Value::List(items))
    }

    fn map(&mut self) -> Result<Value<'a>, Box<JsonFault>> {
        let (at, keys_max) = (self.at, self.rules.keys_max);
        let mut members: Members<'a> = Vec::new();
        self.members(&mut |at, key, value| {
            // Texts that repeat a key are kept whole until the end, so their number is bounded on the way.
            if members.len() >= keys_max {
                let kind = FaultKind::TooManyKeys;
                return Err(Box::new(JsonFault { kind, at, key: None }));
            }
            members.push((key, value));
            Ok(())
        })?;
        members.sort_by(|one, other| one.0.cmp(&other.0));
        match self.rules.repeated {
            Repeated::Refused => refuse_repeated(&members, at)?,
            Repeated::LastWins => {
                // The sort is stable: of equal keys the last one written comes last.
                members.reverse();
                members.dedup_by(|one, other| one.0 == other.0);
                members.reverse();
            }
        }
        Ok(Value::Map(members))
    }

    /// The scanner stands on `{`, or this is a fault.
    fn members(&mut self, each: &mut Each<'_, 'a>) -> Result<(), Box<JsonFault>> {
        if self.peek() != Some(b'{') {
            return Err(self.wanted("an object"));
        }
        self.deeper()?;
        self.step(1);
        self.blank();
        if self.peek() == Some(b'}') {
            self.step(1);
        } else {
            loop {
                self.blank();
                let at = self.at;
                if self.peek() != Some(b'"') {
                    return Err(self.wanted("a key in quotes"));
                }
                let key = self.string()?;
                self.blank();
                self.take(b':', "`:`")?;
                let value = self.value()?;
                each(at, key, value)?;
                self.blank();
                if self.peek() == Some(b',') {
                    self.step(1);
                } else {
                    self.take(b'}', "`,` or `}`")?;
                    break;
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

fn refuse_repeated(members: &Members<'_>, at: usize) -> Result<(), Box<JsonFault>> {
    let twice = members.iter().zip(members.iter().skip(1)).find(|(one, next)| one.0 == next.0);
    match twice {
        None => Ok(()),
        Some(((key, _), _)) => {
            Err(Box::new(JsonFault { kind: FaultKind::RepeatedKey, at, key: Some(key.as_ref().into()) }))
        }
    }
}
