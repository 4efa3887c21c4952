//! Which characters of a foreign text may be drawn, and how much of it?
//!
//! Names come from scanners and ticket tools. A control character would break the XML, and one that turns the
//! direction of writing would let a name rearrange the line it stands in.

/// More than any name or sentence needs; what is longer is cut with a mark.
pub(crate) const TEXT_BYTES_MAX: usize = 2048;

/// `text` without characters that cannot be printed, cut to [`TEXT_BYTES_MAX`] with a mark.
pub(crate) fn printable(text: &str) -> String {
    let mut kept = String::new();
    for letter in text.chars() {
        if kept.len() + letter.len_utf8() > TEXT_BYTES_MAX - '…'.len_utf8() {
            kept.push('…');
            break;
        }
        match letter {
            '\n' | '\r' | '\t' => kept.push(' '),
            _ if is_unprintable(letter) => {}
            _ => kept.push(letter),
        }
    }
    kept
}

/// Control characters, overrides of the writing direction, and code points that are no characters.
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
        || matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_of_the_writing_direction_and_control_characters_are_dropped() {
        assert_eq!(printable("a\u{202e}b\u{0}c\nd\u{7}"), "abc d");
    }

    #[test]
    fn a_text_of_a_million_letters_is_cut_with_a_mark() {
        let cut = printable(&"x".repeat(1_000_000));
        assert!(cut.len() <= TEXT_BYTES_MAX);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn a_letter_of_many_bytes_is_never_cut_in_half() {
        let cut = printable(&"é".repeat(2000));
        assert!(cut.len() <= TEXT_BYTES_MAX);
        assert!(cut.chars().all(|letter| letter == 'é' || letter == '…'));
    }
}
