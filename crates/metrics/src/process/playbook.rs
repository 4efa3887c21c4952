//! How far from the playbook did it go? The longest common subsequence of trace and playbook.

use super::trace::Trace;
use crate::real::{count_of, ratio, real};
use domain::event_name::EventName;

/// The steps as they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Playbook {
    /// A step outside the vocabulary counts as a step that never happens.
    steps: Vec<Option<EventName>>,
}

impl Default for Playbook {
    fn default() -> Self {
        use EventName::{Assigned, Closed, Detected, FixApplied, Ticketed, Verified};
        Self { steps: [Detected, Ticketed, Assigned, FixApplied, Closed, Verified].map(Some).into() }
    }
}

/// How well traces fit a playbook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Mean of 1 − (what is missing or too much) / (all steps of both); `None` without items.
    pub mean: Option<f64>,
    /// Share of items that fit fully.
    pub perfect: Option<f64>,
    /// The same over all steps of all items together: 1 − Σ (missing or too much) / Σ (all steps); `None` without any.
    pub of_log: Option<f64>,
}

impl Playbook {
    /// A playbook of these words.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self { steps: words.into_iter().map(|word| word.parse().ok()).collect() }
    }

    /// Its steps in order; a word outside the vocabulary is a step nobody can take.
    #[must_use]
    pub fn steps(&self) -> &[Option<EventName>] {
        &self.steps
    }

    /// How well the traces fit; events foreign to the playbook are not looked at.
    #[must_use]
    pub fn fit(&self, traces: &[Trace]) -> Fit {
        let (mut sum, mut perfect) = (0.0, 0);
        let (mut all_cost, mut all_steps) = (0, 0);
        for trace in traces {
            let known: Vec<EventName> =
                trace.names.iter().copied().filter(|name| self.steps.contains(&Some(*name))).collect();
            let all = known.len() + self.steps.len();
            let common = self.common(&known);
            sum += if all == 0 { 1.0 } else { 1.0 - real(count_of(all - 2 * common)) / real(count_of(all)) };
            perfect += u64::from(all == 2 * common);
            all_cost += count_of(all - 2 * common);
            all_steps += count_of(all);
        }
        let items = count_of(traces.len());
        Fit {
            mean: (items > 0).then(|| sum / real(items)),
            perfect: ratio(perfect, items),
            of_log: ratio(all_cost, all_steps).map(|cost| 1.0 - cost),
        }
    }

    /// Length of the longest common subsequence, row by row.
    fn common(&self, names: &[EventName]) -> usize {
        let mut row = vec![0_usize; self.steps.len() + 1];
        for name in names {
            let mut diagonal = 0;
            let mut left = 0;
            for (step, slot) in self.steps.iter().zip(row.iter_mut().skip(1)) {
                let above = *slot;
                left = if *step == Some(*name) { diagonal + 1 } else { above.max(left) };
                diagonal = above;
                *slot = left;
            }
        }
        row.last().copied().unwrap_or_default()
    }
}
