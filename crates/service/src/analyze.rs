//! What does a file of events say? The whole analysis of one view as JSON, or as a summary in words.

mod curves;
mod difference;
mod exits;
mod flow;
mod items;
mod process;
mod sla;
mod stored;
mod summary;

use domain::{
    calendar::Calendar,
    event::ItemEvent,
    flag::Flag,
    fold::fold,
    policy::{BadPolicy, Policy},
    time::Timestamp,
    view::View,
};
use metrics::{
    decision::Waits,
    ledger::{Ledger, LedgerItem},
    process::{playbook::Playbook, trace::Trace},
};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

pub use stored::Wanted;

/// Horizon of the restricted mean where nobody chose another, in days.
const HORIZON_DAYS: i64 = 365;
/// Longer than any watching.
const HORIZON_DAYS_MAX: i64 = 36_500;

/// Whether the items are printed one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemList {
    /// Sums only.
    LeftOut,
    /// Every item with its two folds.
    Printed,
}

/// What an analysis is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// End of the view; events with `at` before it count.
    pub as_of: Timestamp,
    /// Since when the organisation has been watched; before `as_of`.
    pub observed_from: Timestamp,
    /// Events received by then count; `as_of` where absent.
    pub known_at: Option<Timestamp>,
    /// A JSON object whose keys replace those of the default policy.
    pub policy: Option<String>,
    /// A JSON list of event names, or an object whose `steps` is one.
    pub playbook: Option<String>,
    /// Horizon of the restricted mean in whole days; 365 where absent.
    pub tau_days: Option<i64>,
    /// Whether the items are printed one by one.
    pub items: ItemList,
}

/// Why there is no analysis: bad use, each with what was expected.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzeError {
    /// The policy cannot be used.
    #[error(transparent)]
    Policy(#[from] BadPolicy),
    /// The window is empty or turned around.
    #[error("observed-from `{observed_from}` does not lie before as-of `{as_of}`")]
    Window {
        /// Since when it was watched.
        observed_from: Timestamp,
        /// The end of the view.
        as_of: Timestamp,
    },
    /// The horizon is no number of days.
    #[error("tau-days `{0}`, expected 1 to {HORIZON_DAYS_MAX}")]
    Horizon(i64),
    /// The playbook is no list of event names.
    #[error("playbook: expected a JSON list of event names, or an object with such a list as `steps`")]
    Playbook,
}

/// A file of events, read and folded for one view.
#[derive(Debug)]
pub struct Analysis {
    view: View,
    policy: Policy,
    calendar: Arc<Calendar>,
    playbook: Playbook,
    horizon_days: i64,
    ledger: Ledger,
    waits: Waits,
    traces: Vec<Trace>,
    events: u64,
    flags: BTreeMap<&'static str, u64>,
    items: ItemList,
}

/// The analysis of a file as one JSON object.
///
/// # Errors
/// [`AnalyzeError`] when an option cannot be used; the lines themselves are never refused.
///
/// ```
/// use domain::time::Timestamp;
/// use service::analyze::{ItemList, Options, analyze};
/// let moment = |text| Timestamp::parse(text).unwrap();
/// let options = Options {
///     as_of: moment("2026-03-01T00:00:00Z"),
///     observed_from: moment("2026-01-01T00:00:00Z"),
///     known_at: None,
///     policy: None,
///     playbook: None,
///     tau_days: None,
///     items: ItemList::LeftOut,
/// };
/// let line = r#"{"item_id":"a","event":"detected","at":"2026-02-01T10:00:00Z"}"#;
/// let answer = analyze([line], &options).unwrap();
/// assert_eq!(answer["flow"]["open_now"], 1);
/// ```
pub fn analyze<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>, options: &Options) -> Result<Value, AnalyzeError> {
    Ok(Analysis::of(lines, options)?.to_json())
}

/// The analysis of a file in words a person would want.
///
/// # Errors
/// [`AnalyzeError`] when an option cannot be used.
pub fn summary<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>, options: &Options) -> Result<String, AnalyzeError> {
    Ok(Analysis::of(lines, options)?.in_words())
}

impl Analysis {
    /// Reads and folds the lines of a file, whatever their order.
    ///
    /// # Errors
    /// [`AnalyzeError`] when an option cannot be used.
    pub fn of<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>, options: &Options) -> Result<Self, AnalyzeError> {
        let (as_of, observed_from) = (options.as_of, options.observed_from);
        if observed_from >= as_of {
            return Err(AnalyzeError::Window { observed_from, as_of });
        }
        let horizon_days = horizon(options.tau_days)?;
        let playbook = process::playbook_of(options.playbook.as_deref())?;
        let view = View { as_of, known_at: options.known_at.unwrap_or(as_of), observed_from };
        let policy = Policy::with_overrides(options.policy.as_deref().unwrap_or("{}"))?;
        let calendar = Arc::new(Calendar::of(&policy)?);
        let reading = formats::analysis::read(lines, view.as_of, view.known_at);
        let mut waits = Waits::default();
        let mut traces = Vec::with_capacity(reading.items.len());
        for events in reading.items.values() {
            waits.add(events.iter().map(|event| (event.name, event.at)), as_of);
            traces.push(process::trace_of(events));
        }
        let ledger = folded(reading.items, &policy, &calendar);
        let (events, flags, items) = (reading.events, reading.flags, options.items);
        Ok(Self { view, policy, calendar, playbook, horizon_days, ledger, waits, traces, events, flags, items })
    }

    /// What was noticed, in the lines and in the items; only what happened at least once.
    fn all_flags(&self) -> BTreeMap<&'static str, u64> {
        let mut flags = self.flags.clone();
        for facts in self.ledger.facts() {
            for (flag, count) in facts.flags.iter() {
                *flags.entry(Flag::as_str(flag)).or_default() += u64::from(count);
            }
        }
        flags.retain(|_, count| *count > 0);
        flags
    }

    /// The analysis as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        let mut put = |key: &str, value: Value| drop(out.insert(key.to_owned(), value));
        put("as_of", json!(self.view.as_of.to_string()));
        put("known_at", json!(self.view.known_at.to_string()));
        put("observed_from", json!(self.view.observed_from.to_string()));
        put("item_count", json!(self.ledger.items().len()));
        put("events", json!(self.events));
        put("flags", json!(self.all_flags()));
        put("sla", self.sla());
        put("wall", self.wall());
        put("by_severity", self.by_severity());
        put("by_team", self.by_team());
        put("hazard", self.hazard());
        for (key, value) in self.competing() {
            put(key, value);
        }
        put("flow", self.flow());
        put("backlog", self.backlog());
        put("where_time_went_days", self.where_time_went());
        put("waterfall_days", self.waterfall_days());
        put("waterfall_points", self.waterfall_points());
        put("bunching", self.bunching());
        put("recurrence", self.recurrence());
        put("kev", self.kev());
        put("decision", self.decision());
        put("money", self.money());
        put("process", self.process());
        if self.items == ItemList::Printed {
            put("items", self.item_list());
        }
        Value::Object(out)
    }
}

fn horizon(days: Option<i64>) -> Result<i64, AnalyzeError> {
    let days = days.unwrap_or(HORIZON_DAYS);
    if (1..=HORIZON_DAYS_MAX).contains(&days) { Ok(days) } else { Err(AnalyzeError::Horizon(days)) }
}

/// The facts of every item, folded on all cores; the order of the answer is that of the ids.
fn folded(items: BTreeMap<String, Vec<ItemEvent>>, policy: &Policy, calendar: &Calendar) -> Ledger {
    let histories: Vec<(String, Vec<ItemEvent>)> = items.into_iter().collect();
    let folded = histories.into_par_iter().filter_map(|(id, events)| {
        let facts = fold(events, policy, calendar)?;
        Some(LedgerItem { key: None, id: id.into(), source: None, facts })
    });
    Ledger::new(folded.collect())
}
