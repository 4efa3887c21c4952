//! The columns against their judge: every figure again, item by item over the facts, and the life table by sort and
//! loop; over random histories, filters, views, modes, watches, threads and sizes of a part. Compared bit for bit.

use crate::{
    histories::{Change, Life, changed, changes, filter, life},
    support::{CALENDAR, POLICY, at, watched},
};
use domain::{
    fact::{Cause, ItemFacts},
    label::Label,
    view::Verification::{self, Lenient, Strict},
};
use metrics::{
    claimed::Claimed,
    columns::{Columns, Overview, SEEN_AGAIN_DAYS, Spells, Watch, Work},
    flow::Flow,
    kev,
    labels::where_time_went,
    ledger::{Filter, Frame, ItemSet, Ledger, LedgerItem},
    level::Level,
    matured::{mean_promised_days, on_time},
    recurrence::Recurrence,
    sla::{SlaReport, shown_open},
    survival::{
        curve::Curve,
        life_table::LifeTable,
        row::{Row, rows_of},
    },
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree};
use std::num::NonZeroUsize;

fn number(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

pub(crate) fn works() -> impl Strategy<Value = Work> {
    (1_usize..5, prop_oneof![1_usize..9, Just(64), Just(65_536)])
        .prop_map(|(threads, rows)| Work::on(number(threads)).in_parts_of(number(rows)))
}

/// A view that ends after all events, watched from a day before or inside them.
pub(crate) fn views() -> impl Strategy<Value = Frame<'static>> {
    (-30_i64..400, 1_i64..60).prop_map(|(from, more)| watched(from, 400 + more))
}

fn kept<'a>(items: &'a [(u32, LedgerItem)], filter: &Filter, frame: &Frame<'_>) -> Vec<&'a ItemFacts> {
    items.iter().map(|(_, item)| item).filter(|item| filter.keeps(item, frame)).map(|item| &item.facts).collect()
}

/// At risk and ended at every age, straight from the definition.
fn judged_ages(rows: &[Row]) -> Vec<(i64, u64, u64)> {
    let mut ages: Vec<i64> = rows.iter().filter(|row| row.ended).map(|row| row.exit).collect();
    ages.sort_unstable();
    ages.dedup();
    let at = |age: i64| {
        let ended = rows.iter().filter(|row| row.ended && row.exit == age).count() as u64;
        let at_risk = rows.iter().filter(|row| row.entry < age && age <= row.exit).count() as u64;
        (age, ended, at_risk)
    };
    ages.into_iter().map(at).collect()
}

fn check_table(got: &LifeTable, rows: &[Row]) -> Result<(), TestCaseError> {
    let ages: Vec<_> = got.ages().iter().map(|row| (row.age, row.ended, row.at_risk)).collect();
    prop_assert_eq!(ages, judged_ages(rows));
    prop_assert_eq!(got, &LifeTable::of(rows));
    prop_assert_eq!(got.rows(), rows.len() as u64);
    prop_assert_eq!(got.last_age(), rows.iter().map(|row| row.exit).max().unwrap_or(0));
    for age in rows.iter().flat_map(|row| [row.exit - 1, row.exit, row.exit + 1, row.entry, row.entry + 1]) {
        let at_risk = rows.iter().filter(|row| row.entry < age && age <= row.exit).count() as u64;
        prop_assert_eq!(got.at_risk(age), at_risk, "at age {}", age);
    }
    Ok(())
}

fn rows(facts: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> Vec<Row> {
    facts.iter().flat_map(|facts| rows_of(facts, &frame.view, mode)).collect()
}

fn check_overview(
    got: &Overview,
    facts: &[&ItemFacts],
    frame: &Frame<'_>,
    mode: Verification,
) -> Result<(), TestCaseError> {
    let all = || facts.iter().copied();
    let view = &frame.view;
    prop_assert_eq!(got.items, facts.len() as u64);
    prop_assert_eq!(&got.report, &SlaReport::of(all(), &POLICY));
    prop_assert_eq!(got.claimed, Claimed::of(all()));
    prop_assert_eq!(got.shown_open, shown_open(all(), frame));
    let watched = |mode| all().filter(|facts| ItemSet::Watched.holds(facts, frame, mode)).count() as u64;
    prop_assert_eq!((got.watched_strict, got.watched_lenient), (watched(Strict), watched(Lenient)));
    prop_assert_eq!(got.promises, on_time(all(), &POLICY, view, mode));
    prop_assert_eq!(got.promises_lenient, on_time(all(), &POLICY, view, Lenient));
    prop_assert_eq!(got.labels, where_time_went(all(), view.as_of, mode, &CALENDAR));
    for (place, label) in Label::ALL.into_iter().enumerate() {
        let with = all().filter(|facts| facts.labels(view.as_of, mode, &CALENDAR).get(label) > 0).count();
        prop_assert_eq!(got.items_by_label[place], with as u64, "{:?}", label);
    }
    prop_assert_eq!(got.exploited_on_time, kev::on_time(all(), view.as_of, mode));
    prop_assert_eq!(&got.flow, &Flow::of(facts, &POLICY, view, mode));
    let promised = mean_promised_days(all(), &POLICY, view, mode);
    prop_assert_eq!(got.mean_promised_days.map(f64::to_bits), promised.map(f64::to_bits));
    for set in ItemSet::ALL {
        let size = all().filter(|facts| set.holds(facts, frame, mode)).count();
        prop_assert_eq!(got.size(set), size as u64, "{:?}", set);
    }
    for (head, mode) in [(got.strict, Strict), (got.lenient, Lenient)] {
        let curve = Curve::of(&LifeTable::of(&rows(facts, frame, mode)));
        prop_assert_eq!((head.rows, head.ended), (curve.rows(), curve.ended()));
        prop_assert_eq!(head.median, curve.quantile_answer(0.5, Level::Ninety));
        prop_assert_eq!(head.conditional_from, curve.conditional_from());
    }
    let closures = Recurrence::of(all(), view.as_of);
    prop_assert_eq!(got.seen_again.closures, closures.closures());
    prop_assert_eq!(got.seen_again.seen_again, closures.seen_again());
    let held = closures.curve().open_share(SEEN_AGAIN_DAYS * domain::time::DAY_SECONDS, Level::Ninety);
    prop_assert_eq!(got.seen_again.still_held, held);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_figure_of_the_columns_is_the_one_of_the_facts(
        lives in vec(life(), 1..40), changes in changes(), filter in filter(), frame in views(), work in works(),
    ) {
        let (columns, items) = changed(&lives, &changes);
        let selection = columns.select(&filter, &frame);
        let slots: Vec<u32> = columns.slots(&selection).collect();
        let want: Vec<u32> =
            items.iter().filter(|(_, item)| filter.keeps(item, &frame)).map(|(slot, _)| *slot).collect();
        prop_assert_eq!(slots, want);
        let got = columns.overview(&selection, filter.mode, &frame, work);
        let facts = kept(&items, &filter, &frame);
        check_overview(&got, &facts, &frame, filter.mode)?;
        for mode in [Strict, Lenient] {
            let watch = Watch::since(frame.view.observed_from);
            let table = columns.life_table(Spells::Episodes, &selection, mode, &frame.view, &watch, work);
            check_table(&table, &rows(&facts, &frame, mode))?;
        }
        let closures =
            columns.life_table(Spells::Closures, &selection, Strict, &frame.view, &Watch::always(), work);
        prop_assert_eq!(Recurrence::over(&closures), Recurrence::of(facts.iter().copied(), frame.view.as_of));
    }

    #[test]
    fn how_the_columns_came_about_and_who_scans_them_changes_no_bit(
        lives in vec(life(), 1..40), changes in changes(), filter in filter(), frame in views(), work in works(),
    ) {
        let (columns, items) = changed(&lives, &changes);
        let rebuilt = Columns::of(items.iter().map(|(slot, item)| (*slot, item))).unwrap();
        let mut backwards = Columns::default();
        for (slot, item) in items.iter().rev() {
            backwards.put(*slot, item).unwrap();
        }
        let overview = |columns: &Columns, work| {
            columns.overview(&columns.select(&filter, &frame), filter.mode, &frame, work)
        };
        let got = overview(&columns, work);
        prop_assert_eq!(&got, &overview(&rebuilt, Work::default()));
        prop_assert_eq!(&got, &overview(&backwards, Work::default()));
        prop_assert_eq!(rebuilt.len(), items.len());
        let bits = |table: &LifeTable| {
            let curve = Curve::of(table);
            let (mean, error) = curve.restricted_mean(30_000_000);
            let steps = curve.steps().iter().map(|step| (step.open.to_bits(), step.greenwood.to_bits()));
            (mean.to_bits(), error.to_bits(), steps.collect::<Vec<_>>(), curve.quantile_answer(0.5, Level::Ninety))
        };
        let table = |columns: &Columns, work| {
            let (selection, watch) = (columns.select(&filter, &frame), Watch::since(frame.view.observed_from));
            columns.life_table(Spells::Episodes, &selection, filter.mode, &frame.view, &watch, work)
        };
        prop_assert_eq!(bits(&table(&columns, work)), bits(&table(&rebuilt, Work::default())));
    }

    #[test]
    fn sources_watched_since_different_moments_enter_late_by_their_own(
        lives in vec(life(), 1..40), changes in changes(), frame in views(), work in works(), lenient in any::<bool>(),
        of_hand in -30_i64..400, of_cloud in -30_i64..400,
    ) {
        let (columns, items) = changed(&lives, &changes);
        let mode = if lenient { Lenient } else { Strict };
        let watch = Watch::since(frame.view.observed_from)
            .with_source(&columns, "hand", at(of_hand))
            .with_source(&columns, "cloud", at(of_cloud));
        let all = columns.select(&Filter::default(), &frame);
        let got = columns.life_table(Spells::Episodes, &all, mode, &frame.view, &watch, work);
        let mut judged = Vec::new();
        for (_, item) in &items {
            let observed_from = match item.source.as_deref() {
                Some("hand") => at(of_hand),
                Some("cloud") => at(of_cloud),
                _ => frame.view.observed_from,
            };
            let view = domain::view::View { observed_from, ..frame.view };
            judged.extend(rows_of(&item.facts, &view, mode));
        }
        check_table(&got, &judged)?;
    }

    #[test]
    fn every_group_of_a_comparison_is_its_items_alone(
        lives in vec(life(), 1..40), changes in changes(), filter in filter(), frame in views(), work in works(),
    ) {
        let (columns, items) = changed(&lives, &changes);
        let (selection, teams) = (columns.select(&filter, &frame), columns.teams());
        let groups = teams.len() * 4;
        let place = |severity: domain::severity::Severity, team: usize| team * 4 + usize::from(severity.code());
        let got = columns.groups(&selection, filter.mode, &frame.view, work, groups, |item| {
            place(item.severity(), item.team())
        });
        for (number, group) in got.iter().enumerate() {
            let is_in = |facts: &&ItemFacts| {
                let team = facts.team.as_deref();
                let known = if team.is_some() { teams.iter().skip(1).position(|one| Some(*one) == team).map(|place| place + 1) } else { Some(0) };
                known.map(|team| place(facts.severity_at_detection(), team)) == Some(number)
            };
            let own: Vec<&ItemFacts> = kept(&items, &filter, &frame).into_iter().filter(is_in).collect();
            prop_assert_eq!(group.items, own.len() as u64);
            check_table(&group.table, &rows(&own, &frame, filter.mode))?;
            prop_assert_eq!(group.rows_by_severity[number % 4], group.table.rows());
        }
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace(lives in vec(life(), 1..20), changes in changes(), frame in views()) {
        let (mut columns, items) = changed(&lives, &changes);
        for (slot, _) in &items {
            columns.remove(*slot);
        }
        prop_assert!(columns.is_empty());
        let none = columns.select(&Filter::default(), &frame);
        let got = columns.overview(&none, Strict, &frame, Work::default());
        check_overview(&got, &[], &frame, Strict)?;
    }
}

/// So many changes that the delta is folded into the base and the words are swept many times over.
#[test]
fn thousands_of_changes_end_where_a_fresh_start_does() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut any_life = || life().new_tree(&mut runner).unwrap().current();
    let lives: Vec<Life> = (0..900).map(|_| any_life()).collect();
    let known = |place: usize| Change::Known { item: place * 7 % 900, events: place % 11 + 1 };
    let merged = |place: usize| Change::Merged { item: place * 13 % 900 };
    let changes: Vec<Change> =
        (0..6_000).map(|place| if place % 9 == 8 { merged(place) } else { known(place) }).collect();
    let (columns, items) = changed(&lives, &changes);
    let frame = watched(100, 420);
    for mode in [Strict, Lenient] {
        let all = columns.select(&Filter { mode, ..Filter::default() }, &frame);
        let got = columns.overview(&all, mode, &frame, Work::on(number(3)).in_parts_of(number(100)));
        check_overview(&got, &kept(&items, &Filter::default(), &frame), &frame, mode).unwrap();
    }
}

/// One word more than the codes of a row can number, in every dimension that has words.
#[test]
fn more_teams_than_fit_into_a_row_are_still_told_apart() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let items: Vec<(u32, LedgerItem)> = (0..4_200_u32)
        .map(|slot| {
            let mut item = life().new_tree(&mut runner).unwrap().current().item(slot, 3);
            item.facts.team = Some(format!("team {slot}").into());
            item.facts.asset_class = Some(format!("class {}", slot % 200).into());
            item.source = Some(format!("source {}", slot % 150).into());
            (slot, item)
        })
        .collect();
    let columns = Columns::of(items.iter().map(|(slot, item)| (*slot, item))).unwrap();
    let frame = watched(0, 420);
    let team = |name: &str| Filter { team: Some(name.to_owned()), ..Filter::default() };
    let class = |name: &str| Filter { asset_class: Some(name.to_owned()), ..Filter::default() };
    let source = |name: &str| Filter { source: Some(name.to_owned()), ..Filter::default() };
    let filters = [
        team("team 7"),
        team("team 4093"),
        team("team 4094"),
        team("team 4150"),
        team("nobody"),
        class("class 3"),
        class("class 126"),
        class("class 199"),
        source("source 126"),
        source("source 149"),
        Filter { teams_allowed: Some(vec!["team 4100".to_owned(), "team 1".to_owned()]), ..Filter::default() },
    ];
    for filter in filters {
        let got = columns.overview(&columns.select(&filter, &frame), Strict, &frame, Work::default());
        check_overview(&got, &kept(&items, &filter, &frame), &frame, Strict).unwrap();
    }
}

#[test]
fn an_item_from_before_2000_is_refused_and_changes_nothing() {
    let mut item = crate::support::found("old", 10).build();
    let mut columns = Columns::default();
    columns.put(0, &item).unwrap();
    item.facts.episodes[0].start = domain::time::Timestamp::from_seconds(900_000_000);
    assert_eq!(columns.put(0, &item), Err(metrics::columns::NotKept::OutOfTime));
    let frame = watched(0, 100);
    let all = columns.select(&Filter::default(), &frame);
    assert_eq!(columns.overview(&all, Strict, &frame, Work::default()).flow.open_now, 1);
}

#[test]
fn an_item_with_hundreds_of_spells_keeps_them_all() {
    let mut item = crate::support::found("flapping", 0).build();
    let spell = |nth: i64| domain::fact::Episode {
        start: at(0).plus(nth * 1_000),
        end: Some(domain::fact::End {
            at: at(0).plus(nth * 1_000 + 600),
            cause: Cause::Fixed,
            evidence: domain::fact::Evidence::Verified,
        }),
    };
    let closure =
        |nth: i64| domain::fact::Closure { at: at(0).plus(nth * 1_000), seen_again: Some(at(0).plus(nth * 1_000)) };
    item.facts.episodes = (0..700).map(spell).collect();
    item.facts.closures = (0..600).map(|nth| closure(nth / 2)).collect();
    let mut columns = Columns::default();
    columns.put(3, &item).unwrap();
    item.facts.closures.truncate(599);
    columns.put(3, &item).unwrap();
    let frame = watched(0, 100);
    let all = columns.select(&Filter::default(), &frame);
    let got = columns.overview(&all, Strict, &frame, Work::default());
    check_overview(&got, &[&item.facts], &frame, Strict).unwrap();
    assert_eq!(Ledger::new(vec![item]).facts().next().map(|facts| facts.closures.len()), Some(599));
}
