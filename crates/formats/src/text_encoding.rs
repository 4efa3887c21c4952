//! In which encoding is the text of a source, where a person had to say so?
//!
//! UTF-8, and UTF-16 with a byte order mark, are recognised. The older encodings give every byte a meaning, so nothing in a
//! file tells them apart: one of them is read only for a source whose people chose it.

use serde::{Deserialize, Serialize};

/// An encoding of one byte a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextEncoding {
    /// As Windows writes it in Western Europe and America.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// ISO 8859-1.
    #[serde(rename = "latin-1")]
    Latin1,
}

/// What Windows-1252 has between 0x80 and 0x9F; five places are empty.
const WINDOWS: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

impl TextEncoding {
    /// All of them, for a choice.
    pub const ALL: [Self; 2] = [Self::Windows1252, Self::Latin1];

    /// The word as settings and messages write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Windows1252 => "windows-1252",
            Self::Latin1 => "latin-1",
        }
    }

    /// The character of a byte, if it has one.
    pub(crate) fn character(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (Self::Windows1252, 0x80..=0x9F) => WINDOWS.get(usize::from(byte.saturating_sub(0x80))).copied().flatten(),
            _ => Some(char::from(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_differ_where_latin_1_has_no_letters() {
        for (byte, windows, latin) in [
            (0x41, Some('A'), Some('A')),
            (0x80, Some('€'), Some('\u{80}')),
            (0x81, None, Some('\u{81}')),
            (0x93, Some('“'), Some('\u{93}')),
            (0x9F, Some('Ÿ'), Some('\u{9f}')),
            (0xA0, Some('\u{a0}'), Some('\u{a0}')),
            (0xE9, Some('é'), Some('é')),
            (0xFF, Some('ÿ'), Some('ÿ')),
        ] {
            let found = TextEncoding::ALL.map(|encoding| encoding.character(byte));
            assert_eq!(found, [windows, latin], "{byte:#x}");
        }
    }
}
