//! What do the states of an incident mean, and which steps lie between two of them?

use crate::foreign::Settings;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    New,
    InProgress,
    OnHold(Hold),
    Resolved,
    Closed,
    Canceled,
}

/// For whom or what it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    Unsaid,
    Caller,
    Change,
    Problem,
    Vendor,
}

/// What happened between two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Triaged,
    Paused(Hold),
    Resumed,
    Resolved,
    /// Closed after it had been resolved.
    Closed,
    /// Closed without ever having been resolved.
    ClosedAtOnce,
    Canceled,
    Reopened,
}

/// The states that the tool comes with, by number and by label. Older instances write 3, 4 and 5 for what is waited for;
/// newer ones 3 alone, and what is waited for in a column of its own.
const BUILT_IN: &[(&str, State)] = &[
    ("1", State::New),
    ("new", State::New),
    ("2", State::InProgress),
    ("in progress", State::InProgress),
    ("active", State::InProgress),
    ("3", State::OnHold(Hold::Unsaid)),
    ("on hold", State::OnHold(Hold::Unsaid)),
    ("4", State::OnHold(Hold::Caller)),
    ("awaiting user info", State::OnHold(Hold::Caller)),
    ("awaiting caller", State::OnHold(Hold::Caller)),
    ("5", State::OnHold(Hold::Unsaid)),
    ("awaiting evidence", State::OnHold(Hold::Unsaid)),
    ("awaiting problem", State::OnHold(Hold::Problem)),
    ("awaiting vendor", State::OnHold(Hold::Vendor)),
    ("awaiting change", State::OnHold(Hold::Change)),
    ("6", State::Resolved),
    ("resolved", State::Resolved),
    ("7", State::Closed),
    ("closed", State::Closed),
    ("8", State::Canceled),
    ("canceled", State::Canceled),
    ("cancelled", State::Canceled),
];

/// The words with which a person says what a state of the source means.
const WORDS: &[(&str, State)] = &[
    ("new", State::New),
    ("in_progress", State::InProgress),
    ("on_hold", State::OnHold(Hold::Unsaid)),
    ("resolved", State::Resolved),
    ("closed", State::Closed),
    ("canceled", State::Canceled),
];

impl State {
    /// The state that a word means for the record of that number: as a person said, else as the tool comes. Vulnerable
    /// items have states of their own, which every organisation numbers anew.
    pub(super) fn of(word: &str, settings: &Settings, number: &str) -> Option<Self> {
        let find = |list: &[(&str, Self)], word: &str| {
            list.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, state)| *state)
        };
        match settings.statuses.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)) {
            Some((_, meant)) => find(WORDS, meant),
            None => find(BUILT_IN, word).filter(|_| !is_vulnerable_item(number)),
        }
    }

    /// The word a person has for it.
    pub(super) const fn as_word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::OnHold(_) => "on_hold",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Canceled => "canceled",
        }
    }

    /// The same, waiting for what the column of its own says.
    pub(super) fn waiting_for(self, reason: Option<&str>) -> Self {
        match (self, reason.map(Hold::of)) {
            (Self::OnHold(Hold::Unsaid), Some(hold)) => Self::OnHold(hold),
            (state, _) => state,
        }
    }

    /// Whether the tool takes it for done.
    pub(super) const fn is_done(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed | Self::Canceled)
    }

    const fn is_on_hold(self) -> bool {
        matches!(self, Self::OnHold(_))
    }

    /// What happened when it came from another state, or from none that is known.
    pub(super) fn steps_from(self, before: Option<Self>) -> Vec<Step> {
        let was_done = before.is_some_and(Self::is_done);
        let was_on_hold = before.is_some_and(Self::is_on_hold);
        let mut steps = Vec::new();
        if before == Some(self) || (was_on_hold && self.is_on_hold()) {
            return steps;
        }
        if was_done && !self.is_done() {
            steps.push(Step::Reopened);
        }
        match self {
            Self::New | Self::InProgress if was_on_hold => steps.push(Step::Resumed),
            Self::InProgress if matches!(before, None | Some(Self::New)) => steps.push(Step::Triaged),
            Self::New | Self::InProgress => {}
            Self::OnHold(hold) => steps.push(Step::Paused(hold)),
            Self::Closed if before == Some(Self::Resolved) => steps.push(Step::Closed),
            Self::Resolved | Self::Closed | Self::Canceled if was_done => {}
            Self::Resolved => steps.push(Step::Resolved),
            Self::Closed => steps.push(Step::ClosedAtOnce),
            Self::Canceled => steps.push(Step::Canceled),
        }
        steps
    }
}

/// Whether a record is a vulnerable item, by the letters its number begins with.
pub(super) fn is_vulnerable_item(number: &str) -> bool {
    number.get(..3).is_some_and(|letters| letters.eq_ignore_ascii_case("VIT"))
}

impl Hold {
    /// What the column for the reason of a hold says, by number or by label.
    pub(super) fn of(word: &str) -> Self {
        let word = word.to_ascii_lowercase();
        match word.as_str() {
            "1" => Self::Caller,
            "3" => Self::Problem,
            "4" => Self::Vendor,
            "5" => Self::Change,
            word if word.contains("caller") || word.contains("user") => Self::Caller,
            word if word.contains("problem") => Self::Problem,
            word if word.contains("vendor") => Self::Vendor,
            word if word.contains("change") => Self::Change,
            _ => Self::Unsaid,
        }
    }

    /// The reason as our word for it.
    pub(super) const fn as_code(self) -> Option<&'static str> {
        match self {
            Self::Unsaid => None,
            Self::Caller => Some("caller"),
            Self::Change => Some("change_window"),
            Self::Problem => Some("dependency"),
            Self::Vendor => Some("vendor"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_by_number_by_label_and_as_a_person_says() {
        let mut settings = Settings::default();
        assert_eq!(State::of("7", &settings, "INC1"), Some(State::Closed));
        assert_eq!(State::of("awaiting vendor", &settings, "INC1"), Some(State::OnHold(Hold::Vendor)));
        assert_eq!(State::of("-100", &settings, "INC1"), None);
        assert_eq!(State::of("7", &settings, "VIT1"), None, "no number is built in for other tables");
        settings.statuses.insert("7".to_owned(), "on_hold".to_owned());
        assert_eq!(State::of("7", &settings, "VIT1"), Some(State::OnHold(Hold::Unsaid)));
        assert_eq!(State::OnHold(Hold::Unsaid).waiting_for(Some("Awaiting Change")), State::OnHold(Hold::Change));
        let old = |word: &str| State::of(word, &Settings::default(), "INC1");
        assert_eq!((old("4"), old("5")), (Some(State::OnHold(Hold::Caller)), Some(State::OnHold(Hold::Unsaid))));
        assert_eq!(old("Awaiting Evidence"), Some(State::OnHold(Hold::Unsaid)));
        assert_eq!(old("Awaiting Problem"), Some(State::OnHold(Hold::Problem)));
    }

    #[test]
    fn a_hold_is_known_by_its_number_and_by_its_label() {
        for (number, label, code) in [
            ("1", "Awaiting Caller", Some("caller")),
            ("3", "Awaiting Problem", Some("dependency")),
            ("4", "Awaiting Vendor", Some("vendor")),
            ("5", "Awaiting Change", Some("change_window")),
            ("2", "Awaiting Evidence", None),
        ] {
            assert_eq!((Hold::of(number).as_code(), Hold::of(label).as_code()), (code, code), "{label}");
        }
    }

    #[test]
    fn steps_between_states() {
        let hold = State::OnHold(Hold::Caller);
        for (before, now, steps) in [
            (None, State::New, vec![]),
            (Some(State::New), State::InProgress, vec![Step::Triaged]),
            (Some(State::InProgress), State::New, vec![]),
            (Some(State::InProgress), hold, vec![Step::Paused(Hold::Caller)]),
            (Some(hold), State::OnHold(Hold::Vendor), vec![]),
            (Some(hold), State::InProgress, vec![Step::Resumed]),
            (Some(hold), State::Resolved, vec![Step::Resolved]),
            (Some(State::Resolved), State::Closed, vec![Step::Closed]),
            (Some(State::Resolved), hold, vec![Step::Reopened, Step::Paused(Hold::Caller)]),
            (Some(State::Closed), State::InProgress, vec![Step::Reopened]),
            (Some(State::Closed), State::Resolved, vec![]),
            (Some(State::New), State::Closed, vec![Step::ClosedAtOnce]),
            (Some(State::InProgress), State::Canceled, vec![Step::Canceled]),
        ] {
            assert_eq!(now.steps_from(before), steps, "{before:?} {now:?}");
        }
    }
}
