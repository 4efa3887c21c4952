//! How may a text in a chart look? A few tones, sizes and weights, each of which is a class.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_backend::BackendColor;

/// What the colour of a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ink,
    Muted,
    Paper,
    Practice,
    /// On an area of the paper colour.
    OnPaper,
    /// On an area of the practice colour.
    OnPractice,
    /// The reported numeral: an outline.
    Hollow,
    /// The practised numeral: solid.
    Solid,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
}

impl Tone {
    const ALL: [Self; 13] = [
        Self::Ink,
        Self::Muted,
        Self::Paper,
        Self::Practice,
        Self::OnPaper,
        Self::OnPractice,
        Self::Hollow,
        Self::Solid,
        Self::Series1,
        Self::Series2,
        Self::Series3,
        Self::Series4,
        Self::Series5,
    ];

    const fn class(self) -> &'static str {
        match self {
            Self::Ink => "",
            Self::Muted => "t-muted",
            Self::Paper => "t-paper",
            Self::Practice => "t-practice",
            Self::OnPaper => "on-paper",
            Self::OnPractice => "on-practice",
            Self::Hollow => "hollow",
            Self::Solid => "solid",
            Self::Series1 => "t-s1",
            Self::Series2 => "t-s2",
            Self::Series3 => "t-s3",
            Self::Series4 => "t-s4",
            Self::Series5 => "t-s5",
        }
    }
}

/// The sizes of text in a chart, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    S13,
    S14,
    S16,
    S19,
    S40,
    S56,
}

impl TextSize {
    const ALL: [Self; 6] = [Self::S13, Self::S14, Self::S16, Self::S19, Self::S40, Self::S56];

    pub(crate) const fn pixels(self) -> f64 {
        match self {
            Self::S13 => 13.0,
            Self::S14 => 14.0,
            Self::S16 => 16.0,
            Self::S19 => 19.0,
            Self::S40 => 40.0,
            Self::S56 => 56.0,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::S13 => "",
            Self::S14 => "t-14",
            Self::S16 => "t-16",
            Self::S19 => "t-19",
            Self::S40 => "t-figure-s",
            Self::S56 => "t-figure",
        }
    }
}

/// Regular or semi-bold; nothing else is used in a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Strong,
}

/// Whether a text keeps a rim of ground around it where it crosses a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halo {
    Without,
    With,
}

/// Which end of the text its position names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// Everything about a text but its words and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub tone: Tone,
    pub size: TextSize,
    pub weight: Weight,
    pub halo: Halo,
    pub anchor: Anchor,
}

impl Look {
    #[must_use]
    pub const fn tone(tone: Tone) -> Self {
        Self { tone, size: TextSize::S13, weight: Weight::Regular, halo: Halo::Without, anchor: Anchor::Start }
    }

    #[must_use]
    pub const fn ink() -> Self {
        Self::tone(Tone::Ink)
    }

    #[must_use]
    pub const fn muted() -> Self {
        Self::tone(Tone::Muted)
    }

    #[must_use]
    pub const fn strong(self) -> Self {
        Self { weight: Weight::Strong, ..self }
    }

    #[must_use]
    pub const fn sized(self, size: TextSize) -> Self {
        Self { size, ..self }
    }

    #[must_use]
    pub const fn halo(self) -> Self {
        Self { halo: Halo::With, ..self }
    }

    #[must_use]
    pub const fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    #[must_use]
    pub const fn end(self) -> Self {
        self.anchored(Anchor::End)
    }

    #[must_use]
    pub const fn middle(self) -> Self {
        self.anchored(Anchor::Middle)
    }

    /// The look as plotters carries it: a colour is a key into [`Tone`], [`TextSize`], weight and halo.
    pub(crate) fn as_colour(self) -> BackendColor {
        let flags = u8::from(self.weight == Weight::Strong) | (u8::from(self.halo == Halo::With) << 1);
        BackendColor { alpha: 1.0, rgb: (place(&Tone::ALL, &self.tone), place(&TextSize::ALL, &self.size), flags) }
    }

    pub(crate) const fn as_position(self) -> Pos {
        let h_pos = match self.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        Pos { h_pos, v_pos: VPos::Bottom }
    }

    pub(crate) fn from_backend(colour: BackendColor, position: Pos) -> Self {
        let (tone, size, flags) = colour.rgb;
        Self {
            tone: Tone::ALL.get(usize::from(tone)).copied().unwrap_or(Tone::Ink),
            size: TextSize::ALL.get(usize::from(size)).copied().unwrap_or(TextSize::S13),
            weight: if flags & 1 == 0 { Weight::Regular } else { Weight::Strong },
            halo: if flags & 2 == 0 { Halo::Without } else { Halo::With },
            anchor: match position.h_pos {
                HPos::Left => Anchor::Start,
                HPos::Center => Anchor::Middle,
                HPos::Right => Anchor::End,
            },
        }
    }

    /// The words of the `class` attribute, without empty ones.
    pub(crate) fn classes(self) -> impl Iterator<Item = &'static str> {
        let weight = if self.weight == Weight::Strong { "t-strong" } else { "" };
        let halo = if self.halo == Halo::With { "halo" } else { "" };
        let anchor = match self.anchor {
            Anchor::Start => "",
            Anchor::Middle => "mid",
            Anchor::End => "end",
        };
        [self.tone.class(), weight, self.size.class(), anchor, halo].into_iter().filter(|class| !class.is_empty())
    }
}

fn place<T: PartialEq>(all: &[T], wanted: &T) -> u8 {
    all.iter().position(|each| each == wanted).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_survives_the_way_through_a_plotters_colour() {
        for tone in Tone::ALL {
            for size in TextSize::ALL {
                for look in [Look::tone(tone).sized(size), Look::tone(tone).sized(size).strong().halo().end()] {
                    assert_eq!(Look::from_backend(look.as_colour(), look.as_position()), look);
                }
            }
        }
    }
}
