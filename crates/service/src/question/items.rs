//! Which items are these? A page of a list under a filter, in an order, and what the form may offer.

use super::Basis;
use domain::{
    claim::Claim,
    fact::{Outcome, SlaRecord},
    id::ItemKey,
    kind::Kind,
    severity::Severity,
    time::Timestamp,
    view::Verification,
};
use metrics::{
    flow::is_past_promised,
    ledger::{Filter, Frame, ItemState, Ledger, LedgerItem, kind_of, state_of},
    real::count_of,
    sla::{ShownClock, is_excluded, shown_clock},
};
use std::{cmp::Ordering, collections::BTreeMap};

/// A page of items a person can scan; more belongs in an export.
pub const ITEMS_PER_PAGE_MAX: u32 = 200;

/// A column a list can be put in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Its id.
    Id,
    /// Its severity at detection; the worst is the largest.
    Severity,
    /// Its team.
    Team,
    /// How long its last episode lasted.
    Lived,
    /// What was promised.
    Promised,
    /// What the ticket tool counted.
    Reported,
    /// Its last event.
    LastEvent,
}

/// Which end of a column comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest.
    SmallestFirst,
    /// The largest.
    LargestFirst,
}

/// Which part of the list is wanted, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The column of the order; equal ones follow by id.
    pub column: Column,
    /// Its direction.
    pub direction: Direction,
    /// Counted from 1; beyond the last page there are no rows.
    pub page: u32,
    /// Rows a page, at most [`ITEMS_PER_PAGE_MAX`].
    pub per_page: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemsPage {
    /// What it rests on; `items` is the length of the whole list.
    pub basis: Basis,
    /// The page that was given, counted from 1.
    pub page: u32,
    /// How many pages there are, at least one.
    pub pages: u64,
    /// The rows.
    pub rows: Vec<ItemRow>,
    /// What the form may offer.
    pub choices: Choices,
}

/// One item of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRow {
    /// Its key in the database.
    pub key: Option<ItemKey>,
    /// Its id as the feed writes it.
    pub id: String,
    /// The source that first told of it.
    pub source: Option<String>,
    /// What sort of weakness.
    pub kind: Kind,
    /// Severity at detection.
    pub severity: Severity,
    /// Severity at the end of the view.
    pub severity_now: Severity,
    /// Its team.
    pub team: Option<String>,
    /// The class of its asset.
    pub asset_class: Option<String>,
    /// Whether it is still there.
    pub state: ItemState,
    /// First evidence.
    pub origin: Timestamp,
    /// No detection carries the origin: the wall clock is a lower bound.
    pub origin_imputed: bool,
    /// Seconds of its last episode, up to the end of the view while that lasts.
    pub lived_seconds: i64,
    /// How many episodes it has had.
    pub episodes: u64,
    /// What was promised for its severity at detection, in seconds.
    pub promised_seconds: i64,
    /// Open for longer than promised.
    pub is_overdue: bool,
    /// What the ticket tool shows of it.
    pub reported: Option<Reported>,
    /// What it shows of the record that runs, if one does.
    pub shown: Option<ShownClock>,
    /// What the ticket tool itself says of it, where its feed carries that.
    pub claim: Option<Claim>,
    /// Its last event.
    pub last_event: Timestamp,
}

impl ItemRow {
    /// Puts a code where its name stood, for readers who may not see names.
    pub fn mask(&mut self) {
        self.id = code_of(self.key);
    }
}

/// What stands for an item where its name may not be shown.
#[must_use]
pub fn code_of(key: Option<ItemKey>) -> String {
    key.map_or_else(String::new, |key| format!("item-{}", key.get()))
}

/// The last record of an item that has ended, as the ticket tool shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Working seconds less pauses.
    pub elapsed_seconds: i64,
    /// Its target.
    pub target_seconds: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it counts as met; `None` where it never enters the report.
    pub met: Option<bool>,
}

/// Values the list can be narrowed by, each with how many items of the whole view have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Teams; the empty name stands for items without one.
    pub teams: Vec<(String, u64)>,
    /// Kinds.
    pub kinds: Vec<(Kind, u64)>,
    /// Sources.
    pub sources: Vec<(String, u64)>,
    /// Asset classes; the empty name stands for items without one.
    pub asset_classes: Vec<(String, u64)>,
    /// Techniques of attackers; an item may have several or none.
    pub techniques: Vec<(String, u64)>,
    /// Playbooks; the empty name stands for items without one.
    pub playbooks: Vec<(String, u64)>,
}

/// The page over the items that pass the filter.
#[must_use]
pub fn items(ledger: &Ledger, filter: &Filter, frame: &Frame<'_>, slice: &Slice) -> ItemsPage {
    let selected = ledger.select(filter, frame);
    let per_page = slice.per_page.clamp(1, ITEMS_PER_PAGE_MAX);
    let page = slice.page.max(1);
    let mut rows: Vec<ItemRow> = selected.iter().map(|item| row(item, frame, filter.mode)).collect();
    rows.sort_by(|one, other| in_order(one, other, slice));
    let skipped = u64::from(page - 1) * u64::from(per_page);
    let rows: Vec<ItemRow> = rows
        .into_iter()
        .skip(usize::try_from(skipped).unwrap_or(usize::MAX))
        .take(usize::try_from(per_page).unwrap_or(usize::MAX))
        .collect();
    ItemsPage {
        basis: Basis::of(ledger, &selected, filter, frame),
        page,
        pages: count_of(selected.len()).div_ceil(u64::from(per_page)).max(1),
        rows,
        choices: choices(ledger, filter),
    }
}

/// What a list says of one item.
#[must_use]
pub fn row(item: &LedgerItem, frame: &Frame<'_>, mode: Verification) -> ItemRow {
    let facts = &item.facts;
    let last = facts.last_episode(mode);
    let lived = last.map_or(0, |episode| episode.end.map_or(frame.view.as_of, |end| end.at).since(episode.start));
    let severity = facts.severity_at_detection();
    ItemRow {
        key: item.key,
        id: item.id.to_string(),
        source: item.source.as_deref().map(str::to_owned),
        kind: kind_of(facts),
        severity,
        severity_now: facts.severity_now(),
        team: facts.team.as_deref().map(str::to_owned),
        asset_class: facts.asset_class.as_deref().map(str::to_owned),
        state: state_of(facts, mode),
        origin: facts.origin,
        origin_imputed: facts.origin_imputed,
        lived_seconds: lived,
        episodes: count_of(facts.episodes.len()),
        promised_seconds: frame.policy.targets.get(severity).promised_seconds(),
        is_overdue: is_past_promised(facts, frame.policy, &frame.view, mode),
        reported: facts.records.iter().rev().find_map(reported).filter(|_| !is_excluded(facts, frame.policy)),
        shown: shown_clock(facts, frame),
        claim: facts.claim(),
        last_event: facts.tail.since,
    }
}

fn reported(record: &SlaRecord) -> Option<Reported> {
    let end = record.end?;
    Some(Reported {
        elapsed_seconds: end.elapsed_seconds,
        target_seconds: end.target_seconds,
        outcome: record.outcome,
        met: record.met(),
    })
}

fn in_order(one: &ItemRow, other: &ItemRow, slice: &Slice) -> Ordering {
    let elapsed = |row: &ItemRow| row.reported.map(|reported| reported.elapsed_seconds);
    let by_column = match slice.column {
        Column::Id => one.id.cmp(&other.id),
        Column::Severity => other.severity.cmp(&one.severity),
        Column::Team => one.team.cmp(&other.team),
        Column::Lived => one.lived_seconds.cmp(&other.lived_seconds),
        Column::Promised => one.promised_seconds.cmp(&other.promised_seconds),
        Column::Reported => elapsed(one).cmp(&elapsed(other)),
        Column::LastEvent => one.last_event.cmp(&other.last_event),
    };
    let directed = match slice.direction {
        Direction::SmallestFirst => by_column,
        Direction::LargestFirst => by_column.reverse(),
    };
    directed.then_with(|| one.id.cmp(&other.id))
}

/// Counts over all items the reader may see, so that a form never offers what leads nowhere.
fn choices(ledger: &Ledger, filter: &Filter) -> Choices {
    let visible = |item: &&LedgerItem| {
        let team = item.facts.team.as_deref();
        filter.teams_allowed.as_ref().is_none_or(|own| own.iter().any(|name| Some(name.as_str()) == team))
    };
    let (mut teams, mut kinds, mut sources, mut classes) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut techniques, mut playbooks) = (BTreeMap::new(), BTreeMap::new());
    for item in ledger.items().iter().filter(visible) {
        let word = |text: Option<&str>| text.unwrap_or_default().to_owned();
        *teams.entry(word(item.facts.team.as_deref())).or_default() += 1;
        *kinds.entry(kind_of(&item.facts)).or_default() += 1;
        *classes.entry(word(item.facts.asset_class.as_deref())).or_default() += 1;
        *playbooks.entry(word(item.facts.ties.playbook.as_deref())).or_default() += 1;
        for technique in &item.facts.ties.techniques {
            *techniques.entry(technique.to_string()).or_default() += 1;
        }
        if let Some(source) = &item.source {
            *sources.entry(source.to_string()).or_default() += 1;
        }
    }
    Choices {
        teams: teams.into_iter().collect(),
        kinds: kinds.into_iter().collect(),
        sources: sources.into_iter().collect(),
        asset_classes: classes.into_iter().collect(),
        techniques: techniques.into_iter().collect(),
        playbooks: playbooks.into_iter().collect(),
    }
}
