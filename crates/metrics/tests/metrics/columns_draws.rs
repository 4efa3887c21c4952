//! Do the columns hand the bootstrap what the facts would? The same rows, records, promises and closures in the same
//! batches, whatever has happened to the columns, and so the same replicates to the last bit.

use crate::{
    columns_judge::{views, works},
    histories::{changed, changes, filter, life},
    support::{POLICY, at, found, item, watched},
};
use domain::{
    event_name::EventName::{Closed, Detected, ExceptionGranted, Redetected, Ticketed, Verified},
    view::Verification::{Lenient, Strict},
};
use metrics::{
    bootstrap::{
        batches,
        curve::{ClusteredRow, ClusteredTable, Reading},
        sum::{ClusteredSums, Unit},
    },
    columns::{Columns, GroupedRow, Work},
    ledger::{Filter, Frame, LedgerItem, actor_of, kind_of},
};
use proptest::{collection::vec, prelude::*};

fn plain(rows: Vec<GroupedRow>) -> Vec<ClusteredRow> {
    rows.into_iter().map(|one| one.row).collect()
}

/// Rows in an order of their own.
fn sorted(rows: impl IntoIterator<Item = ClusteredRow>) -> Vec<(i64, i64, bool, u64)> {
    let mut all: Vec<_> =
        rows.into_iter().map(|one| (one.row.entry, one.row.exit, one.row.ended, one.cluster.hash())).collect();
    all.sort_unstable();
    all
}

fn units(all: impl IntoIterator<Item = Unit>) -> Vec<(u64, u64, u64)> {
    let mut all: Vec<_> =
        all.into_iter().map(|unit| (unit.cluster.hash(), unit.part.to_bits(), unit.of.to_bits())).collect();
    all.sort_unstable();
    all
}

fn kept(items: &[(u32, LedgerItem)], filter: &Filter, frame: &Frame<'_>) -> Vec<LedgerItem> {
    items.iter().map(|(_, item)| item).filter(|item| filter.keeps(item, frame)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_the_columns_draw_is_what_the_facts_draw(
        lives in vec(life(), 1..40), changes in changes(), filter in filter(), frame in views(), work in works(),
    ) {
        let (columns, items) = changed(&lives, &changes);
        let (selection, items) = (columns.select(&filter, &frame), kept(&items, &filter, &frame));
        for mode in [Strict, Lenient] {
            let got = columns.drawn_rows(&selection, mode, &frame.view, work);
            let want = items.iter().flat_map(|item| batches::rows(item, &frame.view, mode));
            prop_assert_eq!(sorted(plain(got)), sorted(want));
            let got = columns.drawn_promises(&selection, mode, &frame, work);
            let want = items.iter().filter_map(|item| batches::kept_promise(item, &POLICY, &frame.view, mode));
            prop_assert_eq!(units(got), units(want));
        }
        let got = columns.drawn_records(&selection, &frame, work);
        prop_assert_eq!(units(got), units(items.iter().flat_map(|item| batches::records(item, &POLICY))));
        let got = columns.drawn_closures(&selection, frame.view.as_of, work);
        prop_assert_eq!(sorted(got), sorted(items.iter().flat_map(|item| batches::closures(item, frame.view.as_of))));
    }

    #[test]
    fn a_row_knows_what_its_item_is_grouped_by(lives in vec(life(), 1..20), changes in changes(), frame in views()) {
        let (columns, items) = changed(&lives, &changes);
        let all = columns.select(&Filter::default(), &frame);
        let teams = columns.teams();
        let mut got: Vec<_> = columns
            .drawn_rows(&all, Strict, &frame.view, Work::default())
            .iter()
            .map(|one| (one.row.cluster.hash(), one.item.severity(), one.item.kind(), one.item.actor(), teams[one.item.team()]))
            .collect();
        let of = |item: &LedgerItem| {
            let (facts, team) = (item.facts.clone(), item.facts.team.as_deref().unwrap_or_default().to_owned());
            let dimensions = (facts.severity_at_detection(), kind_of(&facts), actor_of(&facts), team);
            batches::rows(item, &frame.view, Strict)
                .map(|row| (row.cluster.hash(), dimensions.0, dimensions.1, dimensions.2, dimensions.3.clone()))
                .collect::<Vec<_>>()
        };
        let want: Vec<_> = items.iter().flat_map(|(_, item)| of(item)).collect();
        let mut want: Vec<_> = want.iter().map(|one| (one.0, one.1, one.2, one.3, one.4.as_str())).collect();
        got.sort_unstable();
        want.sort_unstable();
        prop_assert_eq!(got, want);
    }
}

#[test]
fn the_replicates_are_the_same_to_the_last_bit_after_a_retraction_and_back() {
    let one = |team, day| found("a", day).team(team).weakness("CVE-1").on(day + 5, Closed).on(day + 5, Verified);
    let stories = [one("apps", 10).build(), one("network", 30).patch("KB1").build(), one("apps", 50).build()];
    let mut columns = Columns::of((0..).zip(stories.iter())).unwrap();
    columns.put(1, &found("a", 30).build()).unwrap();
    columns.remove(2);
    columns.put(2, &stories[2]).unwrap();
    columns.put(1, &stories[1]).unwrap();
    let frame = watched(0, 100);
    let all = columns.select(&Filter::default(), &frame);
    let reading = Reading { quantiles: vec![0.5], horizon: 8_640_000, ages: vec![400_000] };
    let rows: Vec<ClusteredRow> = stories.iter().flat_map(|item| batches::rows(item, &frame.view, Strict)).collect();
    let got = plain(columns.drawn_rows(&all, Strict, &frame.view, Work::default()));
    assert_eq!(ClusteredTable::of(&got).read_all(&reading), ClusteredTable::of(&rows).read_all(&reading));
    let records: Vec<Unit> = stories.iter().flat_map(|item| batches::records(item, &POLICY)).collect();
    let got = columns.drawn_records(&all, &frame, Work::default());
    assert_eq!(ClusteredSums::of(&got).all_sums(), ClusteredSums::of(&records).all_sums());
}

/// Met, late and exempt records of one item: their kinds cannot be told from how many of each there are.
#[test]
fn records_of_several_kinds_keep_their_own() {
    let mixed = found("a", 0)
        .on(5, Closed)
        .on(10, Redetected)
        .on(40, Closed)
        .on(45, Redetected)
        .on(46, Ticketed)
        .on(47, ExceptionGranted)
        .build();
    let late = item("b").on(0, Detected).on(0, Ticketed).on(30, Closed).build();
    let items = [mixed, late];
    let columns = Columns::of((0..).zip(items.iter())).unwrap();
    let frame = watched(0, 100);
    let got = columns.drawn_records(&columns.select(&Filter::default(), &frame), &frame, Work::default());
    assert_eq!(units(got), units(items.iter().flat_map(|item| batches::records(item, &POLICY))));
}

/// More patches than the header of an item can count, several at one moment: the last one told counts.
#[test]
fn the_last_patch_named_at_a_moment_counts() {
    let mut story = found("a", 0).on(5, Closed).on(5, Verified).build();
    story.facts.patches = (0..40).map(|nth| (at(nth / 4), format!("KB{nth}").into())).collect();
    let columns = Columns::of([(0, &story)]).unwrap();
    let frame = watched(0, 100);
    let all = columns.select(&Filter::default(), &frame);
    let got = plain(columns.drawn_rows(&all, Strict, &frame.view, Work::default()));
    assert_eq!(sorted(got), sorted(batches::rows(&story, &frame.view, Strict)));
}
