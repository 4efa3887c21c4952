//! How wide is a text? Widths of Inter's letters, so that a chart can place words without a font engine.

use super::look::{Anchor, Look, Weight};

/// Advance widths of U+0020 to U+007E in thousandths of the size; digits with their tabular width.
const REGULAR: [u16; 95] = [
    281, 278, 403, 640, 640, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 640, 640, 640, 640, 640, 640, 640,
    640, 640, 640, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598, 587, 743, 740, 264, 543, 652, 562, 889,
    753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642, 665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621,
    582, 361, 609, 591, 237, 237, 544, 237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362,
    327, 362, 659,
];

/// The same for the semi-bold face.
const STRONG: [u16; 95] = [
    248, 309, 396, 666, 666, 844, 663, 213, 393, 393, 543, 673, 295, 466, 290, 379, 666, 666, 666, 666, 666, 666, 666,
    666, 666, 666, 290, 295, 673, 673, 673, 544, 999, 724, 657, 744, 724, 608, 586, 755, 744, 275, 561, 677, 566, 906,
    741, 775, 643, 776, 651, 649, 660, 734, 724, 1007, 690, 705, 653, 393, 379, 393, 481, 468, 497, 575, 630, 577, 630,
    593, 377, 625, 613, 261, 261, 569, 261, 898, 610, 608, 625, 625, 397, 549, 380, 608, 576, 837, 562, 576, 562, 393,
    358, 393, 673,
];

/// Latin letters with accents and other small alphabets.
const OTHER_LETTER: u16 = 640;
/// Ideographs, emoji and whatever else fills its square.
const SQUARE_LETTER: u16 = 1060;

fn advance(letter: char, weight: Weight) -> u16 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Strong => &STRONG,
    };
    let known = u32::from(letter).checked_sub(32).and_then(|at| usize::try_from(at).ok()).and_then(|at| table.get(at));
    if let Some(width) = known {
        return *width;
    }
    match letter {
        '\u{2009}' | '\u{202f}' => 182,
        '\u{a0}' => 281,
        '·' => 290,
        '–' => 500,
        '−' | '×' | '≤' | '≥' => 673,
        '…' => 821,
        '\u{a1}'..='\u{24f}' => OTHER_LETTER,
        _ => SQUARE_LETTER,
    }
}

/// The width of `text` in CSS pixels when it is set with `look`.
#[must_use]
pub fn width_of(text: &str, look: Look) -> f64 {
    let thousandths: f64 = text.chars().map(|letter| f64::from(advance(letter, look.weight))).sum();
    thousandths * look.size.pixels() / 1000.0
}

/// Room taken by a drawn text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextBox {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl TextBox {
    /// The room of `text` whose baseline passes through (`x`, `y`).
    pub(crate) fn of(text: &str, look: Look, x: f64, y: f64) -> Self {
        let width = width_of(text, look);
        let left = match look.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let size = look.size.pixels();
        Self { left, top: y - 0.76 * size, right: left + width, bottom: y + 0.22 * size }
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// `text` cut with a mark until it is at most `room` pixels wide.
pub(crate) fn fitted(text: &str, look: Look, room: f64) -> String {
    if width_of(text, look) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width_of(&kept, look) + width_of("…", look) > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// `text` broken at spaces into lines of at most `room` pixels; a word that is longer is cut with a mark.
pub(crate) fn wrapped(text: &str, look: Look, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(longer), Some(line)) if width_of(&longer, look) <= room => *line = longer,
            _ => lines.push(fitted(word, look, room)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strong_text_is_wider_than_a_regular_one() {
        assert!(width_of("falsely closed", Look::ink().strong()) > width_of("falsely closed", Look::ink()));
    }

    #[test]
    fn a_text_that_does_not_fit_is_cut_with_a_mark_and_then_fits() {
        let cut = fitted("a very long name of a team", Look::ink(), 80.0);
        assert!(cut.ends_with('…'));
        assert!(width_of(&cut, Look::ink()) <= 80.0);
    }

    #[test]
    fn lines_break_at_spaces_and_none_is_wider_than_the_room() {
        let lines = wrapped("awaiting verification", Look::ink(), 80.0);
        assert_eq!(lines, ["awaiting", "verification"]);
    }

    #[test]
    fn the_room_of_a_text_grows_to_the_side_its_anchor_says() {
        let look = Look::ink();
        assert!((TextBox::of("ab", look.end(), 100.0, 50.0).right - 100.0).abs() < 1e-9);
        assert!((TextBox::of("ab", look, 100.0, 50.0).left - 100.0).abs() < 1e-9);
    }
}
