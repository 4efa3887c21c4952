//! Did a scanner know before our feed did? Then the wall clock of the feed starts too late (G6).

use crate::{flow::median, share::Share};
use domain::{fact::ItemFacts, time::Timestamp};
use std::collections::BTreeMap;

/// Items that a scanner had found before the feed told of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LateDetection {
    /// Found earlier by a scanner, of the items both have detected.
    pub late: Share,
    /// Half of those were known to a scanner for no longer than this before, in seconds.
    pub median_lead: Option<i64>,
}

/// G6: compares the first detection by a machine with the first by anybody else. A machine's detection of the same
/// weakness on the same asset counts whichever item it stands on: feeds that were never merged are compared as well.
#[must_use]
pub fn late_detection(items: &[&ItemFacts]) -> LateDetection {
    let mut scanned: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
    for (place, at) in items.iter().filter_map(|facts| Some((place_of(facts)?, facts.detections.by_machine?))) {
        let first = scanned.entry(place).or_insert(at);
        *first = (*first).min(at);
    }
    let lead_of = |facts: &&ItemFacts| {
        let elsewhere = place_of(facts).and_then(|place| scanned.get(&place).copied());
        let scanner = elsewhere.into_iter().chain(facts.detections.by_machine).min()?;
        Some(facts.detections.by_others?.since(scanner))
    };
    let leads: Vec<i64> = items.iter().filter_map(lead_of).collect();
    let mut late: Vec<i64> = leads.iter().copied().filter(|lead| *lead > 0).collect();
    LateDetection { late: Share::count(leads, |lead| *lead > 0), median_lead: median(&mut late) }
}

/// The asset and the weakness of an item, where it names both.
fn place_of(facts: &ItemFacts) -> Option<(&str, &str)> {
    facts.ties.asset.as_deref().zip(facts.ties.weakness.as_deref())
}
