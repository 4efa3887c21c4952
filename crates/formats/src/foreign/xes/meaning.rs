//! What does an activity of an event log with its transition do to an item?

use super::Preset;
use crate::foreign::Settings;
use domain::event_name::EventName;

/// What an entry of a log does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Exactly this event.
    Event(EventName),
    /// Somebody works on it: resumed after a pause, else work started.
    Working,
    /// It waits; waiting on is no news.
    Waiting,
    /// It lies with another team or person.
    Queued,
    /// It lies with a person for the first time.
    Taken,
    /// It is done: fixed and closed.
    Done,
    /// It is closed because nobody wants it done.
    Cancelled,
    /// Understood, and no news.
    Nothing,
}

/// Patterns with what they mean.
type Map = &'static [(&'static str, Does)];

/// An incident log of a car maker that many people learn with: activity, then its status as the transition.
const VOLVO_2013: Map = &[
    ("queued/awaiting assignment", Does::Queued),
    ("accepted/assigned", Does::Taken),
    ("accepted/in progress", Does::Working),
    ("accepted/wait*", Does::Waiting),
    ("completed/resolved", Does::Done),
    ("completed/closed", Does::Done),
    ("completed/in call", Does::Done),
    ("completed/cancelled", Does::Cancelled),
];

/// Transitions of the standard that say enough by themselves.
const PROPOSALS: Map = &[
    ("*/assign", Does::Event(EventName::Assigned)),
    ("*/reassign", Does::Event(EventName::Reassigned)),
    ("*/start", Does::Event(EventName::WorkStarted)),
    ("*/suspend", Does::Event(EventName::Paused)),
    ("*/resume", Does::Event(EventName::Resumed)),
    ("*/withdraw", Does::Cancelled),
];

/// The words that a person may use for what an entry does, beside the names of events.
const WORDS: Map = &[
    ("working", Does::Working),
    ("waiting", Does::Waiting),
    ("queued", Does::Queued),
    ("taken", Does::Taken),
    ("done", Does::Done),
    ("cancelled", Does::Cancelled),
    ("none", Does::Nothing),
];

impl Does {
    /// What an entry does: as a person said, else as the preset knows, else by its own words; `None` where nobody knows.
    pub(super) fn of(settings: &Settings, activity: &str, transition: Option<&str>) -> Option<Self> {
        let full = format!("{activity}/{}", transition.unwrap_or_default()).to_ascii_lowercase();
        let activity = activity.to_ascii_lowercase();
        let said = settings.statuses.iter().filter_map(|(pattern, word)| Some((pattern.as_str(), Self::named(word)?)));
        let preset = match settings.xes.preset {
            Some(Preset::Volvo2013) => VOLVO_2013,
            None => &[],
        };
        let is_whole = transition.is_none_or(|word| word.eq_ignore_ascii_case("complete"));
        best(said, &full, &activity)
            .or_else(|| best(preset.iter().copied(), &full, &activity))
            .or_else(|| activity.parse().ok().filter(|_| is_whole).map(Self::Event))
            .or_else(|| best(PROPOSALS.iter().copied(), &full, &activity))
    }

    /// The word of the settings for it.
    pub(super) const fn as_word(self) -> &'static str {
        match self {
            Self::Event(name) => name.as_str(),
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Taken => "taken",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Nothing => "none",
        }
    }

    /// What a word of the settings means.
    pub(super) fn named(word: &str) -> Option<Self> {
        let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, does)| *does);
        known.or_else(|| word.parse().ok().map(Self::Event))
    }
}

/// What the most exact of the patterns that fit says: the one with most characters of its own.
fn best<'a>(map: impl Iterator<Item = (&'a str, Does)>, full: &str, activity: &str) -> Option<Does> {
    map.filter(|(pattern, _)| fits(pattern, full) || fits(pattern, activity))
        .max_by_key(|(pattern, _)| (!pattern.contains('*'), pattern.len()))
        .map(|(_, does)| does)
}

/// Whether a text is the pattern, whatever its case; one `*` stands for any run of characters.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len().saturating_add(end.len()) && text.starts_with(start) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_says_counts_first_and_the_most_exact_pattern_among_them() {
        let mut settings = Settings::default();
        settings.xes.preset = Some(Preset::Volvo2013);
        let does = |settings: &Settings, activity, transition| Does::of(settings, activity, Some(transition));
        assert_eq!(does(&settings, "Accepted", "Wait - Vendor"), Some(Does::Waiting));
        assert_eq!(does(&settings, "Completed", "In Call"), Some(Does::Done));
        assert_eq!(does(&settings, "Unmatched", "Unmatched"), None);
        settings.statuses.insert("Accepted/*".to_owned(), "none".to_owned());
        settings.statuses.insert("accepted/Wait - Vendor".to_owned(), "escalated".to_owned());
        assert_eq!(does(&settings, "Accepted", "Wait - Vendor"), Some(Does::Event(EventName::Escalated)));
        assert_eq!(does(&settings, "Accepted", "Wait"), Some(Does::Nothing));
    }

    #[test]
    fn words_of_the_standard_speak_for_themselves_and_complete_does_not() {
        let settings = Settings::default();
        assert_eq!(Does::of(&settings, "Mend", Some("suspend")), Some(Does::Event(EventName::Paused)));
        assert_eq!(Does::of(&settings, "Mend", Some("Withdraw")), Some(Does::Cancelled));
        assert_eq!(Does::of(&settings, "Mend", Some("complete")), None);
        assert_eq!(Does::of(&settings, "fix_applied", Some("complete")), Some(Does::Event(EventName::FixApplied)));
        assert_eq!(Does::of(&settings, "Mend", None), None);
        assert_eq!(Does::named("wird erledigt"), None);
    }
}
