//! How much does one ticket hide? Exposures a ticket, tickets over several assets, and the time that disappears when a
//! ticket counts once (D12).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{
    real::{count_of, days, real},
    share::Share,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one ticket holds.
#[derive(Clone, Debug, Default)]
struct Held<'a> {
    exposures: u64,
    assets: BTreeSet<&'a str>,
    seconds: i64,
    longest: i64,
}

/// D12: exposures a ticket, tickets with more than one asset, and days by asset beyond those by ticket.
#[must_use]
pub fn grouping(ground: &Ground<'_>) -> Vec<Size> {
    let mut tickets: BTreeMap<&str, Held<'_>> = BTreeMap::new();
    for facts in &ground.facts {
        let Some(ticket) = facts.ties.ticket.as_deref() else { continue };
        let held = tickets.entry(ticket).or_default();
        let seconds = facts.wall_seconds(ground.frame.view.as_of, ground.mode);
        held.exposures += 1;
        held.assets.extend(facts.ties.asset.as_deref());
        held.seconds += seconds;
        held.longest = held.longest.max(seconds);
    }
    let count = count_of(tickets.len());
    let exposures: u64 = tickets.values().map(|held| held.exposures).sum();
    let hidden: i64 = tickets.values().map(|held| held.seconds - held.longest).sum();
    let several = Share::count(tickets.values(), |held| held.assets.len() > 1);
    let some = |value: f64| (count > 0).then_some(value);
    vec![
        Size::new("d12", "exposures_a_ticket", SizeUnit::Ratio, some(real(exposures) / real(count)), count),
        Size::new("d12", "tickets_over_several_assets", SizeUnit::Share, several.value(), several.of()),
        Size::new("d12", "by_asset_beyond_by_ticket", SizeUnit::Days, some(days(hidden)), count),
    ]
}
