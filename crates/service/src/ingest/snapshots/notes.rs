//! What came of comparing a snapshot with the one before, in numbers and in a sentence?

use serde::{Deserialize, Serialize};

/// What came of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was held against the one before.
    #[default]
    Compared,
    /// There is none before it.
    First,
    /// It is another file of the same moment: what it says more counts, what it does not say means nothing.
    SameMoment,
    /// There is a newer one already: its rows count by their own dates, and nothing is concluded.
    Older,
    /// Nothing says when it was taken, and nobody said that its files are to be compared.
    Undated,
}

/// What was seen when a snapshot was held against the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotNotes {
    /// What came of it.
    pub verdict: Verdict,
    /// When it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// When the one was taken that it was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
    /// Items the file speaks of.
    pub items: u64,
    /// Items that were open before and lie within what the file covers: of these some can be gone.
    pub open_before: u64,
    /// Items that are open and were not known.
    pub detected: u64,
    /// Open items with a new severity, owner or status that no row dates.
    pub changed: u64,
    /// Items that were open and are over, as the file says.
    pub over: u64,
    /// Items that were over and are open again.
    pub back: u64,
    /// Items that are gone, and were looked for.
    pub gone: u64,
    /// Items that are gone, and nothing shows that anybody looked.
    pub unproven: u64,
    /// Items that are gone, and seem to be there under another id.
    pub renamed: u64,
    /// Whether a person took it although too much is gone at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mass_absence_accepted: bool,
}

impl SnapshotNotes {
    /// The same for people, as one sentence without a full stop.
    #[must_use]
    pub fn words(&self) -> String {
        let taken = self.taken_at.as_deref().unwrap_or("an unknown moment");
        let before = self.compared_with.as_deref().unwrap_or("an unknown moment");
        match self.verdict {
            Verdict::Undated => {
                "snapshot: not compared, since nothing says when it was taken; say when it was exported".to_owned()
            }
            Verdict::First => format!("snapshot of {taken}: the first of this source, {} items", self.items),
            Verdict::Older => format!("snapshot of {taken}: older than the one of {before}, so nothing was concluded"),
            Verdict::SameMoment => {
                format!("snapshot of {taken}: another file of that moment came before{}", self.counts())
            }
            Verdict::Compared => format!("snapshot of {taken}: compared with the one of {before}{}", self.counts()),
        }
    }

    fn counts(&self) -> String {
        let counts = [
            (self.changed, "changed", ""),
            (self.over, "over", ""),
            (self.back, "open again", ""),
            (self.gone, "gone", " (looked for)"),
            (self.unproven, "gone", " (unproven)"),
            (self.renamed, "gone", " (there under another id)"),
        ];
        let mut text = format!(": +{} detected", self.detected);
        for (count, what, how) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            text.push_str(&format!(", {count} {what}{how}"));
        }
        text.push_str(&format!("; {} were open before", self.open_before));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_against_what_it_was_held() {
        let notes = SnapshotNotes {
            taken_at: Some("2026-03-09T00:00:00Z".to_owned()),
            compared_with: Some("2026-03-02T00:00:00Z".to_owned()),
            detected: 12,
            unproven: 3,
            open_before: 40,
            ..SnapshotNotes::default()
        };
        assert_eq!(
            notes.words(),
            "snapshot of 2026-03-09T00:00:00Z: compared with the one of 2026-03-02T00:00:00Z: +12 detected, \
             3 gone (unproven); 40 were open before"
        );
        let older = SnapshotNotes { verdict: Verdict::Older, ..notes };
        assert!(older.words().ends_with("older than the one of 2026-03-02T00:00:00Z, so nothing was concluded"));
    }

    #[test]
    fn notes_of_an_older_version_are_read() {
        let read: SnapshotNotes = serde_json::from_str(r#"{"verdict":"first","items":3}"#).unwrap();
        assert_eq!((read.verdict, read.items, read.gone), (Verdict::First, 3, 0));
    }
}
