//! Does every number lead to its items, and each item to its seconds?

use crate::organisation::{ALL_ROWS, SMALL, clocks_of, frame, gap_of, lenient};
use domain::{label::LabelSeconds, view::Verification};
use metrics::ledger::{Filter, ItemState};
use service::question::{
    item::item,
    items::{Column, Direction, Slice, items},
};
use std::collections::BTreeSet;

#[test]
fn every_number_leads_to_a_list_of_exactly_that_many() {
    for filter in [Filter::default(), lenient()] {
        let listed = |filter: &Filter| items(&SMALL.ledger, filter, &frame(), &ALL_ROWS).basis.items;
        let gap = gap_of(&filter);
        for (set, size) in &gap.left_out.sets {
            assert_eq!(listed(&Filter { set: Some(*set), ..filter.clone() }), *size, "{set:?}");
        }
        for part in &gap.time.parts {
            assert_eq!(listed(&Filter { label: Some(part.label), ..filter.clone() }), part.items, "{:?}", part.label);
        }
        for (band, count) in gap.flow.age_bands.iter() {
            assert_eq!(listed(&Filter { age: Some(band), ..filter.clone() }), count, "{band:?}");
        }
        for group in &clocks_of(&filter).comparisons[0].groups {
            assert_eq!(listed(&Filter { team: Some(group.key.clone()), ..filter.clone() }), group.items);
        }
    }
}

#[test]
fn pages_of_a_list_hold_every_item_once_in_order() {
    let mut seen = BTreeSet::new();
    let mut before: Option<i64> = None;
    let slice = Slice { column: Column::Lived, direction: Direction::LargestFirst, page: 1, per_page: 50 };
    let pages = items(&SMALL.ledger, &Filter::default(), &frame(), &slice).pages;
    assert_eq!(pages, 398_u64.div_ceil(50));
    for page in 1..=u32::try_from(pages).unwrap() {
        for row in items(&SMALL.ledger, &Filter::default(), &frame(), &Slice { page, ..slice }).rows {
            assert!(before.is_none_or(|before| before >= row.lived_seconds), "{} is out of order", row.id);
            before = Some(row.lived_seconds);
            assert!(seen.insert(row.id.clone()), "{} stands twice", row.id);
        }
    }
    assert_eq!(seen.len(), 398);
    let beyond = items(&SMALL.ledger, &Filter::default(), &frame(), &Slice { page: 1_000_000, ..slice });
    assert_eq!((beyond.rows.len(), beyond.basis.items), (0, 398));
}

#[test]
fn every_column_puts_the_list_in_its_order() {
    let rows = |column, direction| {
        items(&SMALL.ledger, &Filter::default(), &frame(), &Slice { column, direction, ..ALL_ROWS }).rows
    };
    for column in [Column::Id, Column::Team, Column::Promised, Column::Reported, Column::LastEvent] {
        let up = rows(column, Direction::SmallestFirst);
        let key = |place: usize| match column {
            Column::Id => up[place].id.clone(),
            Column::Team => format!("{:?}", up[place].team),
            Column::Promised => format!("{:020}", up[place].promised_seconds),
            Column::Reported => {
                format!("{:020}", up[place].reported.map_or(-1, |reported| reported.elapsed_seconds) + 1)
            }
            Column::LastEvent => up[place].last_event.to_string(),
            Column::Severity | Column::Lived => String::new(),
        };
        assert!((1..up.len()).all(|place| key(place - 1) <= key(place)), "{column:?}");
    }
    let worst_first = rows(Column::Severity, Direction::LargestFirst);
    assert!(worst_first.windows(2).all(|pair| pair[0].severity <= pair[1].severity));
}

#[test]
fn a_form_offers_what_is_there_with_its_counts() {
    let choices = items(&SMALL.ledger, &Filter::default(), &frame(), &ALL_ROWS).choices;
    let teams: Vec<&str> = choices.teams.iter().map(|(team, _)| team.as_str()).collect();
    assert_eq!(teams, ["apps", "endpoint", "identity", "network", "platform"]);
    for counts in [
        choices.teams.iter().map(|(_, count)| *count).sum::<u64>(),
        choices.kinds.iter().map(|(_, count)| *count).sum(),
        choices.sources.iter().map(|(_, count)| *count).sum(),
        choices.asset_classes.iter().map(|(_, count)| *count).sum(),
    ] {
        assert_eq!(counts, 398);
    }
    let held = Filter { teams_allowed: Some(vec!["apps".to_owned()]), ..Filter::default() };
    let choices = items(&SMALL.ledger, &held, &frame(), &ALL_ROWS).choices;
    assert_eq!(choices.teams.len(), 1, "a form never names what its reader may not see");
}

#[test]
fn one_item_is_drawn_second_by_second() {
    for known in SMALL.ledger.items() {
        for mode in [Verification::Strict, Verification::Lenient] {
            let events = SMALL.events[&*known.id].clone();
            let detail = item(known, events, &frame(), mode).unwrap();
            assert_eq!(detail.facts, known.facts);
            let mut sums = LabelSeconds::default();
            for span in &detail.spans {
                sums.add(span.label, span.to.since(span.from));
            }
            assert_eq!(sums, detail.labels, "{}", known.id);
            assert_eq!(sums.total(), detail.wall_seconds);
            let drawn: i64 = detail.stretches.iter().map(|one| one.seconds + one.off_calendar_seconds).sum();
            assert_eq!(drawn, detail.wall_seconds);
            assert!(
                detail.stretches.iter().all(|one| one.to.since(one.from) == one.seconds + one.off_calendar_seconds)
            );
            assert!(detail.stretches.len() <= known.facts.events as usize + 1, "{}", known.id);
        }
    }
    let known = &SMALL.ledger.items()[0];
    assert_eq!(item(known, Vec::new(), &frame(), Verification::Strict), None);
}

#[test]
fn what_a_list_calls_closed_and_unchecked_is_open_strictly_and_ended_leniently() {
    let count = |state, filter: Filter| {
        items(&SMALL.ledger, &Filter { state: Some(state), ..filter }, &frame(), &ALL_ROWS).basis.items
    };
    let unchecked = count(ItemState::ClosedUnverified, Filter::default());
    assert!(unchecked > 0);
    assert_eq!(count(ItemState::ClosedUnverified, lenient()), 0);
    assert_eq!(count(ItemState::Ended, lenient()), count(ItemState::Ended, Filter::default()) + unchecked);
}
