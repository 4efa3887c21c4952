//! Is severity lowered before the deadline? In which tenth of the target it happens, set beside how many were still
//! running there (D4).

use super::{
    ground::{Ground, elapsed_seconds, target_seconds},
    size::{Size, SizeUnit},
};
use crate::share::Share;
use domain::fact::{ItemFacts, Outcome, SlaRecord};

/// Tenths of the target.
const SLICES: usize = 10;

/// Downgrades in each tenth of the target, among the records that reached it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Downgrades {
    /// One share a tenth, the first tenth first.
    pub by_tenth: [Share; SLICES],
}

/// Whether this record was wiped by a change to a lower severity.
fn was_downgraded(facts: &ItemFacts, record: &SlaRecord) -> bool {
    let Some(end) = record.end.filter(|_| record.outcome == Outcome::Reset) else { return false };
    facts.severity_steps.iter().any(|(at, severity)| *at == end.at && *severity > record.severity)
}

impl Downgrades {
    /// Over all records of some items. A policy that does not start a new record at a change leaves no trace of when it
    /// came, so there is nothing to count.
    #[must_use]
    pub fn of(ground: &Ground<'_>) -> Option<Self> {
        if !ground.frame.policy.reset_on_severity_change {
            return None;
        }
        let (mut downgraded, mut reached) = ([0_u64; SLICES], [0_u64; SLICES]);
        for facts in &ground.facts {
            for record in &facts.records {
                let tenths = 10 * elapsed_seconds(record, &ground.frame);
                let target = target_seconds(record, &ground.frame);
                for ((slice, count), own) in (0_i64..).zip(&mut reached).zip(&mut downgraded) {
                    let is_here = slice * target <= tenths && tenths < (slice + 1) * target;
                    *count += u64::from(slice * target <= tenths);
                    *own += u64::from(is_here && was_downgraded(facts, record));
                }
            }
        }
        let mut by_tenth = [Share::default(); SLICES];
        for (share, (part, of)) in by_tenth.iter_mut().zip(downgraded.into_iter().zip(reached)) {
            *share = Share::new(part, of).unwrap_or_default();
        }
        Some(Self { by_tenth })
    }

    /// The last tenth before the target.
    #[must_use]
    pub fn last_tenth(&self) -> Share {
        self.by_tenth.last().copied().unwrap_or_default()
    }

    /// All tenths before it together: the control.
    #[must_use]
    pub fn earlier(&self) -> Share {
        self.by_tenth.iter().take(SLICES - 1).fold(Share::default(), |all, one| all.joined(*one))
    }
}

/// D4: severity lowered in the last tenth of the target, the same before it, and what the severity at detection takes
/// away.
#[must_use]
pub fn downgrades(ground: &Ground<'_>) -> Vec<Size> {
    let found = Downgrades::of(ground);
    let share = |part, of: fn(&Downgrades) -> Share| {
        let share = found.as_ref().map(of).unwrap_or_default();
        Size::new("d4", part, SizeUnit::Share, share.value(), share.of())
    };
    vec![
        share("downgraded_in_last_tenth", Downgrades::last_tenth),
        share("downgraded_before_that", Downgrades::earlier),
        Size::new(
            "d4",
            "met_by_lower_severity",
            SizeUnit::Points,
            ground.points_step("severity_at_detection"),
            ground.count(),
        ),
    ]
}
