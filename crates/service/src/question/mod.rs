//! The questions of the pages: what is asked, over which items, and what every answer carries.
//!
//! The functions here are pure: columns or a ledger, a filter and a frame in, an answer out. `ask` authorises, finds what
//! the view knows and calls them.

pub(crate) mod answer_cache;
pub mod ask;
pub mod clocks;
mod drawn;
pub mod evidence;
pub mod feeds;
pub mod gap;
pub mod import_quality;
pub mod item;
pub mod items;
pub mod quality;
pub mod source_ages;
pub mod sources;
pub mod trend;
pub mod weaknesses;

use domain::{time::Timestamp, view::Verification};
use metrics::{
    answer::{Answer, SHOWN_MIN},
    columns::{Columns, Overview, Work},
    ledger::{Filter, Frame, ItemSet, Ledger, LedgerItem},
    real::{count_of, days},
    share::Share,
};

/// What every figure of an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Items that pass the filter.
    pub items: u64,
    /// Items of the organisation in this view.
    pub of_items: u64,
    /// End of the view.
    pub as_of: Timestamp,
    /// The moment up to which knowledge counts.
    pub known_at: Timestamp,
    /// Since when the items are watched.
    pub observed_from: Timestamp,
    /// Strict or lenient.
    pub mode: Verification,
    /// Items whose first evidence is no detection: their wall clock is a lower bound.
    pub origin_imputed: Share,
}

impl Basis {
    /// What an answer over these items rests on.
    #[must_use]
    pub fn of(ledger: &Ledger, selected: &[&LedgerItem], filter: &Filter, frame: &Frame<'_>) -> Self {
        Self {
            items: count_of(selected.len()),
            of_items: count_of(ledger.items().len()),
            as_of: frame.view.as_of,
            known_at: frame.view.known_at,
            observed_from: frame.view.observed_from,
            mode: filter.mode,
            origin_imputed: Share::count(selected, |item| item.facts.origin_imputed),
        }
    }

    /// The same from counts.
    #[must_use]
    pub fn of_overview(overview: &Overview, columns: &Columns, filter: &Filter, frame: &Frame<'_>) -> Self {
        Self {
            items: overview.items,
            of_items: count_of(columns.len()),
            as_of: frame.view.as_of,
            known_at: frame.view.known_at,
            observed_from: frame.view.observed_from,
            mode: filter.mode,
            origin_imputed: Share::new(overview.size(ItemSet::OriginImputed), overview.items).unwrap_or_default(),
        }
    }
}

/// Items with at least one episode under a curve, in both modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Under the strict curve.
    pub strict: u64,
    /// Under the lenient one.
    pub lenient: u64,
}

impl Watched {
    const fn of(overview: &Overview) -> Self {
        Self { strict: overview.watched_strict, lenient: overview.watched_lenient }
    }
}

/// Ages in seconds as days, or too few.
fn shown_days(answer: Answer<i64>) -> Answer<f64> {
    answer.from_at_least(SHOWN_MIN).map(days)
}

/// A mean without an interval, or too few.
fn shown_mean(value: Option<f64>, count: u64) -> Answer<f64> {
    Answer::plain(value, count).from_at_least(SHOWN_MIN)
}

/// As many threads as there are processors.
fn all_processors() -> Work {
    Work::on(std::thread::available_parallelism().unwrap_or(std::num::NonZeroUsize::MIN))
}
