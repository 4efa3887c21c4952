//! Which batch a row, a record, a promise and a closure belong to.

use crate::support::{POLICY, at, found, frame, item, straight};
use domain::{
    event_name::EventName::{Closed, Detected, FalsePositive, Redetected, Ticketed, Verified},
    view::Verification::{Lenient, Strict},
};
use metrics::{
    bootstrap::{
        batches::{closures, kept_promise, records, rows},
        cluster::{Batch, Cluster},
    },
    ledger::LedgerItem,
};

fn clusters(item: &LedgerItem) -> Vec<Cluster> {
    rows(item, &frame(100).view, Strict).map(|row| row.cluster).collect()
}

#[test]
fn a_patch_named_at_the_end_comes_before_the_weakness_and_that_before_the_item() {
    let of = |batch, day: i64| Cluster::of(batch, Some("apps"), Some(at(day)));
    let plain = found("a", 10).team("apps").on(20, Closed).on(20, Verified);
    assert_eq!(clusters(&plain.build()), [of(Batch::Item("a"), 20)]);
    let weak =
        item("a").on(10, Detected).team("apps").weakness("CVE-1").on(10, Ticketed).on(20, Closed).on(20, Verified);
    assert_eq!(clusters(&weak.build()), [of(Batch::Weakness("CVE-1"), 20)]);
    let patched = item("a")
        .on(10, Detected)
        .team("apps")
        .weakness("CVE-1")
        .on(10, Ticketed)
        .on(20, Closed)
        .on(20, Verified)
        .patch("KB1");
    assert_eq!(clusters(&patched.build()), [of(Batch::Patch("KB1"), 20)]);
}

#[test]
fn a_patch_named_at_another_moment_is_not_that_of_the_end() {
    let item =
        item("a").on(10, Detected).weakness("CVE-1").on(10, Ticketed).on(15, Closed).patch("KB1").on(20, Verified);
    assert_eq!(clusters(&item.build()), [Cluster::of(Batch::Weakness("CVE-1"), None, Some(at(20)))]);
}

#[test]
fn what_is_open_belongs_to_no_day() {
    let open = found("a", 10).weakness("CVE-1").build();
    assert_eq!(clusters(&open), [Cluster::of(Batch::Weakness("CVE-1"), None, None)]);
    assert_eq!(clusters(&found("a", 10).on(12, FalsePositive).build()), [], "what was never real has no row");
}

#[test]
fn an_unverified_close_is_the_end_in_lenient_mode_alone() {
    let item = found("a", 10).on(15, Closed).build();
    let of = |mode| rows(&item, &frame(100).view, mode).map(|row| row.cluster).next().unwrap();
    assert_eq!(of(Strict), Cluster::of(Batch::Item("a"), None, None));
    assert_eq!(of(Lenient), Cluster::of(Batch::Item("a"), None, Some(at(15))));
}

#[test]
fn every_record_has_the_day_of_its_own_end() {
    let item = found("a", 10).on(15, Closed).on(20, Redetected).on(40, Closed).build();
    let units: Vec<_> = records(&item, &POLICY).collect();
    let want = [15, 40].map(|day| Cluster::of(Batch::Item("a"), None, Some(at(day))));
    assert_eq!(units.iter().map(|unit| unit.cluster).collect::<Vec<_>>(), want);
    assert_eq!(units.iter().map(|unit| unit.part as i64).collect::<Vec<_>>(), [1, 0], "5 days of 7, then 20");
}

#[test]
fn a_promise_has_the_day_the_first_episode_ended() {
    let unit = |item: &LedgerItem| kept_promise(item, &POLICY, &frame(100).view, Strict);
    let kept = unit(&straight("a", 10, 15).build()).unwrap();
    assert_eq!((kept.cluster, kept.part as i64), (Cluster::of(Batch::Item("a"), None, Some(at(15))), 1));
    let broken = unit(&found("a", 10).build()).unwrap();
    assert_eq!((broken.cluster, broken.part as i64), (Cluster::of(Batch::Item("a"), None, None), 0));
    assert_eq!(unit(&found("a", 95).build()), None, "its day has not come");
}

#[test]
fn a_closure_ends_when_it_is_seen_again() {
    let item = found("a", 10).on(15, Closed).on(20, Redetected).on(40, Closed).build();
    let rows: Vec<_> = closures(&item, at(100)).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].cluster, Cluster::of(Batch::Item("a"), None, Some(at(20))));
    assert_eq!(rows[1].cluster, Cluster::of(Batch::Item("a"), None, None));
    assert!(rows[0].row.ended && !rows[1].row.ended);
}
