//! Is a text fit to name something: visible, normalised, not endless?

use crate::held::{Fault, shown};
use domain::quarantine::Reason;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Identifiers are at most this long, in characters.
const IDENTIFIER_CHARACTERS_MAX: usize = 256;

/// Names of sources are at most this long.
const SLUG_BYTES_MAX: usize = 64;

/// The identifier in NFC, or why it is none.
pub(crate) fn identifier<'a>(field: &str, text: Cow<'a, str>) -> Result<Cow<'a, str>, Box<Fault>> {
    let bad = |detail: String| Fault::of(field, Reason::BadIdentifier, detail);
    // All of this is settled for plain ASCII, which nearly every identifier is.
    if text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return if text.len() > IDENTIFIER_CHARACTERS_MAX {
            Err(too_long(field, text.len()).into())
        } else if text.bytes().all(|byte| byte == b' ') {
            Err(bad(format!("`{field}` holds nothing but blanks")).into())
        } else {
            Ok(text)
        };
    }
    if let Some(hidden) = text.chars().find(|character| character.is_control() || is_invisible(*character)) {
        let detail = format!("`{}` holds the invisible character U+{:04X}", shown(&text), u32::from(hidden));
        return Err(bad(detail)
            .hint("names must be told apart by eye: take control, zero-width and direction characters out")
            .into());
    }
    if text.chars().all(char::is_whitespace) {
        return Err(bad(format!("`{field}` holds nothing but blanks")).into());
    }
    let text = if is_nfc(&text) { text } else { Cow::Owned(text.nfc().collect()) };
    let characters = text.chars().count();
    if characters > IDENTIFIER_CHARACTERS_MAX {
        return Err(too_long(field, characters).into());
    }
    Ok(text)
}

fn too_long(field: &str, characters: usize) -> Fault {
    let detail = format!("`{field}` has {characters} characters, expected at most {IDENTIFIER_CHARACTERS_MAX}");
    Fault::of(field, Reason::BadIdentifier, detail)
}

/// A source is named in a path and in a setting, so its name is plain.
pub(super) fn slug(field: &str, text: &str) -> Result<(), Box<Fault>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.len() <= SLUG_BYTES_MAX && text.bytes().all(plain) {
        return Ok(());
    }
    let detail = format!(
        "`{}` is no name of a source, expected at most {SLUG_BYTES_MAX} letters, digits, `-`, `_` or `.`",
        shown(text)
    );
    Err(Fault::of(field, Reason::BadIdentifier, detail).into())
}

/// Characters that take no room, turn the direction of a line, or look like a blank that is none.
pub const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}
