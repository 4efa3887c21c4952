//! One organisation, and the questions that are asked of it.

use domain::{
    calendar::Calendar,
    event::ItemEvent,
    fold::fold,
    id::ItemKey,
    policy::Policy,
    time::Timestamp,
    view::{Verification, View},
};
use metrics::{
    columns::Columns,
    ledger::{Filter, Frame, Ledger, LedgerItem},
};
use service::{
    question::{
        clocks::{Clocks, clocks},
        gap::{Gap, gap},
        items::{Column, Direction, Slice},
    },
    report_model::About,
};
use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

/// The small organisation of the reference vectors.
pub(crate) struct Organisation {
    pub(crate) policy: Policy,
    pub(crate) calendar: Calendar,
    pub(crate) view: View,
    pub(crate) events: BTreeMap<String, Vec<ItemEvent>>,
    pub(crate) ledger: Ledger,
    pub(crate) columns: Columns,
}

pub(crate) static SMALL: LazyLock<Organisation> = LazyLock::new(|| read_organisation("org-small"));

/// One of the organisations of the reference vectors; all are seen at the same moment.
pub(crate) fn read_organisation(name: &str) -> Organisation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance");
    let path = folder.join(name).join("events.jsonl.zst");
    let feed = zstd::decode_all(fs::read(path).unwrap().as_slice()).unwrap();
    let moment = |text| Timestamp::parse(text).unwrap();
    let as_of = moment("2026-07-01T00:00:00Z");
    let view = View { as_of, known_at: as_of, observed_from: moment("2025-07-01T00:00:00Z") };
    let policy = Policy::built_in().unwrap();
    let calendar = Calendar::of(&policy).unwrap();
    let events = formats::analysis::read(feed.split(|byte| *byte == b'\n'), as_of, as_of).items;
    let ledger = ledger_of(&events, &view, &policy, &calendar);
    let columns = columns_of(&ledger);
    Organisation { policy, calendar, view, events, ledger, columns }
}

pub(crate) fn ledger_of(
    events: &BTreeMap<String, Vec<ItemEvent>>,
    view: &View,
    policy: &Policy,
    calendar: &Calendar,
) -> Ledger {
    let in_view = |event: &&ItemEvent| event.at < view.as_of && event.received_at <= view.known_at;
    let folded = (1..).zip(events).filter_map(|(key, (id, events))| {
        let facts = fold(events.iter().filter(in_view).cloned().collect(), policy, calendar)?;
        Some(LedgerItem {
            key: Some(ItemKey::from_row(key)),
            id: id.as_str().into(),
            source: Some("feed".into()),
            facts,
        })
    });
    Ledger::new(folded.collect())
}

pub(crate) fn columns_of(ledger: &Ledger) -> Columns {
    Columns::of((0..).zip(ledger.items())).unwrap()
}

pub(crate) fn frame() -> Frame<'static> {
    Frame { view: SMALL.view, policy: &SMALL.policy, calendar: &SMALL.calendar }
}

pub(crate) fn lenient() -> Filter {
    Filter { mode: Verification::Lenient, ..Filter::default() }
}

pub(crate) fn gap_of(filter: &Filter) -> Gap {
    gap(&SMALL.columns, filter, &frame())
}

pub(crate) fn clocks_of(filter: &Filter) -> Clocks {
    clocks(&SMALL.columns, filter, &frame())
}

pub(crate) fn about() -> About {
    About {
        organisation: "Aldergate Mutual".to_owned(),
        watermark: render::report::Watermark::Sample,
        classification: "internal".to_owned(),
        frozen_at: SMALL.view.as_of,
    }
}

pub(crate) const ALL_ROWS: Slice =
    Slice { column: Column::Id, direction: Direction::SmallestFirst, page: 1, per_page: 200 };

#[track_caller]
pub(crate) fn assert_close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs(), "got {got}, expected {want}");
}
