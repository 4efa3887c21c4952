//! How often does what was closed come back? Kaplan–Meier over presses of *close* (methods.md 3).

use crate::survival::{curve::Curve, life_table::LifeTable, row::Row};
use domain::{fact::ItemFacts, time::Timestamp};

/// How often closures were seen again.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    curve: Curve,
}

impl Recurrence {
    /// Over the closures of some items; a closure not seen again by the end of the view is still watched there.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, as_of: Timestamp) -> Self {
        let rows: Vec<Row> = items.into_iter().flat_map(|facts| closure_rows(facts, as_of)).collect();
        Self::over(&LifeTable::of(&rows))
    }

    /// Over the life table of closures.
    #[must_use]
    pub fn over(table: &LifeTable) -> Self {
        Self { curve: Curve::of(table) }
    }

    /// How many closures there are.
    #[must_use]
    pub const fn closures(&self) -> u64 {
        self.curve.rows()
    }

    /// How many of them were seen again.
    #[must_use]
    pub const fn seen_again(&self) -> u64 {
        self.curve.ended()
    }

    /// The curve of closures that still hold.
    #[must_use]
    pub const fn curve(&self) -> &Curve {
        &self.curve
    }

    /// Share seen again within so many days, counting those too young to tell; `None` without closures.
    #[must_use]
    pub fn within_days(&self, days: i64) -> Option<f64> {
        (self.closures() > 0).then(|| 1.0 - self.curve.open_at(days * domain::time::DAY_SECONDS))
    }
}

/// One row a closure: until it was seen again, or as long as it has held.
pub fn closure_rows(facts: &ItemFacts, as_of: Timestamp) -> impl Iterator<Item = Row> + '_ {
    facts.closures.iter().map(move |closure| closure_row(closure.at, closure.seen_again, as_of))
}

/// The row of one closure.
pub(crate) fn closure_row(at: Timestamp, seen_again: Option<Timestamp>, as_of: Timestamp) -> Row {
    Row { entry: 0, exit: seen_again.unwrap_or(as_of).since(at).max(1), ended: seen_again.is_some() }
}
