//! Drill records, whatever they were read from: checked by the same rules, with the events that follow from them.

mod check;
mod events;
mod part;
mod read;

pub(crate) use events::item_of;

use crate::{
    canonical::Outcome,
    foreign::{Clock, Rule, Understood},
    held::Held,
    json::Members,
};
use domain::{drill::DrillRecord, quarantine::Reason};

/// Reads the members of an object as a drill record.
pub(crate) fn understand(members: &Members<'_>, clock: &Clock, understood: &mut Understood) {
    match read::record(members, clock) {
        Ok((record, unknown)) => {
            for _ in 0..unknown {
                understood.quiet("unknown field of a drill record");
            }
            take(record, understood);
        }
        Err(held) => hold(held, understood),
    }
}

/// Takes a record in: checks it, tells of its findings, and hands it over.
pub(crate) fn take(mut record: DrillRecord, understood: &mut Understood) {
    check::check(&mut record, understood);
    events::tell(&record, understood);
    understood.drills.push(record);
}

/// Holds what cannot be taken; a time that names no moment is a rule of its own.
pub(crate) fn hold(held: Held, understood: &mut Understood) {
    for fault in &held.faults {
        match (fault.reason, fault.field.as_deref()) {
            (Reason::NaiveTime, field) => understood.meet(Rule::NaiveTime, field.unwrap_or_default()),
            (Reason::TimeRange, field) => understood.meet(Rule::TimeRange, field.unwrap_or_default()),
            _ => {}
        }
    }
    understood.outcomes.push(Outcome::Held(held));
}
