//! How is an input changed at random?

/// Pieces that mean something to one reader or another.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b",",
    b":",
    b";",
    b"=",
    b"&",
    b"%",
    b"'",
    b" ",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"\\ud800",
    b"\\u0000",
    b"null",
    b"1e999",
    b"9223372036854775808",
    b"-",
    b"''",
    b"\"\"",
    b"{\"a\":",
    b"%25",
    b"%ff",
    b"+00:00",
    b"not ",
    b" eq ",
    b"0001-01-01T00:00:00+23:59",
    b"9999-12-31T23:59:59-23:59",
    b"2026-02-30T00:00:00Z",
    b"1970-01-01T00:00:00Z",
    b"item_id",
    b"at",
    b"\"extra\":{\"a\":1},",
];

/// So many copies of one piece go beyond every limit of depth, columns, keys and nodes.
const COPIES_MAX: usize = 600;

/// An input grows no further than this, or the later rounds would only be slow.
const BYTES_MAX: usize = 64 * 1024;

/// A small generator of numbers that are the same on every machine.
pub struct Dice(u64);

impl Dice {
    /// The dice of one round.
    #[must_use]
    pub const fn of_round(round: u64) -> Self {
        // The odd constant spreads neighbouring rounds, and a state of zero would stay zero.
        Self(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `below`, or 0.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let below = u64::try_from(below.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.0 % below).unwrap_or_default()
    }

    fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> Option<&'a T> {
        all.get(self.below(all.len())).copied()
    }
}

/// `original` with one to six changes; pieces of `others` may be mixed in.
#[must_use]
pub fn mutated(original: &[u8], others: &[&[u8]], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(6) {
        change(&mut bytes, others, dice);
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, others: &[&[u8]], dice: &mut Dice) {
    let from = dice.below(bytes.len() + 1);
    let to = from + dice.below(24).min(bytes.len() - from);
    match dice.below(8) {
        0 | 1 => {
            let byte = u8::try_from(dice.below(256)).unwrap_or_default();
            if let Some(place) = bytes.get_mut(from) {
                *place = byte;
            }
        }
        2 => drop(bytes.drain(from..to)),
        3 | 4 => {
            let piece = dice.one_of(PIECES).unwrap_or_default();
            let copies = if dice.below(24) == 0 { 1 + dice.below(COPIES_MAX) } else { 1 };
            bytes.splice(from..from, piece.repeat(copies));
        }
        5 => {
            let copy = bytes.get(from..to).unwrap_or_default().to_vec();
            let elsewhere = dice.below(bytes.len() + 1);
            bytes.splice(elsewhere..elsewhere, copy);
        }
        6 => {
            let other = dice.one_of(others).unwrap_or_default();
            let start = dice.below(other.len() + 1);
            let part = other.get(start..).unwrap_or_default();
            bytes.splice(from..to, part.iter().take(1 + dice.below(80)).copied());
        }
        _ => bytes.truncate(bytes.len() - dice.below(bytes.len() / 4 + 1)),
    }
}
