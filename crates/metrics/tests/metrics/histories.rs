//! Random histories: items of several teams, classes and sources, in any order of events the vocabulary allows.

use crate::support::{CALENDAR, POLICY, at};
use domain::{
    actor::ActorType,
    claim::{Claim, Verdict},
    event::{GivenSeverity, ItemEvent},
    event_name::EventName::{self, *},
    fold::fold,
    severity::Severity,
};
use metrics::{
    columns::Columns,
    ledger::{Filter, ItemSet, ItemState, LedgerItem},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// What may happen after the first event; the commoner the more often.
const HAPPENINGS: [EventName; 20] = [
    Ticketed,
    Ticketed,
    Triaged,
    Paused,
    Resumed,
    SeverityChanged,
    ExceptionGranted,
    ExceptionExpired,
    FixApplied,
    Closed,
    Closed,
    Closed,
    Verified,
    Verified,
    Decommissioned,
    FalsePositive,
    Redetected,
    Redetected,
    Reopened,
    Seen,
];

/// A day far enough after every event for a view to end on.
pub(crate) const LAST_DAY: i64 = 400;

/// The events of one item, and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) source: Option<&'static str>,
    pub(crate) events: Vec<ItemEvent>,
}

impl Life {
    /// The item as it stood after its first `events`, at least one.
    pub(crate) fn item(&self, slot: u32, events: usize) -> LedgerItem {
        let known = self.events.iter().take(events.max(1)).cloned().collect();
        let facts = fold(known, &POLICY, &CALENDAR).unwrap();
        LedgerItem { key: None, id: format!("Item-{slot:04}").into(), source: self.source.map(Into::into), facts }
    }
}

fn severity() -> impl Strategy<Value = Severity> {
    select(Severity::ALL.as_slice())
}

fn later_event() -> impl Strategy<Value = (EventName, i64, Severity)> {
    // Whole days now and then, so that ages and moments meet.
    let seconds = prop_oneof![Just(0_i64), 0_i64..86_400];
    (select(HAPPENINGS.as_slice()), 0..LAST_DAY, seconds, severity())
        .prop_map(|(name, day, second, to)| (name, day * 86_400 + second, to))
}

pub(crate) fn life() -> impl Strategy<Value = Life> {
    let words = (
        option::of(select(["alpha", "beta", "gamma", ""].as_slice())),
        option::of(select(["server", "kiosk", "lab"].as_slice())),
        option::of(select(["vulnerability", "vuln", "misconfig", "incident", "odd"].as_slice())),
        option::of(select(["scanner", "hand", "cloud"].as_slice())),
        option::weighted(0.3, 0..LAST_DAY),
    );
    let ties = (
        option::of(select(["CVE-1", "CVE-2", "CVE-3"].as_slice())),
        option::of(select(["patching", "hardening"].as_slice())),
        option::of(select(["T1078", "T1078.004", "T1566"].as_slice())),
    );
    let first = (0..LAST_DAY, option::of(severity()), any::<bool>(), any::<bool>());
    (words, ties, first, vec(later_event(), 0..9)).prop_map(|((team, class, kind, source, due), ties, first, later)| {
        let (day, severity, is_detected, by_agent) = first;
        let mut event = ItemEvent::bare(if is_detected { Detected } else { Seen }, at(day));
        event.team = team.map(Into::into);
        event.asset_class = class.map(Into::into);
        event.kind = kind.map(Into::into);
        event.ties.weakness = ties.0.map(Into::into);
        event.ties.playbook = ties.1.map(Into::into);
        event.ties.techniques = ties.2.into_iter().map(Into::into).collect();
        event.severity = severity.map(GivenSeverity::Known);
        event.kev_due = due.map(|day| at(day).to_string().into());
        let mut events = vec![event];
        for (place, (name, second, to)) in later.into_iter().enumerate() {
            let mut event = ItemEvent::bare(name, at(0).plus(second));
            event.canonical = format!("{place:03}").into();
            event.to = Some(to.as_str().into());
            event.ties.patch = (second % 3 == 0).then(|| ["KB1", "KB2"][usize::from(second % 2 == 0)].into());
            let place = usize::try_from(second % 7).unwrap();
            event.claim =
                Verdict::ALL.get(place).map(|verdict| Box::new(Claim { verdict: Some(*verdict), ..Claim::default() }));
            event.actor_type = by_agent.then_some(ActorType::Agent);
            events.push(event);
        }
        Life { source, events }
    })
}

/// One thing that happens to the columns.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// So many events of an item are known now: more than before, or fewer after a retraction.
    Known { item: usize, events: usize },
    /// It merges away.
    Merged { item: usize },
    /// The columns are laid out again.
    Settled,
}

pub(crate) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let known = (0_usize..40, 1_usize..10).prop_map(|(item, events)| Change::Known { item, events });
    let merged = (0_usize..40).prop_map(|item| Change::Merged { item });
    vec(prop_oneof![12 => known, 2 => merged, 1 => Just(Change::Settled)], 0..80)
}

/// The columns after all changes, and the items that are in them by slot.
pub(crate) fn changed(lives: &[Life], changes: &[Change]) -> (Columns, Vec<(u32, LedgerItem)>) {
    let mut columns = Columns::default();
    let mut there = std::collections::BTreeMap::new();
    for change in changes {
        match *change {
            Change::Settled => columns.settle(),
            Change::Merged { item } => {
                let slot = item as u32;
                there.remove(&slot);
                columns.remove(slot);
            }
            Change::Known { item, events } => {
                let Some(life) = lives.get(item) else { continue };
                let slot = item as u32;
                let known = life.item(slot, events);
                columns.put(slot, &known).unwrap();
                there.insert(slot, known);
            }
        }
    }
    (columns, there.into_iter().collect())
}

pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    use domain::{kind::Kind, label::Label, view::Verification};
    use metrics::{flow::age_bands::AgeBand, ledger::Actor};
    let rare = |words: &'static [&'static str]| option::weighted(0.2, select(words).prop_map(str::to_owned));
    let words = (
        rare(&["alpha", "beta", ""]),
        rare(&["server", "kiosk", ""]),
        rare(&["scanner", "hand", ""]),
        option::weighted(0.1, Just(vec!["alpha".to_owned(), "gamma".to_owned(), String::new()])),
        rare(&["item-000", "BETA", "vuln", "odd", "kiosk"]),
    );
    let tied = (rare(&["T1078", "T1566", "T15"]), rare(&["patching", ""]));
    let codes = (
        option::weighted(0.2, severity()),
        option::weighted(0.2, select(Kind::ALL.as_slice())),
        option::weighted(0.2, select([Actor::Human, Actor::Agent].as_slice())),
    );
    let times = (
        option::weighted(0.15, select([ItemState::Open, ItemState::ClosedUnverified, ItemState::Ended].as_slice())),
        option::weighted(0.15, select(Label::ALL.as_slice())),
        option::weighted(0.15, select(AgeBand::ALL.as_slice())),
        option::weighted(0.15, select(ItemSet::ALL.as_slice())),
        option::weighted(0.15, 0..LAST_DAY),
        option::weighted(0.15, 0..LAST_DAY),
    );
    (words, tied, codes, times, any::<bool>()).prop_map(|(words, (technique, playbook), codes, times, lenient)| {
        let (team, asset_class, source, teams_allowed, text) = words;
        let (severity, kind, actor) = codes;
        let (state, label, age, set, from, before) = times;
        let mode = if lenient { Verification::Lenient } else { Verification::Strict };
        let (detected_from, detected_before) = (from.map(at), before.map(at));
        Filter {
            mode,
            team,
            severity,
            kind,
            source,
            asset_class,
            technique,
            playbook,
            actor,
            state,
            label,
            age,
            set,
            text,
            detected_from,
            detected_before,
            teams_allowed,
        }
    })
}
