//! A feed is kept by the day it was published, its rows add up, and its age is told, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{day::Day, enrichment::FeedKind, time::Timestamp};
use service::{
    FIRST_ORG, ServiceError,
    authorise::{Caller, proof},
    enrichment::{FeedOptions, FeedSummary},
    ingest::ImportInput,
};
use std::io::Write;
use store::enrichment;
use support::{Desk, NOW, refusal};

/// Day 20,601 since 1970: 2026-05-28, on which these tests stand.
fn today() -> Day {
    Day::of(Timestamp::from_seconds(NOW))
}

fn kev(day: Day, entries: &[(&str, &str, &str)]) -> String {
    let entry = |(cve, added, due): &(&str, &str, &str)| {
        format!(r#"{{"cveID":"{cve}","dateAdded":"{added}","dueDate":"{due}","knownRansomwareCampaignUse":"Unknown"}}"#)
    };
    let entries: Vec<String> = entries.iter().map(entry).collect();
    format!(
        r#"{{"catalogVersion":"v{day}","dateReleased":"{day}T14:00:00.0000Z","vulnerabilities":[{}]}}"#,
        entries.join(",\n")
    )
}

fn epss(day: Option<Day>, rows: &str) -> String {
    let first =
        day.map(|day| format!("#model_version:v2025.03.14,score_date:{day}T00:00:00+0000\n")).unwrap_or_default();
    format!("{first}cve,epss,percentile\n{rows}")
}

async fn enrich(desk: &Desk, bytes: &[u8], score_date: Option<Day>) -> Result<FeedSummary, ServiceError> {
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(bytes.to_vec())));
    let options = FeedOptions { score_date, ..FeedOptions::default() };
    desk.services.enrich(&desk.granted::<proof::ReferencesWrite>(), input, options).await
}

fn rules(summary: &FeedSummary) -> Vec<&str> {
    summary.notes.met.keys().map(String::as_str).collect()
}

const A: (&str, &str, &str) = ("CVE-2026-0001", "2026-04-01", "2026-04-22");
const B: (&str, &str, &str) = ("CVE-2026-0002", "2026-04-02", "2026-04-23");

on_both_engines! {
    async fn a_catalogue_is_kept_by_its_day_and_that_day_again_changes_nothing(place) {
        let desk = Desk::open(place).await;
        let first = enrich(&desk, kev(today().plus(-9), &[A, B]).as_bytes(), None).await.unwrap();
        assert_eq!((first.received, first.kept, first.held, first.changed, first.unchanged), (2, 2, 0, 2, false));
        assert!(rules(&first).is_empty());
        let again = enrich(&desk, kev(today().plus(-9), &[A]).as_bytes(), None).await.unwrap();
        assert_eq!((again.changed, again.unchanged), (0, true));
        let later = enrich(&desk, kev(today(), &[A]).as_bytes(), None).await.unwrap();
        assert_eq!((later.received, later.changed), (1, 1));
        let mut reader = desk.services.store().reader().await.unwrap();
        for (day, wanted) in [(-10, false), (-9, true), (-1, true), (0, false)] {
            let of_b = enrichment::kev_of(&mut reader.conn(), FIRST_ORG, B.0, today().plus(day)).await.unwrap();
            assert_eq!(of_b.is_some(), wanted, "{day}");
        }
        let acts = store::audit::check(&mut reader.conn(), FIRST_ORG).await.unwrap().records;
        assert_eq!(acts, 2, "the day that was kept already is no act");
    }

    async fn an_entry_due_before_it_was_added_is_held_and_told(place) {
        let desk = Desk::open(place).await;
        let summary = enrich(&desk, kev(today(), &[A, ("CVE-2026-0003", "2026-04-22", "2026-04-01")]).as_bytes(), None).await.unwrap();
        assert_eq!((summary.received, summary.kept, summary.held, summary.changed), (2, 1, 1, 1));
        assert_eq!(rules(&summary), ["due_before_added"]);
        let held = &summary.first_held[0];
        assert_eq!((held.row, held.line, held.reason), (2, 2, "due_before_added"));
        assert!(held.detail.contains("CVE-2026-0003"), "{}", held.detail);
    }

    async fn a_catalogue_older_than_thirty_days_is_kept_and_flagged(place) {
        let desk = Desk::open(place).await;
        let fresh = enrich(&desk, kev(today().plus(-31), &[A]).as_bytes(), None).await.unwrap();
        assert_eq!((rules(&fresh), fresh.changed), (vec!["kev_copy_old"], 1));
        let young = enrich(&desk, kev(today().plus(-30), &[A]).as_bytes(), None).await.unwrap();
        assert!(rules(&young).is_empty(), "{young:?}");
    }

    async fn an_older_feed_and_one_of_a_day_to_come_are_refused(place) {
        let desk = Desk::open(place).await;
        enrich(&desk, kev(today(), &[A]).as_bytes(), None).await.unwrap();
        for day in [-1, 2] {
            assert_eq!(refusal(enrich(&desk, kev(today().plus(day), &[B]).as_bytes(), None).await), "feed_refused", "{day}");
        }
        // Where it was published it is tomorrow already.
        assert_eq!(enrich(&desk, kev(today().plus(1), &[A, B]).as_bytes(), None).await.unwrap().changed, 1);
    }

    async fn scores_are_read_packed_and_plain_and_need_a_day(place) {
        let desk = Desk::open(place).await;
        let rows = "CVE-2026-0001,0.1,0.5\nCVE-2026-0002,0.2,0.6\nnothing,0.2,0.6\n";
        let undated = enrich(&desk, epss(None, rows).as_bytes(), None).await;
        assert!(format!("{undated:?}").contains("does not say of which day"), "{undated:?}");
        assert_eq!(refusal(undated), "feed_refused");
        let dated = enrich(&desk, epss(None, rows).as_bytes(), Some(today().plus(-2))).await.unwrap();
        assert_eq!((dated.received, dated.kept, dated.held, dated.changed), (3, 2, 1, 2));
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(epss(Some(today()), "CVE-2026-0001,0.1,0.55\nCVE-2026-0002,0.3,0.7\n").as_bytes()).unwrap();
        let packed = enrich(&desk, &gzip.finish().unwrap(), None).await.unwrap();
        assert_eq!((packed.feed.kind, packed.feed.published_on, packed.changed), (FeedKind::Epss, today(), 1));
        let mut reader = desk.services.store().reader().await.unwrap();
        for (day, wanted) in [(-3, None), (-1, Some("0.2")), (0, Some("0.3"))] {
            let score = enrichment::epss_of(&mut reader.conn(), FIRST_ORG, "CVE-2026-0002", today().plus(day)).await.unwrap();
            assert_eq!(score.map(|score| score.score), wanted.map(|share| share.parse().unwrap()), "{day}");
        }
    }

    async fn what_is_no_feed_is_refused_and_a_feed_is_no_import(place) {
        let desk = Desk::open(place).await;
        for (bytes, code) in [
            ("", "format_unknown"),
            ("{\"item_id\":\"a\",\"event\":\"detected\",\"at\":\"2026-03-01T10:00:00Z\"}\n", "format_unknown"),
            ("cve,epss,percentile\n", "no_rows"),
        ] {
            assert_eq!(refusal(enrich(&desk, bytes.as_bytes(), Some(today())).await), code, "{bytes}");
        }
        let granted = desk.granted::<proof::SourcesWrite>();
        let plan = service::ingest::SourcePlan::usual("kev-json");
        desk.services.save_plan(&granted, &service::identity::record::Origin::default(), "scanner", plan).await.unwrap();
        let imported = support::refused(desk.try_import(kev(today(), &[A]).as_bytes()).await);
        assert_eq!((imported.code, imported.hint.as_deref()), ("no_events", Some("keep it on the page of sources, or by `wallclock enrich FILE`")));
    }

    async fn the_age_of_each_feed_is_told_in_days(place) {
        let desk = Desk::open(place).await;
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        let ages = async || {
            let ages = desk.services.feed_ages(&caller).await.unwrap();
            ages.into_iter().map(|age| (age.kind, age.newest.map(|newest| (newest.days_old, newest.stale)))).collect::<Vec<_>>()
        };
        assert_eq!(ages().await, [(FeedKind::Kev, None), (FeedKind::Epss, None)]);
        enrich(&desk, kev(today().plus(-9), &[A]).as_bytes(), None).await.unwrap();
        enrich(&desk, epss(Some(today().plus(1)), "CVE-2026-0001,0.1,0.5\n").as_bytes(), None).await.unwrap();
        assert_eq!(ages().await, [(FeedKind::Kev, Some((9, false))), (FeedKind::Epss, Some((0, false)))]);
        desk.set_clock(NOW + 21 * 86_400);
        assert_eq!(ages().await, [(FeedKind::Kev, Some((30, false))), (FeedKind::Epss, Some((20, false)))]);
        desk.set_clock(NOW + 22 * 86_400);
        assert_eq!(ages().await[0], (FeedKind::Kev, Some((31, true))));
    }
}
