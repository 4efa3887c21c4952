//! What changed between two snapshots of one source? What no row tells by itself: changes, absence, and coming back.
//!
//! A snapshot states what stands at one moment; its rows become events by their own dates, as everywhere. A [`Snapshot`]
//! gathers beside it what the rows say of each item; [`compare`] holds that against the [`Standing`] that was left by the
//! snapshot before, and adds the events that only the difference shows. Their times lie between the two snapshots. The
//! standing is data: one is kept for each source.
//!
//! ```
//! use domain::time::Timestamp;
//! use formats::foreign::{Adapter, Foreign, Settings, snapshot::{Scope, Snapshot, Standing, compare}};
//!
//! let read = |file: &str| {
//!     let adapter = Adapter::named("tenable-csv").expect("a format");
//!     let mut foreign = Foreign::open(file.as_bytes(), adapter, &Settings::default()).expect("a table");
//!     let mut snapshot = Snapshot::default();
//!     while let Some(record) = foreign.next_record().expect("a row") {
//!         snapshot.add(&record.understood);
//!     }
//!     snapshot
//! };
//! let header = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found";
//! let at = |text| Timestamp::parse(text).expect("a time");
//! let monday = read(&format!("{header}\n7,a,Low,Active,2026-03-01T10:00:00Z,\n"));
//! let friday = read(&format!("{header}\n7,a,High,Active,2026-03-01T10:00:00Z,\n"));
//! let first = compare(&Standing::default(), &monday, &Scope::at(at("2026-03-02T00:00:00Z")));
//! assert!(first.understood.outcomes.is_empty(), "the row said it all");
//! let second = compare(&first.standing, &friday, &Scope::at(at("2026-03-06T00:00:00Z")));
//! assert_eq!(second.understood.outcomes.len(), 1, "the severity changed in between");
//! ```

mod between;
mod compare;
mod settings;
mod sighting;
mod statement;

pub use between::{Between, likeness, too_many_gone};
pub use compare::{Compared, compare};
pub(crate) use settings::Glance;
pub use settings::{SnapshotSettings, Taken};
pub use sighting::{Sighting, Snapshot, State};
pub use statement::statement;

use super::Rule;
use crate::canonical::Draft;
use domain::{event_name::EventName, severity::Severity, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a snapshot left behind: one for each source. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standing {
    /// When the snapshot was taken; none before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<i64>,
    /// What is known of each item.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, Stand>,
}

/// What is known of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stand {
    /// Whether the source held it to be there.
    pub open: bool,
    /// When it was first seen, by its own date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    /// When it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<i64>,
    /// How bad it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Who owned it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The status in the source's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The asset it lies on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    /// What checks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<String>,
    /// The part of the source it belongs to, where a file covers some parts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What its rows say without a date of its own, as whoever reads them numbers it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub said: BTreeSet<u64>,
}

impl Standing {
    /// Whether an event says again what opened an item that is known: snapshots repeat it with each row, and what describes
    /// the item may have changed since, which is no other opening. Such a draft is counted and not taken.
    #[must_use]
    pub fn is_known_opening(&self, draft: &Draft) -> bool {
        let known = || self.items.get(&draft.item_id).and_then(|stand| stand.first);
        draft.name == EventName::Detected && known() == Some(draft.at.seconds())
    }
}

/// What a snapshot covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Whether it states everything there is, so that absence says something.
    pub complete: bool,
    /// The assets it covers; all of them where none are named. Nothing is concluded about others.
    pub assets: Option<BTreeSet<String>>,
    /// Who scans, as the actor of what is seen to be gone.
    pub scanner: Option<String>,
    /// When assets were last scanned, where that is known from elsewhere.
    pub scanned: BTreeMap<String, Timestamp>,
    /// Weaknesses nothing checks for any more: their absence proves nothing.
    pub inactive: BTreeSet<String>,
    /// What status words mean, where it is an event.
    pub statuses: BTreeMap<String, String>,
    /// The rule that a return meets, where the tool takes the end out of its own record.
    pub takes_back: Option<Rule>,
    /// Whether a person looked at a snapshot in which too much is gone, and took it.
    pub mass_absence_taken: bool,
}

impl Scope {
    /// A snapshot of that moment that may leave things out.
    #[must_use]
    pub const fn at(taken_at: Timestamp) -> Self {
        Self {
            taken_at,
            complete: false,
            assets: None,
            scanner: None,
            scanned: BTreeMap::new(),
            inactive: BTreeSet::new(),
            statuses: BTreeMap::new(),
            takes_back: None,
            mass_absence_taken: false,
        }
    }

    /// Whether it covers the asset of an item; one whose asset is not known is covered where everything is.
    fn covers(&self, item: &str, stand: &Stand) -> bool {
        let asset = sighting::asset_of(item, stand.asset.as_deref());
        self.assets.as_ref().is_none_or(|assets| asset.is_some_and(|asset| assets.contains(asset)))
    }
}
