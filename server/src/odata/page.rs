//! Which rows stand on this page? One pass over the items with the memory of a page, whatever the number of items.

use super::{
    error::ODataError,
    evaluate,
    item_row::{ItemRow, ItemRows},
    plan::{Direction, Plan},
    skip_token::{Mark, Progress},
    value::Value,
};
use domain::time::Timestamp;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
};

/// Where a row stands in the order.
#[derive(Clone, Debug)]
struct Place {
    by: Vec<(Value<'static>, Direction)>,
    key: i64,
}

impl Place {
    fn of(row: &ItemRow<'_>, plan: &Plan) -> Self {
        let by = plan.order.iter().map(|(column, direction)| (column.of(row).into_owned(), *direction));
        Self { by: by.collect(), key: row.key() }
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.by.iter().zip(&other.by);
        let by = pairs.map(|((mine, direction), (theirs, _))| match direction {
            Direction::Ascending => mine.order(theirs),
            Direction::Descending => theirs.order(mine),
        });
        by.fold(Ordering::Equal, Ordering::then).then(self.key.cmp(&other.key))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place {}

/// The keys of one page and what follows.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The keys, in order.
    pub(super) keys: Vec<i64>,
    /// How many rows match in all, whatever `$top` and `$skip` say.
    pub(super) matching: usize,
    /// The greatest key of all items, matching or not.
    pub(super) greatest_key: i64,
    /// The last row, if rows follow it: its key and the cells that the order goes by.
    pub(super) goes_on_after: Option<(i64, Vec<Mark>)>,
}

/// Finds the page of at most `rows` rows that follows `before`, or the first one.
pub(super) fn find(
    items: &dyn ItemRows,
    plan: &Plan,
    as_of: Timestamp,
    before: Option<&Progress>,
    rows: usize,
) -> Result<Page, ODataError> {
    let after = before.map(|progress| place_after(progress, plan)).transpose()?;
    let delivered = before.map_or(0, |progress| progress.delivered);
    let skip = if before.is_some() { 0 } else { plan.skip };
    let limit = plan.top.map_or(rows, |top| rows.min(top.saturating_sub(delivered)));
    let last_page = plan.top.is_some_and(|top| top.saturating_sub(delivered) <= rows);

    let mut page = Page::default();
    let mut nearest = BinaryHeap::new();
    let kept = skip + limit + 1;
    items.each(as_of, plan.mode, &mut |row| {
        if before.is_some_and(|progress| row.key() > progress.greatest_key) {
            return;
        }
        page.greatest_key = page.greatest_key.max(row.key());
        if !plan.filter.as_ref().is_none_or(|filter| evaluate::matches(filter, row, as_of)) {
            return;
        }
        page.matching += 1;
        let place = Place::of(row, plan);
        if after.as_ref().is_some_and(|after| place <= *after) {
            return;
        }
        nearest.push(place);
        if nearest.len() > kept {
            nearest.pop();
        }
    });
    let mut places = nearest.into_sorted_vec();
    places.drain(..skip.min(places.len()));
    let more = places.len() > limit && !last_page;
    places.truncate(limit);
    if more {
        page.goes_on_after =
            places.last().map(|last| (last.key, last.by.iter().map(|(cell, _)| Mark::of(cell)).collect()));
    }
    page.keys = places.into_iter().map(|place| place.key).collect();
    Ok(page)
}

fn place_after(progress: &Progress, plan: &Plan) -> Result<Place, ODataError> {
    let by = progress.sorted_by(plan).ok_or_else(super::skip_token::refused)?;
    Ok(Place { by, key: progress.key })
}

/// How many rows match.
pub(super) fn count(items: &dyn ItemRows, plan: &Plan, as_of: Timestamp) -> usize {
    let mut matching = 0;
    items.each(as_of, plan.mode, &mut |row| {
        matching += usize::from(plan.filter.as_ref().is_none_or(|filter| evaluate::matches(filter, row, as_of)));
    });
    matching
}

/// Writes the rows of `keys`, in that order.
pub(super) fn write(
    items: &dyn ItemRows,
    plan: &Plan,
    as_of: Timestamp,
    keys: &[i64],
    one: &dyn Fn(&ItemRow<'_>) -> String,
) -> Vec<String> {
    let slots: BTreeMap<i64, usize> = keys.iter().copied().zip(0..).collect();
    let mut written = vec![String::new(); keys.len()];
    if keys.is_empty() {
        return written;
    }
    items.each(as_of, plan.mode, &mut |row| {
        if let Some(slot) = slots.get(&row.key()).and_then(|slot| written.get_mut(*slot)) {
            *slot = one(row);
        }
    });
    written
}
