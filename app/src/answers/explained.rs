//! What does a number answer for? Its entry in the catalogue, the lists it rests on, its view and its addresses.

use domain::view::Verification;
use metrics::catalogue::entry;
use metrics::share::Share;

use super::asking::{Asking, known_at};
use super::items_form::chips;
use crate::components::{CountView, ExplainView};
use crate::filter::{Filter, ItemSet, encode};
use crate::format;

/// What only the answer knows of a number.
#[derive(Default)]
pub(crate) struct About<'a> {
    /// As it stands on the page.
    pub(crate) value: String,
    pub(crate) counts: Vec<CountView>,
    pub(crate) interval: String,
    pub(crate) exclusions: &'a str,
    pub(crate) caveat: String,
}

impl Asking {
    /// The explanation of a figure under the filter and moment of this question; `api` is where programs read it.
    pub(crate) fn explained(&self, metric: &str, api: &str, about: About<'_>) -> Option<ExplainView> {
        let entry = entry(metric)?;
        Some(ExplainView {
            metric: metric.to_owned(),
            name: entry.name.to_owned(),
            value: about.value,
            definition: entry.definition.to_owned(),
            denominator: entry.denominator.to_owned(),
            counts: about.counts,
            window: format!("{} to {}", format::date(self.view.observed_from), format::date(self.view.as_of)),
            interval: about.interval,
            exclusions: about.exclusions.to_owned(),
            caveat: about.caveat,
            filter: self.filter_in_words(),
            as_of: format::minute(self.view.as_of),
            known_at: known_at(&self.view),
            version: entry.version.to_string(),
            page: self.explanation(metric),
            api: if api.is_empty() { String::new() } else { self.narrowing().address(api) },
        })
    }

    /// The name of a figure and the page that explains it.
    pub(crate) fn named(&self, metric: &str) -> (String, String) {
        (entry(metric).map_or(metric, |entry| entry.name).to_owned(), self.explanation(metric))
    }

    /// The page that explains a figure of this view.
    pub(crate) fn explanation(&self, metric: &str) -> String {
        self.narrowing().address(&format!("/explain/{}", encode(metric)))
    }

    /// A count of items with its list.
    pub(crate) fn count_of(&self, number: u64, words: &str, narrow: impl FnOnce(&mut Filter)) -> CountView {
        CountView { count: format::count(number), words: words.to_owned(), href: Some(self.items(narrow)) }
    }

    /// The size of a set with its list.
    pub(crate) fn count_in(&self, set: ItemSet, number: u64) -> CountView {
        self.count_of(number, &format!("items {}", set.shown()), |filter| filter.set = Some(set))
    }

    /// Items with a spell under the curve of a mode.
    pub(crate) fn count_watched(&self, number: u64, mode: Verification) -> CountView {
        CountView { href: Some(self.watched(mode)), ..count_plain(number, "items under watch") }
    }

    /// The list of items with a spell under the curve of a mode.
    pub(crate) fn watched(&self, mode: Verification) -> String {
        self.items(|filter| {
            filter.set = Some(ItemSet::Watched);
            filter.mode = mode;
        })
    }

    /// Items whose wall clock is a lower bound: beside every duration.
    pub(crate) fn count_imputed(&self, imputed: Share) -> CountView {
        self.count_of(imputed.part(), "items without a first detection: their wall clock is a lower bound", |filter| {
            filter.set = Some(ItemSet::OriginImputed);
        })
    }

    /// All items of the filter.
    pub(crate) fn count_all(&self, number: u64) -> CountView {
        self.count_of(number, "items in this view", |_| ())
    }

    fn narrowing(&self) -> Filter {
        Filter { page: 1, group: None, sort: crate::filter::Sort::default(), ..self.filter.clone() }
    }

    fn filter_in_words(&self) -> String {
        let on: Vec<String> = chips(&self.filter).into_iter().map(|chip| chip.words).collect();
        let mode = match self.filter.mode {
            Verification::Strict => "strict",
            Verification::Lenient => "lenient",
        };
        if on.is_empty() { format!("none; {mode}") } else { format!("{}; {mode}", on.join("; ")) }
    }
}

/// A count of what has no list of items.
pub(crate) fn count_plain(number: u64, words: &str) -> CountView {
    CountView { count: format::count(number), words: words.to_owned(), href: None }
}
