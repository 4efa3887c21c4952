//! How is a text in quotes read: borrowed where nothing is escaped, decoded where something is?

use super::{FaultKind, JsonFault, scan::Scanner};
use std::borrow::Cow;

impl<'a> Scanner<'a> {
    /// The scanner stands on the opening quote.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Box<JsonFault>> {
        self.step(1);
        let from = self.at;
        self.step(plain_run(self.rest()));
        let to = self.at;
        if self.peek() == Some(b'"') {
            self.step(1);
            return Ok(Cow::Borrowed(self.slice(from, to)));
        }
        let mut text = String::from(self.slice(from, to));
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.step(1);
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.wanted("no control character inside a text")),
                None => return Err(self.wanted("a closing quote")),
            }
            let from = self.at;
            self.step(plain_run(self.rest()));
            text.push_str(self.slice(from, self.at));
        }
    }

    /// The scanner stands on the backslash.
    fn escape(&mut self) -> Result<char, Box<JsonFault>> {
        self.step(1);
        let letter = match self.peek() {
            Some(plain @ (b'"' | b'\\' | b'/')) => char::from(plain),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step(1);
                return self.unicode();
            }
            _ => return Err(self.wanted("a known escape")),
        };
        self.step(1);
        Ok(letter)
    }

    fn unicode(&mut self) -> Result<char, Box<JsonFault>> {
        let first = self.four()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.wanted("a character"));
        }
        let lone = self.fault(FaultKind::LoneSurrogate);
        if first >= 0xDC00 || !self.rest().starts_with(b"\\u") {
            return Err(lone);
        }
        self.step(2);
        let second = self.four()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(lone);
        }
        // Ten bits of each half, above the first 65,536 characters.
        let above = (first & 0x3FF) << 10 | (second & 0x3FF);
        above.checked_add(0x1_0000).and_then(char::from_u32).ok_or(lone)
    }

    fn four(&mut self) -> Result<u32, Box<JsonFault>> {
        let bad = || self.wanted("four hexadecimal digits");
        let digits = self.rest().first_chunk::<4>().ok_or_else(bad)?;
        let mut code = 0;
        for byte in digits {
            code = code << 4 | char::from(*byte).to_digit(16).ok_or_else(bad)?;
        }
        self.step(4);
        Ok(code)
    }
}

/// How many bytes of a text need no thought. Eight bytes at a time, because this is most of what reading is.
#[expect(clippy::arithmetic_side_effects, reason = "a count of bytes that lie in memory")]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    let plain = eights.iter().take_while(|eight| !has_special(u64::from_le_bytes(**eight))).count() * 8;
    let rest = bytes.get(plain..).unwrap_or_default();
    let more = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
    plain + more.unwrap_or(rest.len())
}

/// Whether one of eight bytes is a quote, a backslash or a control character. It may say yes too often, never no.
const fn has_special(eight: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    const QUOTES: u64 = ONES * b'"' as u64;
    const BACKSLASHES: u64 = ONES * b'\\' as u64;
    const SPACES: u64 = ONES * b' ' as u64;
    let (quote, backslash) = (eight ^ QUOTES, eight ^ BACKSLASHES);
    // A byte below n borrows from its top bit when n is taken away; bytes that have a top bit are letters, not control.
    let found = eight.wrapping_sub(SPACES) | quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES);
    found & !eight & TOPS != 0
}
