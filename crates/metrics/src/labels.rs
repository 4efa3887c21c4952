//! Where did the time go? Seconds under each label, which add up to the wall clocks (methods.md 1.4).

use crate::real::ratio;
use domain::{
    calendar::Calendar,
    fact::ItemFacts,
    label::{Label, LabelSeconds},
    time::Timestamp,
    view::Verification,
};

/// Seconds under each label over some items.
pub fn where_time_went<'a>(
    items: impl IntoIterator<Item = &'a ItemFacts>,
    as_of: Timestamp,
    mode: Verification,
    calendar: &Calendar,
) -> LabelSeconds {
    let mut sum = LabelSeconds::default();
    for facts in items {
        sum += facts.labels(as_of, mode, calendar);
    }
    sum
}

/// Seconds of one label as a share of all, or nothing where no time passed.
#[must_use]
pub fn share_of(labels: &LabelSeconds, label: Label) -> Option<f64> {
    let part = u64::try_from(labels.get(label)).unwrap_or_default();
    ratio(part, u64::try_from(labels.total()).unwrap_or_default())
}

/// The labels by size, largest first; equal ones in their usual order, those without time left out.
#[must_use]
pub fn by_size(labels: &LabelSeconds) -> Vec<(Label, i64)> {
    let mut sizes: Vec<(Label, i64)> = Label::ALL.map(|label| (label, labels.get(label))).into();
    sizes.retain(|(_, seconds)| *seconds > 0);
    sizes.sort_by_key(|(_, seconds)| -seconds);
    sizes
}
