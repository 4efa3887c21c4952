//! Which events does the difference of two snapshots show, where both lie in memory?

use super::{Between, Scope, Snapshot, Stand, Standing, between::likeness, too_many_gone};
use crate::{
    canonical::Outcome,
    foreign::{Rule, Understood},
    held::{Fault, Held},
};
use domain::{quarantine::Reason, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What a comparison gave.
#[derive(Debug, PartialEq)]
pub struct Compared {
    /// The events, and the rules that were met; or one held line where too much is gone.
    pub understood: Understood,
    /// What is left behind for the next snapshot. It is that of before where nothing was concluded.
    pub standing: Standing,
}

/// Compares a snapshot with what the one before left behind.
///
/// An event that a row of the snapshot tells by itself is not told again. Absence says something only in a snapshot that is
/// complete, has no row that could not be read, and shows that the asset was scanned since; else it is flagged.
#[must_use]
pub fn compare(previous: &Standing, present: &Snapshot, scope: &Scope) -> Compared {
    let mut understood = Understood::default();
    let scope = &Scope { inactive: scope.inactive.union(&present.inactive).cloned().collect(), ..scope.clone() };
    let before = previous.taken_at.map(Timestamp::from_seconds);
    if before.is_some_and(|before| scope.taken_at < before) {
        understood.quiet("a snapshot older than the one before");
        return Compared { understood, standing: previous.clone() };
    }
    let renamed = renamed(previous, present);
    let looked = |asset: &str| present.assets.get(asset).copied();
    let covers = |_: &Stand| true;
    let is_renamed = |item: &str, _: &Stand| renamed.contains(item);
    let between =
        Between { scope, before, unread: present.unread, looked: &looked, covers: &covers, renamed: &is_renamed };
    if let Some(held) = mass_absence(previous, present, &between) {
        understood.meet(Rule::MassAbsence, held.faults.first().map_or("", |fault| fault.detail.as_str()));
        understood.outcomes.push(Outcome::Held(held));
        return Compared { understood, standing: previous.clone() };
    }
    let mut standing = Standing { taken_at: Some(scope.taken_at.seconds()), items: BTreeMap::new() };
    let items: BTreeSet<&String> = previous.items.keys().chain(present.sightings.keys()).collect();
    for item in items {
        let (known, sighting) = (previous.items.get(item), present.sightings.get(item));
        if let Some(stand) = between.tell(item, known, sighting, &mut understood) {
            standing.items.insert(item.clone(), stand);
        }
    }
    Compared { understood, standing }
}

/// Items that are gone, and of which exactly one new item is the likeness.
fn renamed<'a>(previous: &'a Standing, present: &Snapshot) -> BTreeSet<&'a str> {
    let (mut gone, mut new) = (BTreeMap::<String, Vec<&str>>::new(), BTreeMap::<String, u64>::new());
    for (item, stand) in &previous.items {
        if stand.open
            && !present.sightings.contains_key(item)
            && let Some(like) = likeness(item, stand)
        {
            gone.entry(like).or_default().push(item);
        }
    }
    for (item, sighting) in &present.sightings {
        if !previous.items.contains_key(item)
            && let Some(like) = likeness(item, &sighting.stand(None))
        {
            let count = new.entry(like).or_default();
            *count = count.saturating_add(1);
        }
    }
    let one_of_each = |(like, items): (String, Vec<&'a str>)| match items.as_slice() {
        [only] if new.get(&like) == Some(&1) => Some(*only),
        _ => None,
    };
    gone.into_iter().filter_map(one_of_each).collect()
}

/// Too much is gone at once from a snapshot that claims to state everything.
fn mass_absence(previous: &Standing, present: &Snapshot, between: &Between<'_>) -> Option<Held> {
    if !between.scope.complete || between.scope.mass_absence_taken {
        return None;
    }
    let (mut open, mut gone) = (0_u64, 0_u64);
    for (item, stand) in previous.items.iter().filter(|(item, stand)| between.expects(item, stand)) {
        open = open.saturating_add(1);
        let is_gone = !present.sightings.contains_key(item) && !(between.renamed)(item, stand);
        gone = gone.saturating_add(u64::from(is_gone));
    }
    if !too_many_gone(gone, open) {
        return None;
    }
    let detail = format!("{gone} of {open} open items are gone at once");
    let fault = Fault::whole(Reason::MassAbsence, detail);
    Some(Held::because(fault.hint("look whether the export was whole; if it was, take it as it is")))
}
