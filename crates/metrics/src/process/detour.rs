//! What does it cost to leave the playbook? For each step how much longer items live that did not take it where the
//! playbook has it, the open ones counted (methods.md 6, deviation table).

use super::{deviation::followed, playbook::Playbook, trace::Trace};
use crate::{
    real::{count_of, whole},
    survival::{curve::Curve, life_table::LifeTable, row::Row},
};
use domain::{event_name::EventName, time::DAY_SECONDS};

/// What leaving one step costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detour {
    /// The step.
    pub step: Option<EventName>,
    /// Items under watch that did not take it where the playbook has it.
    pub items: u64,
    /// Their restricted mean less that of the others, in days; `None` where one side is empty.
    pub extra_days: Option<f64>,
}

/// The detours of some items, each with its trace and its row; an item nobody watched has none.
#[must_use]
pub fn detours(playbook: &Playbook, items: &[(&Trace, Option<Row>)], horizon_days: i64) -> Vec<Detour> {
    let steps = playbook.steps();
    let mut sides: Vec<(Vec<Row>, Vec<Row>)> = vec![(Vec::new(), Vec::new()); steps.len()];
    for (trace, row) in items {
        let taken = followed(steps, &trace.names);
        for (place, (others, left)) in sides.iter_mut().enumerate() {
            let side = if taken.contains(&place) { others } else { left };
            side.extend(*row);
        }
    }
    let mean = |rows: &[Row]| {
        let mean = || Curve::of(&LifeTable::of(rows)).restricted_mean(horizon_days * DAY_SECONDS).0;
        (!rows.is_empty()).then(mean)
    };
    let detour = |(step, (others, left)): (&Option<EventName>, &(Vec<Row>, Vec<Row>))| {
        let apart = mean(left).zip(mean(others)).map(|(left, others)| (left - others) / whole(DAY_SECONDS));
        Detour { step: *step, items: count_of(left.len()), extra_days: apart }
    };
    steps.iter().zip(&sides).map(detour).collect()
}
