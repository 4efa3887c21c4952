//! What does a tool's own word or number for severity mean?

use super::Settings;
use domain::severity::Severity;

/// A severity as a tool gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// One of ours.
    Of(Severity),
    /// Less than low.
    Below,
    /// No map knows it.
    Unknown,
}

/// A scale: the tool's words with what they mean, whatever their case.
pub(crate) type Scale = &'static [(&'static str, Meant)];

pub(crate) const CRITICAL: Meant = Meant::Of(Severity::Critical);
pub(crate) const HIGH: Meant = Meant::Of(Severity::High);
pub(crate) const MEDIUM: Meant = Meant::Of(Severity::Medium);
pub(crate) const LOW: Meant = Meant::Of(Severity::Low);

/// The words most tools share.
pub(crate) const WORDS: Scale = &[
    ("critical", CRITICAL),
    ("high", HIGH),
    ("medium", MEDIUM),
    ("moderate", MEDIUM),
    ("low", LOW),
    ("info", Meant::Below),
    ("informational", Meant::Below),
    ("information", Meant::Below),
    ("none", Meant::Below),
];

impl Meant {
    /// What a word means on a scale; what a person said about the source counts first.
    pub(crate) fn on(scale: Scale, settings: &Settings, word: &str) -> Self {
        let said = settings.severities.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        if let Some((_, meant)) = said {
            let meant = if meant == "below" { Self::Below } else { meant.parse().map_or(Self::Unknown, Self::Of) };
            return meant.taken(settings);
        }
        let known = scale.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or(Self::Unknown, |(_, meant)| *meant).taken(settings)
    }

    /// Less than low is low where somebody decided to take it so.
    pub(crate) fn taken(self, settings: &Settings) -> Self {
        if self == Self::Below && settings.below_as_low { LOW } else { self }
    }

    /// What a score from 0 to 10 means.
    pub(crate) fn of_score(score: f64) -> Self {
        match score {
            score if score >= 9.0 => CRITICAL,
            score if score >= 7.0 => HIGH,
            score if score >= 4.0 => MEDIUM,
            score if score > 0.0 => LOW,
            _ => Self::Below,
        }
    }

    /// The word of the canonical event; less than low keeps a word that is held for a person to decide.
    pub(crate) const fn as_word(self) -> Option<&'static str> {
        match self {
            Self::Of(severity) => Some(severity.as_str()),
            Self::Below => Some("info"),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_said_counts_before_the_scale() {
        let mut settings = Settings::default();
        assert_eq!(Meant::on(WORDS, &settings, "HIGH"), HIGH);
        assert_eq!(Meant::on(WORDS, &settings, "Schwer"), Meant::Unknown);
        settings.severities.insert("schwer".to_owned(), "critical".to_owned());
        settings.severities.insert("high".to_owned(), "below".to_owned());
        assert_eq!(Meant::on(WORDS, &settings, "Schwer"), CRITICAL);
        assert_eq!(Meant::on(WORDS, &settings, "High"), Meant::Below);
    }

    #[test]
    fn scores_fall_into_four_and_none() {
        let meant = [10.0, 9.0, 8.9, 7.0, 4.0, 0.1, 0.0].map(Meant::of_score);
        assert_eq!(meant, [CRITICAL, CRITICAL, HIGH, HIGH, MEDIUM, LOW, Meant::Below]);
    }
}
