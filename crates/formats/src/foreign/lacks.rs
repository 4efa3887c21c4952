//! Which fields does a record lack that others of its file have? A fault that names none is told by them.

use super::{Given, Understood};
use crate::{canonical::Outcome, held::shown, json::Value};
use domain::quarantine::Reason;
use std::collections::BTreeSet;

/// What records look like is learnt from so many at most: every record is looked at, few teach something new.
const LEARNT_MAX: usize = 16;

/// So many fields are named in one message.
const NAMED_MAX: usize = 6;

/// The fields of the first records that were understood.
#[derive(Debug, Default)]
pub(super) struct Shapes(Vec<BTreeSet<String>>);

impl Shapes {
    /// Learns from a record that was understood, and tells what a record lacks that was not.
    pub(super) fn compare(&mut self, given: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = given else { return };
        let is_unnamed = understood.outcomes.iter().any(is_unnamed);
        if is_unnamed {
            let lacking = self.lacking(&fields(value));
            if let Some(first) = lacking.first() {
                understood.outcomes.iter_mut().for_each(|outcome| name(outcome, first, &lacking));
            }
        } else if self.0.len() < LEARNT_MAX {
            let fields = fields(value);
            if !self.0.contains(&fields) {
                self.0.push(fields);
            }
        }
    }

    /// What the record lacks of those that are most like it.
    fn lacking(&self, has: &BTreeSet<String>) -> Vec<String> {
        let differences = self.0.iter().map(|known| known.difference(has).cloned().collect::<Vec<String>>());
        let nearest = differences.filter(|lacking| !lacking.is_empty()).min_by_key(Vec::len).unwrap_or_default();
        let is_inside = |field: &String| {
            field.split_once('.').is_some_and(|(outer, _)| nearest.iter().any(|lacking| lacking == outer))
        };
        nearest.iter().filter(|field| !is_inside(field)).take(NAMED_MAX).cloned().collect()
    }
}

/// Whether it is held because something is missing, and no fault says what.
fn is_unnamed(outcome: &Outcome) -> bool {
    let Outcome::Held(held) = outcome else { return false };
    let is_about_all = matches!(held.reason, Reason::MissingField | Reason::Unreadable);
    is_about_all && held.faults.iter().all(|fault| fault.field.is_none())
}

fn name(outcome: &mut Outcome, field: &str, lacking: &[String]) {
    if !is_unnamed(outcome) {
        return;
    }
    let Outcome::Held(held) = outcome else { return };
    let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
    for fault in &mut held.faults {
        fault.field = Some(field.into());
        fault.detail = format!("{}; records before it have {}, and it has not", fault.detail, names.join(", "));
    }
}

/// The fields of an object, and those of the objects in it.
fn fields(value: &Value<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Value::Map(members) = value else { return found };
    for (key, member) in members {
        found.insert(shown(key));
        if let Value::Map(inner) = member {
            found.extend(inner.iter().map(|(inner, _)| format!("{}.{}", shown(key), shown(inner))));
        }
    }
    found
}
