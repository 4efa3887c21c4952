//! What do the priorities of Jira mean?

use super::history::Word;
use crate::foreign::{
    Settings,
    severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, Scale},
};

/// The names of both schemes that Jira came with; a name says more than an id, which stays when a team renames it.
const NAMES: Scale = &[
    ("blocker", CRITICAL),
    ("highest", CRITICAL),
    ("critical", CRITICAL),
    ("high", HIGH),
    ("major", HIGH),
    ("medium", MEDIUM),
    ("normal", MEDIUM),
    ("low", LOW),
    ("minor", LOW),
    ("lowest", LOW),
    ("trivial", LOW),
];

/// The ids of the priorities that every Jira begins with: their names may be translated.
const IDS: Scale = &[("1", CRITICAL), ("2", HIGH), ("3", MEDIUM), ("4", LOW), ("5", LOW)];

/// What a priority means: by its id or name where a person said so, by its name, at last by its id.
pub(super) fn meant(priority: &Word, settings: &Settings) -> Meant {
    let on = |scale: Scale, word: Option<&str>| word.map_or(Meant::Unknown, |word| Meant::on(scale, settings, word));
    let (id, name) = (priority.id.as_deref(), priority.text.as_deref());
    [on(&[], id), on(NAMES, name), on(IDS, id)]
        .into_iter()
        .find(|meant| *meant != Meant::Unknown)
        .unwrap_or(Meant::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_is_known_by_a_person_then_by_name_then_by_id() {
        let priority = |id: &str, name: &str| Word { id: Some(id.to_owned()), text: Some(name.to_owned()) };
        let mut settings = Settings::default();
        assert_eq!(meant(&priority("2", "Critical"), &settings), CRITICAL);
        assert_eq!(meant(&priority("2", "Hoch"), &settings), HIGH);
        assert_eq!(meant(&priority("10100", "Urgent"), &settings), Meant::Unknown);
        assert_eq!(meant(&Word::default(), &settings), Meant::Unknown);
        settings.severities.insert("10100".to_owned(), "critical".to_owned());
        settings.severities.insert("Critical".to_owned(), "high".to_owned());
        assert_eq!(meant(&priority("10100", "Urgent"), &settings), CRITICAL);
        assert_eq!(meant(&priority("2", "Critical"), &settings), HIGH);
    }
}
