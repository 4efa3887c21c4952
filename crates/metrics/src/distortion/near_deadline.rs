//! Is more called false when the deadline is near? Verdicts in the last tenth of the target against all others (D15).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::share::Share;
use domain::fact::{Cause, ItemFacts, Outcome, RecordEnd, SlaRecord};

/// False positives among verdicts: in the last tenth of the target, and everywhere else.
#[must_use]
pub fn verdicts(ground: &Ground<'_>) -> (Share, Share) {
    let (mut near, mut elsewhere) = (Share::default(), Share::default());
    for facts in &ground.facts {
        for (record, end) in facts.records.iter().filter_map(verdict) {
            let is_near =
                9 * end.target_seconds <= 10 * end.elapsed_seconds && end.elapsed_seconds <= end.target_seconds;
            let one = Share::count([record], |_| was_called_false(facts, &end));
            if is_near {
                near = near.joined(one);
            } else {
                elsewhere = elsewhere.joined(one);
            }
        }
    }
    (near, elsewhere)
}

/// A record that ended with a word on whether the weakness was real: closed, retired or called false.
fn verdict(record: &SlaRecord) -> Option<(&SlaRecord, RecordEnd)> {
    let is_one = matches!(record.outcome, Outcome::Closed | Outcome::Cancelled);
    Some((record, record.end.filter(|_| is_one)?))
}

fn was_called_false(facts: &ItemFacts, end: &RecordEnd) -> bool {
    let ends = facts.episodes.iter().filter_map(|episode| episode.end);
    ends.into_iter().any(|own| own.cause == Cause::FalsePositive && own.at == end.at)
}

/// D15: the two shares, and how many times the one the other is.
#[must_use]
pub fn near_deadline(ground: &Ground<'_>) -> Vec<Size> {
    let (near, elsewhere) = verdicts(ground);
    let times = near.value().zip(elsewhere.value().filter(|share| *share > 0.0)).map(|(near, other)| near / other);
    vec![
        Size::new("d15", "called_false_near_deadline", SizeUnit::Share, near.value(), near.of()),
        Size::new("d15", "called_false_elsewhere", SizeUnit::Share, elsewhere.value(), elsewhere.of()),
        Size::new("d15", "times_as_often", SizeUnit::Ratio, times, near.of()),
    ]
}
