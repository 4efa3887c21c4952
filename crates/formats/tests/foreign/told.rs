//! What was understood of a file, in a form a test can read.

use domain::{
    drill::DrillRecord,
    enrichment::{Enriched, Feed},
};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{Adapter, Foreign, Settings, candidates},
};
use std::collections::BTreeMap;

/// Everything a file said.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// `item event at[..latest]` of each event, in the order of the file.
    pub(crate) events: Vec<String>,
    /// The canonical text of each event.
    pub(crate) canonical: Vec<String>,
    /// `reason: detail` of each held line.
    pub(crate) held: Vec<String>,
    /// Parts that are no news, by type.
    pub(crate) no_event: BTreeMap<String, u64>,
    /// How often each rule was met.
    pub(crate) met: BTreeMap<&'static str, u64>,
    /// Records of drills.
    pub(crate) drills: Vec<DrillRecord>,
    /// Rows of a feed.
    pub(crate) enriched: Vec<Enriched>,
    /// Which feed.
    pub(crate) feed: Option<Feed>,
    /// What held parts wait for.
    pub(crate) awaits: Vec<String>,
    /// What came whole.
    pub(crate) arrived: Vec<String>,
}

/// Reads a file as a format; the format must be the only one it looks like.
pub(crate) fn told(name: &str, settings: &Settings, file: &str) -> Told {
    let names: Vec<&str> = candidates(file.as_bytes()).iter().map(|adapter| adapter.name).collect();
    assert_eq!(names, [name], "the format is recognised, and no other");
    try_told(name, settings, file).unwrap()
}

/// The same where the file may have a fault as a whole.
pub(crate) fn try_told(name: &str, settings: &Settings, file: &str) -> Result<Told, FileFault> {
    let mut foreign = Foreign::open(file.as_bytes(), Adapter::named(name).unwrap(), settings)?;
    let mut told = Told::default();
    while let Some(record) = foreign.next_record()? {
        for outcome in record.understood.outcomes {
            match outcome {
                Outcome::Event(draft) => {
                    let latest = draft.at_latest.map(|latest| format!("..{latest}")).unwrap_or_default();
                    told.events.push(format!("{} {} {}{latest}", draft.item_id, draft.name.as_str(), draft.at));
                    told.canonical.push(draft.canonical);
                }
                Outcome::Held(held) => {
                    told.awaits
                        .extend(held.faults.iter().filter_map(|fault| Some(fault.awaits.as_ref()?.what.to_string())));
                    told.held.push(format!("{}: {}", held.reason, held.faults.first().unwrap().detail));
                }
            }
        }
        for (what, count) in record.understood.no_event {
            *told.no_event.entry(what.into()).or_default() += count;
        }
        told.arrived.extend(record.understood.arrived.iter().map(|told| told.what.to_string()));
        told.drills.extend(record.understood.drills);
        told.enriched.extend(record.understood.enriched);
        told.feed = record.understood.feed.or(told.feed);
        for (rule, _) in record.understood.met {
            *told.met.entry(rule.as_str()).or_default() += 1;
        }
    }
    Ok(told)
}
