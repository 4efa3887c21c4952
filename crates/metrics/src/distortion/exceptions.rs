//! Do exceptions end? Renewals among grants, the time under them, and those that have lasted over a year (D8).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{
    real::{count_of, real},
    share::Share,
};
use domain::{
    fact::{Exception, ItemFacts},
    label::Label,
    time::{DAY_SECONDS, Timestamp},
};

/// A grant so soon after the last exception ended renews it.
const RENEWED_WITHIN: i64 = 7 * DAY_SECONDS;
const YEAR: i64 = 365 * DAY_SECONDS;

/// Renewals among grants.
#[must_use]
pub fn churn<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> Share {
    let mut all = Share::default();
    for facts in items {
        let before = facts.exceptions.iter().map(|spell| spell.ended);
        let grants = facts.exceptions.iter().zip(std::iter::once(None).chain(before));
        let renews = |(spell, before): &(&Exception, Option<Timestamp>)| {
            before.is_some_and(|ended| spell.granted.since(ended) <= RENEWED_WITHIN)
        };
        all = all.joined(Share::count(grants, renews));
    }
    all
}

/// Seconds an item was excepted, up to the view.
#[must_use]
pub fn excepted_seconds(facts: &ItemFacts, as_of: Timestamp) -> i64 {
    facts.exceptions.iter().map(|spell| spell.ended.unwrap_or(as_of).since(spell.granted)).sum()
}

/// D8: renewals among grants, time under an exception, and items excepted for over a year.
#[must_use]
pub fn exceptions(ground: &Ground<'_>) -> Vec<Size> {
    let churn = churn(ground.facts.iter().copied());
    let as_of = ground.frame.view.as_of;
    let with_one = || ground.facts.iter().filter(|facts| !facts.exceptions.is_empty());
    let long = count_of(with_one().filter(|facts| excepted_seconds(facts, as_of) > YEAR).count());
    let count = count_of(with_one().count());
    vec![
        Size::new("d8", "renewed", SizeUnit::Share, churn.value(), churn.of()),
        Size::new("d8", "excepted", SizeUnit::Days, ground.label_days(Label::Exception), ground.count()),
        Size::new("d8", "excepted_over_a_year", SizeUnit::Count, (count > 0).then(|| real(long)), count),
    ]
}
