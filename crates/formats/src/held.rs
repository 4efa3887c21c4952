//! Why is a line held back, and what can be done about it?

use domain::{quarantine::Reason, time::Timestamp};

/// At most this many faults of one line are listed.
pub const FAULTS_MAX: usize = 100;

/// A line that cannot be put on a timeline as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The reason under which the line is filed: that of its first fault.
    pub reason: Reason,
    /// Everything that is wrong with it; never empty, at most [`FAULTS_MAX`].
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which of the closed list of reasons it is.
    pub reason: Reason,
    /// A finer word for programs: the reason itself, or what is wrong with the encoding (`json_syntax`,
    /// `json_too_deep`, `json_duplicate_key`, `json_too_many_keys`, `invalid_utf8`).
    pub code: &'static str,
    /// The field it concerns, if it is one field.
    pub field: Option<Box<str>>,
    /// What is wrong, with the value in backticks.
    pub detail: String,
    /// What to do next.
    pub hint: Option<String>,
    /// What it waits for, where it is settled by itself once that comes whole.
    pub awaits: Option<Box<Told>>,
}

/// Something that is told in parts, or whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What is told.
    pub what: Box<str>,
    /// How much of it there is.
    pub reach: Reach,
}

/// How far something goes that is told: what came whole once may have grown since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// So many changes.
    pub changes: Option<u64>,
    /// Up to that moment.
    pub until: Option<Timestamp>,
}

impl Reach {
    /// Whether what goes so far holds all of something else: by the number of changes where that is known, and by the last
    /// moment otherwise. What tells neither is held by nothing.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        match other.changes {
            Some(_) => self.changes >= other.changes,
            None => other.until.is_some() && self.until >= other.until,
        }
    }

    /// As far as either goes.
    #[must_use]
    pub fn or_farther(self, other: Self) -> Self {
        Self { changes: self.changes.max(other.changes), until: self.until.max(other.until) }
    }
}

impl Fault {
    /// A fault of one field.
    #[must_use]
    pub fn of(field: &str, reason: Reason, detail: String) -> Self {
        Self { field: Some(field.into()), ..Self::whole(reason, detail) }
    }

    /// A fault of the whole line.
    #[must_use]
    pub const fn whole(reason: Reason, detail: String) -> Self {
        Self { reason, code: reason.as_str(), field: None, detail, hint: None, awaits: None }
    }

    /// The same with a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, waiting for something that may come whole later.
    #[must_use]
    pub(crate) fn awaits(mut self, what: Told) -> Self {
        self.awaits = Some(Box::new(what));
        self
    }

    /// The same with a finer code.
    #[must_use]
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }
}

impl Held {
    /// A line with a single fault.
    #[must_use]
    pub fn because(fault: Fault) -> Self {
        Self { reason: fault.reason, faults: vec![fault] }
    }

    /// `None` when there is no fault. Faults of the three needed fields come first; a severity below low comes last,
    /// because it names the line only when it is the single thing in the way: the line is then released as low.
    #[must_use]
    pub fn from_faults(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort_by_key(|fault| match fault.field.as_deref() {
            _ if fault.reason == Reason::BelowScope => 4,
            Some("item_id") => 0,
            Some("event") => 1,
            Some("at") => 2,
            _ => 3,
        });
        faults.truncate(FAULTS_MAX);
        let reason = faults.first()?.reason;
        Some(Self { reason, faults })
    }
}

/// A piece of a value short enough for a message.
pub(crate) fn shown(value: &str) -> String {
    shown_up_to(60, value)
}

/// The same of something longer, such as a sentence that quotes a value.
pub(crate) fn shown_up_to(characters: usize, value: &str) -> String {
    let mut text: String = value.chars().take(characters).flat_map(escaped).collect();
    if value.chars().nth(characters).is_some() {
        text.push('…');
    }
    text
}

/// A character that would be invisible, or would turn the sentence round, is shown by its number.
fn escaped(character: char) -> impl Iterator<Item = char> {
    let hidden = character.is_control() || crate::canonical::is_invisible(character);
    let (number, plain) = if hidden { (Some(character.escape_unicode()), None) } else { (None, Some(character)) };
    number.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(changes: Option<u64>, until: Option<i64>) -> Reach {
        Reach { changes, until: until.map(Timestamp::from_seconds) }
    }

    #[test]
    fn what_came_whole_holds_a_part_only_where_it_goes_as_far() {
        let whole = reach(Some(3), Some(100));
        assert!(whole.holds(reach(Some(3), Some(200))), "a comment is no change");
        assert!(!whole.holds(reach(Some(4), Some(50))));
        assert!(whole.holds(reach(None, Some(100))));
        assert!(!whole.holds(reach(None, Some(101))));
        assert!(!reach(Some(3), None).holds(reach(None, Some(1))));
        assert!(!whole.holds(Reach::default()), "nothing says how far the part went");
        assert_eq!(whole.or_farther(reach(Some(2), Some(300))), reach(Some(3), Some(300)));
    }
}
