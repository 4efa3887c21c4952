//! How is a text in quotes read: borrowed where nothing is escaped, decoded where something is?

use super::{FaultKind, JsonFault, scan::Scanner};
use std::borrow::Cow;

impl<'a> Scanner<'a> {
    /// The scanner stands on the opening quote.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Box<JsonFault>> {
        self.at += 1;
        let from = self.at;
        self.at += plain_run(self.rest());
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(self.slice(from, self.at - 1)));
        }
        let mut text = String::from(self.slice(from, self.at));
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.wanted("no control character inside a text")),
                None => return Err(self.wanted("a closing quote")),
            }
            let from = self.at;
            self.at += plain_run(self.rest());
            text.push_str(self.slice(from, self.at));
        }
    }

    /// The scanner stands on the backslash.
    fn escape(&mut self) -> Result<char, Box<JsonFault>> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                self.at -= 1;
                return Err(self.wanted("a known escape"));
            }
        })
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
        self.at += 2;
        let second = self.four()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(lone);
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(lone)
    }

    fn four(&mut self) -> Result<u32, Box<JsonFault>> {
        let digits = self.rest().get(..4).unwrap_or_default();
        let mut code = 0;
        for byte in digits {
            let digit = char::from(*byte).to_digit(16);
            code = code * 16 + digit.ok_or_else(|| self.wanted("four hexadecimal digits"))?;
        }
        if digits.len() < 4 {
            return Err(self.wanted("four hexadecimal digits"));
        }
        self.at += 4;
        Ok(code)
    }
}

/// How many bytes of a text need no thought. Eight bytes at a time, because this is most of what reading is.
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
    let quote = eight ^ (ONES * b'"' as u64);
    let backslash = eight ^ (ONES * b'\\' as u64);
    // A byte below n borrows from its top bit when n is taken away; bytes that have a top bit are letters, not control.
    let found = eight.wrapping_sub(ONES * 0x20) | quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES);
    found & !eight & TOPS != 0
}
