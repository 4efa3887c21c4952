//! How is UTF-16 read as UTF-8? Spreadsheets save tables that way, with a byte order mark.

use crate::{narrow::Narrow, text_encoding::TextEncoding};
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

/// Stands for what is no character: no text in UTF-8 holds this byte, so the line is held instead of being altered.
pub(crate) const NO_CHARACTER: u8 = 0xFF;

/// The order of the two bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    LittleEndian,
    BigEndian,
}

impl Order {
    /// The order that a byte order mark names, if the bytes begin with one.
    pub(crate) fn of_mark(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xFE, ..] => Some(Self::LittleEndian),
            [0xFE, 0xFF, ..] => Some(Self::BigEndian),
            _ => None,
        }
    }
}

/// Input with the bytes that were looked at put back in front.
type Restored<R> = Chain<Cursor<Vec<u8>>, R>;

/// Input as UTF-8, whatever it was.
pub(crate) enum Text<R> {
    Plain(R),
    Wide(Box<BufReader<Utf16<Restored<R>>>>),
    Narrow(Box<BufReader<Narrow<Restored<R>>>>),
}

impl<R: BufRead> Text<R> {
    /// Input that began with `head`, its mark taken off.
    pub(crate) fn wide(head: Vec<u8>, input: R, order: Order) -> Self {
        let decoder =
            Utf16 { input: Cursor::new(head).chain(input), order, half: None, high: None, ready: Vec::new(), given: 0 };
        Self::Wide(Box::new(BufReader::new(decoder)))
    }

    /// Whether it was anything but UTF-8.
    pub(crate) const fn is_decoded(&self) -> bool {
        matches!(self, Self::Wide(_) | Self::Narrow(_))
    }

    /// Input that began with `head`, of one byte a character.
    pub(crate) fn narrow(head: Vec<u8>, input: R, encoding: TextEncoding) -> Self {
        Self::Narrow(Box::new(BufReader::new(Narrow::new(Cursor::new(head).chain(input), encoding))))
    }
}

impl<R: BufRead> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(out),
            Self::Wide(input) => input.read(out),
            Self::Narrow(input) => input.read(out),
        }
    }
}

impl<R: BufRead> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(input) => input.fill_buf(),
            Self::Wide(input) => input.fill_buf(),
            Self::Narrow(input) => input.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match self {
            Self::Plain(input) => input.consume(count),
            Self::Wide(input) => input.consume(count),
            Self::Narrow(input) => input.consume(count),
        }
    }
}

/// Decodes units of two bytes, one buffer at a time.
pub(crate) struct Utf16<R> {
    input: R,
    order: Order,
    /// The first byte of a unit whose second has not come yet.
    half: Option<u8>,
    /// The first unit of a pair whose second has not come yet.
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Utf16<R> {
    fn take(&mut self, byte: u8) {
        let Some(first) = self.half.take() else {
            self.half = Some(byte);
            return;
        };
        let unit = match self.order {
            Order::LittleEndian => u16::from_le_bytes([first, byte]),
            Order::BigEndian => u16::from_be_bytes([first, byte]),
        };
        let before = self.high.take();
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
            self.ready.extend(before.map(|_| NO_CHARACTER));
            return;
        }
        for decoded in char::decode_utf16(before.into_iter().chain([unit])) {
            match decoded {
                Ok(character) => self.ready.extend(character.encode_utf8(&mut [0; 4]).bytes()),
                Err(_) => self.ready.push(NO_CHARACTER),
            }
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let chunk = self.input.fill_buf()?.to_vec();
            if chunk.is_empty() {
                let cut_off = self.half.take().is_some() || self.high.take().is_some();
                if cut_off {
                    self.ready.push(NO_CHARACTER);
                }
                return Ok(());
            }
            self.input.consume(chunk.len());
            chunk.into_iter().for_each(|byte| self.take(byte));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.decode_more()?;
        }
        Ok(hand_over(&self.ready, &mut self.given, out))
    }
}

/// Hands over what is decoded and not yet given, as much as there is room for; how much it was.
pub(crate) fn hand_over(ready: &[u8], given: &mut usize, out: &mut [u8]) -> usize {
    let rest = ready.get(*given..).unwrap_or_default();
    let count = rest.len().min(out.len());
    for (to, from) in out.iter_mut().zip(rest) {
        *to = *from;
    }
    *given = given.saturating_add(count);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], order: Order) -> Vec<u8> {
        let input = BufReader::with_capacity(3, bytes);
        let mut out = Vec::new();
        Text::wide(Vec::new(), input, order).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn both_orders_say_the_same_across_buffers() {
        let text = "Büro 😀\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&little, Order::LittleEndian), text.as_bytes());
        assert_eq!(decoded(&big, Order::BigEndian), text.as_bytes());
    }

    #[test]
    fn what_is_no_character_never_becomes_one() {
        let units = |units: &[u16]| units.iter().copied().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, expected) in [
            (units(&[0xDC00, 0x61]), &b"\xffa"[..]),
            (units(&[0xD83D, 0x61]), b"\xffa"),
            (units(&[0xD83D, 0xD83D, 0xDE00]), b"\xff\xf0\x9f\x98\x80"),
            (units(&[0x61, 0xD83D]), b"a\xff"),
            (vec![0x61, 0, 0x62], b"a\xff"),
        ] {
            assert_eq!(decoded(&bytes, Order::LittleEndian), expected, "{bytes:?}");
        }
    }
}
