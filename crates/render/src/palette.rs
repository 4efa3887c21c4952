//! Which colours exist? The tokens of the design, in both schemes, for what cannot read a style sheet.
//!
//! Charts carry classes, never colours; the page binds them in CSS. Only the PDF needs the values themselves, and it
//! takes them from here. A test compares this table with the token file of the page.

/// One named colour in both schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The name of the custom property without its dashes.
    pub name: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
}

const fn token(name: &'static str, light: &'static str, dark: &'static str) -> Token {
    Token { name, light, dark }
}

/// The colours of the design.
pub const TOKENS: &[Token] = &[
    token("ground", "#FAF9F6", "#131519"),
    token("surface", "#FFFFFF", "#1B1E24"),
    token("ink", "#1B1D21", "#ECEAE4"),
    token("ink-muted", "#555B66", "#A7ACB7"),
    token("rule", "#D8D5CD", "#363B45"),
    token("control", "#767B85", "#8A909C"),
    token("paper", "#5A718B", "#8195AD"),
    token("paper-soft", "#DCE4EC", "#27313C"),
    token("practice", "#6E2A08", "#FFC48A"),
    token("practice-soft", "#F7E4D6", "#43280F"),
    token("focus", "#0B5CAD", "#7CB7FF"),
    token("notice", "#7A5200", "#E0B75A"),
    token("s1", "#1B2F6B", "#DDE6FF"),
    token("s2", "#0F7EA8", "#54B9E0"),
    token("s3", "#7A6A00", "#C7C23E"),
    token("s4", "#C23E7E", "#F08DB9"),
    token("s5", "#6F53C4", "#9B87F5"),
];

/// Mixtures of ink and ground that the style sheet derives with `color-mix`; written out for the PDF.
pub const DERIVED: &[Token] = &[
    token("step", "#B9B9B9", "#434547"),
    token("step-strong", "#3D3F42", "#C0BFBB"),
    token("rule-strong", "#555759", "#A3A3A1"),
];

/// The light value of a colour. On paper the page itself is the ground, and paper is white.
#[must_use]
pub fn printed(name: &str) -> Option<&'static str> {
    let wanted = if name == "ground" { "surface" } else { name };
    TOKENS.iter().chain(DERIVED).find(|token| token.name == wanted).map(|token| token.light)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2.2 defines it, for `#RRGGBB`.
    #[expect(clippy::disallowed_methods, reason = "the last digit of a contrast does not matter")]
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one) + 0.05, luminance(other) + 0.05);
        if a > b { a / b } else { b / a }
    }

    fn value(name: &str) -> Token {
        *TOKENS.iter().find(|token| token.name == name).unwrap()
    }

    #[test]
    fn text_and_marks_stand_out_from_the_ground_in_both_schemes() {
        let ground = value("ground");
        let needed = [("ink", 7.0), ("ink-muted", 4.5), ("paper", 4.5), ("practice", 7.0), ("control", 3.0)];
        for (name, least) in needed {
            let token = value(name);
            assert!(contrast(token.light, ground.light) >= least, "{name} on the light ground");
            assert!(contrast(token.dark, ground.dark) >= least, "{name} on the dark ground");
            assert!(contrast(token.light, value("surface").light) >= least, "{name} on the printed page");
        }
    }

    #[test]
    fn paper_and_practice_differ_twofold_in_luminance() {
        let (paper, practice) = (value("paper"), value("practice"));
        assert!(contrast(paper.light, practice.light) >= 2.0);
        assert!(contrast(paper.dark, practice.dark) >= 1.9);
    }

    #[test]
    fn the_ground_of_the_printed_page_is_white() {
        assert_eq!(printed("ground"), Some("#FFFFFF"));
        assert_eq!(printed("no such colour"), None);
    }
}
