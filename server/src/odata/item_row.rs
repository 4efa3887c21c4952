//! What does one item look like as a row? Every cell is computed from the facts when it is asked for, by the definitions the
//! pages use.

use super::value::Value;
use domain::{
    fact::{Cause, End, Episode, ItemFacts, Outcome, Situation, SlaRecord},
    id::ItemKey,
    time::Timestamp,
    view::{Verification, View},
};
use metrics::{
    flow::is_past_promised,
    ledger::{Filter, Frame, ItemState, Ledger, LedgerItem, kind_of, state_of},
    real::days,
    sla::is_excluded,
};
use service::question::items::code_of;

/// Whether a reader sees names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Shown,
    /// An opaque code stands for each item.
    Masked,
}

/// One row of the set `Items`.
#[derive(Clone, Copy, Debug)]
pub struct ItemRow<'a> {
    key: ItemKey,
    item: &'a LedgerItem,
    frame: Frame<'a>,
    mode: Verification,
    names: Names,
}

/// Whoever holds the items.
pub trait ItemRows {
    /// Shows each item that the caller may see once, in any order, cut at `as_of`.
    fn each(&self, as_of: Timestamp, mode: Verification, see: &mut dyn FnMut(&ItemRow<'_>));
}

/// The rows of a ledger, as far as one reader may see.
#[derive(Clone, Debug)]
pub struct LedgerRows<'a> {
    pub ledger: &'a Ledger,
    pub frame: Frame<'a>,
    /// Only these teams; all where absent.
    pub teams_allowed: Option<Vec<String>>,
    pub names: Names,
}

impl LedgerRows<'_> {
    /// The rows in the order of their ids, cut at `as_of`. Items that were never stored have no key and no row.
    pub fn rows(&self, as_of: Timestamp, mode: Verification) -> impl Iterator<Item = ItemRow<'_>> {
        let filter = Filter { mode, teams_allowed: self.teams_allowed.clone(), ..Filter::default() };
        let frame = Frame { view: View { as_of, ..self.frame.view }, ..self.frame };
        let visible = self.ledger.items().iter().filter(move |item| filter.keeps(item, &frame));
        visible.filter_map(move |item| ItemRow::of(item, frame, mode, self.names))
    }
}

impl ItemRows for LedgerRows<'_> {
    fn each(&self, as_of: Timestamp, mode: Verification, see: &mut dyn FnMut(&ItemRow<'_>)) {
        self.rows(as_of, mode).for_each(|row| see(&row));
    }
}

impl<'a> ItemRow<'a> {
    /// A cut before the item's last event is moved there: its facts hold that event already.
    fn of(item: &'a LedgerItem, frame: Frame<'a>, mode: Verification, names: Names) -> Option<Self> {
        let as_of = frame.view.as_of.max(item.facts.tail.since);
        let view = View { as_of, ..frame.view };
        Some(Self { key: item.key?, item, frame: Frame { view, ..frame }, mode, names })
    }

    /// The key of the row.
    #[must_use]
    pub const fn key(&self) -> i64 {
        self.key.get()
    }

    pub(super) fn id(&self) -> Value<'a> {
        match self.names {
            Names::Shown => Value::text(&self.item.id),
            Names::Masked => Value::Text(code_of(self.item.key).into()),
        }
    }

    pub(super) fn source(&self) -> Option<&'a str> {
        self.item.source.as_deref()
    }

    pub(super) const fn facts(&self) -> &'a ItemFacts {
        &self.item.facts
    }

    pub(super) fn kind(&self) -> &'static str {
        kind_of(self.facts()).as_str()
    }

    fn last_episode(&self) -> Option<Episode> {
        self.facts().last_episode(self.mode)
    }

    /// The end of the last episode, if it is over.
    pub(super) fn end(&self) -> Option<End> {
        self.last_episode()?.end
    }

    pub(super) fn end_cause(&self) -> Option<Cause> {
        self.end().map(|end| end.cause)
    }

    /// What the item is doing at the end of the view: as the pages say, with the two ways of waiting told apart.
    pub(super) fn state(&self) -> &'static str {
        match (state_of(self.facts(), self.mode), self.facts().tail.situation) {
            (ItemState::Ended, _) => "ended",
            (ItemState::ClosedUnverified, _) => "closed_unverified",
            (ItemState::Open, Situation::Excepted) => "exception",
            (ItemState::Open, Situation::Paused) => "paused",
            (ItemState::Open, _) => "open",
        }
    }

    /// Seconds of all episodes.
    pub(super) fn wall_seconds(&self) -> i64 {
        self.facts().wall_seconds(self.frame.view.as_of, self.mode)
    }

    pub(super) fn wall_days(&self) -> f64 {
        days(self.wall_seconds())
    }

    fn last_record(&self) -> Option<&'a SlaRecord> {
        self.facts().records.last()
    }

    /// What the ticket tool counts on the last cycle: working seconds less pauses.
    pub(super) fn sla_seconds_last(&self) -> Option<i64> {
        let record = self.last_record()?;
        if let Some(end) = &record.end {
            return Some(end.elapsed_seconds);
        }
        let as_of = self.frame.view.as_of;
        let working = |from, to| self.frame.calendar.working_seconds(record.severity, from, to);
        let pauses = record.pauses.iter();
        let paused: i64 = pauses.map(|(from, to)| working(*from, to.unwrap_or(as_of))).sum();
        Some(working(record.start, as_of) - paused)
    }

    /// What the last cycle was, or is, allowed to take.
    pub(super) fn sla_target_seconds(&self) -> Option<i64> {
        let record = self.last_record()?;
        let ended = record.end.as_ref().map(|end| end.target_seconds);
        Some(ended.unwrap_or_else(|| self.frame.policy.targets.get(record.severity).seconds))
    }

    /// What became of the last cycle, by the policy.
    pub(super) fn sla_outcome(&self) -> Option<&'static str> {
        let record = self.last_record()?;
        Some(match (record.outcome, record.met()) {
            (Outcome::Closed, Some(true)) => "met",
            (Outcome::Closed, _) => "missed",
            (Outcome::Running | Outcome::Exempt | Outcome::Reset | Outcome::Cancelled, _) => record.outcome.as_str(),
        })
    }

    pub(super) fn excluded_from_sla(&self) -> bool {
        is_excluded(self.facts(), self.frame.policy)
    }

    /// The moment by which the last episode was promised to end: its start and the promised days of the severity at detection.
    pub(super) fn promised_due(&self) -> Option<Timestamp> {
        let severity = self.facts().severity_at_detection();
        let promised = self.frame.policy.targets.get(severity).promised_seconds();
        Some(self.last_episode()?.start.plus(promised))
    }

    /// Whether it has been open for longer than promised.
    pub(super) fn past_promised(&self) -> bool {
        is_past_promised(self.facts(), self.frame.policy, &self.frame.view, self.mode)
    }
}
