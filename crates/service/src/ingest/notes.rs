//! What was noticed about a file that is neither an event nor a held line: records that are no news, and rules that were met.

use super::{absence::MassAbsence, snapshots::SnapshotNotes};
use formats::foreign::{Rule, Understood};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::StoreError;

/// What a record met a rule by is kept for the first few of them, each once.
const EXAMPLES_MAX: usize = 3;
/// Words that no list knows are all named, as far as a person could explain them.
const WORDS_MAX: usize = 40;

/// How many examples of a rule are kept.
fn examples_max(rule: &str) -> usize {
    let of_words = [Rule::StatusUnknown, Rule::UnmatchedState, Rule::SeverityUnmapped];
    if of_words.iter().any(|known| known.as_str() == rule) { WORDS_MAX } else { EXAMPLES_MAX }
}

/// Counts of what was noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// Records, or parts of them, that were understood and say nothing of a lifecycle, by type.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub no_event: BTreeMap<String, u64>,
    /// Rules of data quality that were met.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub met: BTreeMap<String, Met>,
    /// Records of drills that said something new; they are no events and not among the lines.
    #[serde(skip_serializing_if = "is_zero")]
    pub drills_new: u64,
    /// Records of drills that were known word for word.
    #[serde(skip_serializing_if = "is_zero")]
    pub drills_known: u64,
    /// What it showed beside the snapshot before, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotNotes>,
    /// What a person had to decide about it first, and what was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mass_absence: Option<Box<MassAbsence>>,
    /// While it is under way: the import of the snapshot it is held beside, 0 where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) held_beside: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// How often a rule was met, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// How often.
    pub count: u64,
    /// What the first few were met by.
    pub examples: Vec<String>,
}

impl Notes {
    /// Reads notes as they are stored; where none were kept there is nothing.
    pub(crate) fn stored(text: &str) -> Result<Self, StoreError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|_| StoreError::damaged("the notes of an import or of pushes"))
    }

    /// The same as it is stored.
    pub(crate) fn to_stored(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|_| StoreError::damaged("notes that cannot be written"))
    }

    /// Takes the notes off what was understood of a record.
    pub(crate) fn take(&mut self, understood: &mut Understood) {
        for (what, count) in std::mem::take(&mut understood.no_event) {
            *self.no_event.entry(what.into()).or_default() += count;
        }
        for (rule, by) in understood.met.drain(..) {
            self.meet(rule, by.into());
        }
    }

    /// Notes a rule that a whole file met, if it met one.
    pub(crate) fn meet_all(&mut self, met: Option<(Rule, String)>) {
        if let Some((rule, by)) = met {
            self.meet(rule, by);
        }
    }

    /// Puts what a rule comes to in all in the place of what was noted of it before.
    pub(crate) fn put(&mut self, rule: Rule, met: Option<Met>) {
        match met {
            Some(met) => drop(self.met.insert(rule.as_str().to_owned(), met)),
            None => drop(self.met.remove(rule.as_str())),
        }
    }

    fn meet(&mut self, rule: Rule, by: String) {
        let met = self.met.entry(rule.as_str().to_owned()).or_default();
        met.count += 1;
        if met.examples.len() < examples_max(rule.as_str()) && !met.examples.contains(&by) {
            met.examples.push(by);
        }
    }

    /// Adds the notes of a later piece.
    pub(crate) fn add(&mut self, later: Self) {
        for (what, count) in later.no_event {
            *self.no_event.entry(what).or_default() += count;
        }
        self.drills_new += later.drills_new;
        self.drills_known += later.drills_known;
        self.snapshot = later.snapshot.or(self.snapshot.take());
        self.mass_absence = later.mass_absence.or(self.mass_absence.take());
        for (rule, more) in later.met {
            let max = examples_max(&rule);
            let met = self.met.entry(rule).or_default();
            met.count += more.count;
            for example in more.examples {
                if met.examples.len() < max && !met.examples.contains(&example) {
                    met.examples.push(example);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_the_first_examples_stay() {
        let mut understood = Understood::default();
        understood.no_event.insert("comment".into(), 2);
        understood.met = (0..5).map(|number| (Rule::NullWord, number.to_string().into())).collect();
        let mut notes = Notes::default();
        notes.take(&mut understood);
        assert_eq!(understood, Understood::default());
        notes.add(notes.clone());
        assert_eq!(notes.no_event["comment"], 4);
        let met = &notes.met["null_word"];
        assert_eq!((met.count, met.examples.join(" ").as_str()), (10, "0 1 2"));
    }

    #[test]
    fn every_word_that_no_list_knows_is_named_once() {
        let met = (0..50).map(|number| (Rule::StatusUnknown, format!("s{}", number % 10).into())).collect();
        let mut understood = Understood { met, ..Understood::default() };
        let mut notes = Notes::default();
        notes.take(&mut understood);
        notes.add(notes.clone());
        let met = &notes.met["status_unknown"];
        assert_eq!((met.count, met.examples.len()), (100, 10));
    }
}
