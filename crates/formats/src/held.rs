//! Why is a line held back, and what can be done about it?

use domain::quarantine::Reason;

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
    pub awaits: Option<Box<str>>,
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
    pub(crate) fn awaits(mut self, what: impl Into<Box<str>>) -> Self {
        self.awaits = Some(what.into());
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
    const SHOWN_MAX: usize = 60;
    let mut text: String = value.chars().take(SHOWN_MAX).flat_map(escaped).collect();
    if value.chars().nth(SHOWN_MAX).is_some() {
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
