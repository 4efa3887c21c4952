//! What was found in one record: its events, what is wrong with it, and the rules it met.

use crate::{
    canonical::Outcome,
    foreign::{Rule, Understood},
    held::{Fault, Held},
};
use domain::quarantine::Reason;

/// What is found in a record while it is read.
pub(super) struct Report<'a> {
    pub(super) understood: &'a mut Understood,
    /// What the tool calls the record.
    pub(super) native: String,
    faults: Vec<Fault>,
}

impl<'a> Report<'a> {
    pub(super) const fn new(native: String, understood: &'a mut Understood) -> Self {
        Self { understood, native, faults: Vec::new() }
    }

    /// Notes what is wrong, and the rule that knows it.
    pub(super) fn fault(&mut self, fault: Fault) {
        let rules = [
            (Reason::NaiveTime, Rule::NaiveTime),
            (Reason::DisplayValues, Rule::DisplayValues),
            (Reason::EndsBeforeStart, Rule::EndsBeforeStart),
        ];
        let rule = rules.into_iter().find(|(reason, _)| *reason == fault.reason).map(|(_, rule)| rule);
        self.understood.meet_all(rule, &self.native);
        self.faults.push(fault);
    }

    /// Whether one of these fields is wrong.
    pub(super) fn has_fault(&self, fields: &[&str]) -> bool {
        self.faults.iter().any(|fault| fault.field.as_deref().is_some_and(|field| fields.contains(&field)))
    }

    /// Whether anything is wrong.
    pub(super) const fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Holds the record with everything that is wrong with it; what was read well stands.
    pub(super) fn finish(self) {
        self.understood.outcomes.extend(Held::from_faults(self.faults).map(Outcome::Held));
    }
}
