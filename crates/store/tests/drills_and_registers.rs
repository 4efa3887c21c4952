//! Records of drills, registers and enrichment come back as they were known then, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    day::Day,
    drill::{DrillRecord, DrillType},
    enrichment::{EpssScore, Feed, FeedKind, KevEntry},
    id::{OrgId, SourceId},
    register::{Cell, Register, RegisterRow},
    time::Timestamp,
};
use std::collections::BTreeMap;
use store::{
    drills::{self, DrillFrom, Kept},
    enrichment::{self, FeedKept},
    registers::{self, Upload},
};
use support::lines::ORG;

const NOW: Timestamp = Timestamp::from_seconds(1_772_359_200);

fn from(seconds: i64) -> DrillFrom {
    DrillFrom { source: Some(SourceId::from_row(1)), import: None, received_at: NOW.plus(seconds) }
}

fn drill(id: &str, title: &str) -> DrillRecord {
    let kind = Some(DrillType::Tabletop);
    DrillRecord { id: id.into(), title: Some(title.into()), kind, started_at: Some(NOW), ..DrillRecord::default() }
}

fn person(id: &str, team: &str) -> RegisterRow {
    let text = |text: &str| Cell::Text(text.to_owned());
    let day = Cell::Day("2026-01-01".parse().unwrap());
    let cells = BTreeMap::from([("id", text(id)), ("team", text(team)), ("valid_from", day)]);
    RegisterRow::new(Register::People, cells).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn feed(kind: FeedKind, published_on: &str) -> Feed {
    Feed { kind, version: Some("v1".into()), published_on: day(published_on) }
}

fn kev(cve: &str, due_on: Option<&str>) -> KevEntry {
    KevEntry { cve: cve.into(), added_on: day("2026-01-01"), due_on: due_on.map(day), ransomware: Some(true) }
}

fn score(cve: &str, score: &str, percentile: &str) -> EpssScore {
    EpssScore { cve: cve.into(), score: score.parse().unwrap(), percentile: percentile.parse().unwrap() }
}

on_both_engines! {
    async fn a_record_sent_again_is_a_version_and_a_past_view_sees_the_past_one(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let (first, second) = (drill("D-1", "one"), drill("D-1", "two"));
        assert_eq!(drills::keep(&mut tx.conn(), ORG, &first, from(0)).await.unwrap(), Kept::New(1));
        assert_eq!(drills::keep(&mut tx.conn(), ORG, &first, from(10)).await.unwrap(), Kept::Same(1));
        assert_eq!(drills::keep(&mut tx.conn(), ORG, &second, from(20)).await.unwrap(), Kept::New(2));
        assert_eq!(drills::keep(&mut tx.conn(), ORG, &first, from(30)).await.unwrap(), Kept::New(3));
        let page_only = DrillFrom { source: None, import: None, received_at: NOW.plus(25) };
        assert_eq!(drills::keep(&mut tx.conn(), ORG, &drill("D-2", "x"), page_only).await.unwrap(), Kept::New(1));
        assert_eq!(drills::by_id(&mut tx.conn(), ORG, "D-1", NOW.plus(-1)).await.unwrap(), None);
        let then = drills::by_id(&mut tx.conn(), ORG, "D-1", NOW.plus(29)).await.unwrap().unwrap();
        assert_eq!((&then.record, then.version, then.received_at), (&second, 2, NOW.plus(20)));
        let ids = |page: Vec<drills::StoredDrill>| page.into_iter().map(|one| (one.record.id, one.version)).collect::<Vec<_>>();
        let page = drills::page(&mut tx.conn(), ORG, NOW.plus(26), "", 10).await.unwrap();
        assert_eq!(ids(page), [("D-1".to_owned(), 2), ("D-2".to_owned(), 1)]);
        let page = drills::page(&mut tx.conn(), ORG, NOW.plus(99), "D-1", 10).await.unwrap();
        assert_eq!(ids(page), [("D-2".to_owned(), 1)]);
        assert!(drills::page(&mut tx.conn(), OrgId::from_row(2), NOW.plus(99), "", 10).await.unwrap().is_empty());
        let versions = drills::versions(&mut tx.conn(), ORG, "D-1").await.unwrap();
        assert_eq!(versions, [(1, NOW), (2, NOW.plus(20)), (3, NOW.plus(30))]);
    }

    async fn a_register_uploaded_again_is_a_version_and_a_past_view_sees_the_past_one(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let upload = |seconds| Upload { received_at: NOW.plus(seconds), by: "ada" };
        let (ada, bo, moved) = (person("ada", "soc"), person("bo", "soc"), person("bo", "apps"));
        let people = Register::People;
        let first = registers::put(&mut tx.conn(), ORG, people, &[ada.clone(), bo.clone()], upload(0)).await.unwrap().unwrap();
        assert_eq!((first.version, first.rows, first.added, first.ended, first.by.as_str()), (1, 2, 2, 0, "ada"));
        let same = registers::put(&mut tx.conn(), ORG, people, &[bo.clone(), ada.clone()], upload(10)).await.unwrap();
        assert_eq!(same, None);
        let second = registers::put(&mut tx.conn(), ORG, people, std::slice::from_ref(&moved), upload(20)).await.unwrap().unwrap();
        assert_eq!((second.version, second.rows, second.added, second.ended), (2, 1, 1, 2));
        let third = registers::put(&mut tx.conn(), ORG, people, &[moved.clone(), ada.clone()], upload(30)).await.unwrap().unwrap();
        assert_eq!((third.version, third.added, third.ended), (3, 1, 0));
        let empty = registers::put(&mut tx.conn(), ORG, people, &[], upload(40)).await.unwrap().unwrap();
        assert_eq!((empty.version, empty.rows, empty.ended), (4, 0, 2));
        for (seconds, wanted) in [
            (-1, vec![]),
            (5, vec![ada.clone(), bo]),
            (25, vec![moved.clone()]),
            (35, vec![moved, ada]),
            (45, vec![]),
        ] {
            let rows = registers::known_at(&mut tx.conn(), ORG, people, NOW.plus(seconds)).await.unwrap();
            assert_eq!(rows, wanted, "{seconds}");
        }
        assert!(registers::known_at(&mut tx.conn(), ORG, Register::Teams, NOW.plus(99)).await.unwrap().is_empty());
        let versions = registers::versions(&mut tx.conn(), ORG, people, NOW.plus(30), 9).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [3, 2, 1]);
        let page = registers::page(&mut tx.conn(), ORG, people, 1, registers::FIRST, 1).await.unwrap();
        let next = registers::page(&mut tx.conn(), ORG, people, 1, page[0].0, 9).await.unwrap();
        assert_eq!((page[0].1.key.as_str(), next[0].1.key.as_str(), next.len()), ("ada", "bo", 1));
    }

    async fn the_catalogue_of_a_past_day_is_what_was_published_by_then(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let [one, two] = [kev("CVE-2026-0001", Some("2026-02-01")), kev("CVE-2026-0002", None)];
        let later = kev("CVE-2026-0001", Some("2026-03-01"));
        let of = |published_on| feed(FeedKind::Kev, published_on);
        let kept = enrichment::keep_kev(&mut tx.conn(), ORG, &of("2026-01-10"), &[one.clone(), two.clone()], NOW).await;
        assert_eq!(kept.unwrap(), FeedKept::Changed(2));
        let kept = enrichment::keep_kev(&mut tx.conn(), ORG, &of("2026-01-20"), std::slice::from_ref(&later), NOW).await;
        assert_eq!(kept.unwrap(), FeedKept::Changed(2));
        let kept = enrichment::keep_kev(&mut tx.conn(), ORG, &of("2026-01-20"), &[], NOW).await;
        assert_eq!(kept.unwrap(), FeedKept::Known);
        let kept = enrichment::keep_kev(&mut tx.conn(), ORG, &of("2026-01-15"), &[], NOW).await;
        assert_eq!(kept.unwrap(), FeedKept::TooOld(day("2026-01-20")));
        for (text, wanted) in [
            ("2026-01-09", vec![]),
            ("2026-01-19", vec![one.clone(), two.clone()]),
            ("2026-01-20", vec![later.clone()]),
        ] {
            assert_eq!(enrichment::kev_listed(&mut tx.conn(), ORG, day(text)).await.unwrap(), wanted, "{text}");
        }
        let of_two = |conn_day| day(conn_day);
        assert_eq!(enrichment::kev_of(&mut tx.conn(), ORG, "CVE-2026-0002", of_two("2026-01-19")).await.unwrap(), Some(two));
        assert_eq!(enrichment::kev_of(&mut tx.conn(), ORG, "CVE-2026-0002", of_two("2026-01-21")).await.unwrap(), None);
        let newest = enrichment::newest(&mut tx.conn(), ORG, FeedKind::Kev, day("2026-01-15")).await.unwrap().unwrap();
        assert_eq!((newest.feed, newest.received_at), (of("2026-01-10"), NOW));
        assert_eq!(enrichment::newest(&mut tx.conn(), ORG, FeedKind::Epss, day("2027-01-01")).await.unwrap(), None);
    }

    async fn a_score_of_a_past_day_is_what_was_published_by_then(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let of = |published_on| feed(FeedKind::Epss, published_on);
        let days = [
            ("2026-01-10", vec![score("CVE-2026-0001", "0.1", "0.5"), score("CVE-2026-0002", "0.2", "0.6")], 2),
            ("2026-01-11", vec![score("CVE-2026-0001", "0.1", "0.51"), score("CVE-2026-0002", "0.3", "0.7")], 1),
            ("2026-01-12", vec![score("CVE-2026-0002", "0.2", "0.6")], 1),
        ];
        for (published_on, scores, changed) in &days {
            let kept = enrichment::keep_epss(&mut tx.conn(), ORG, &of(published_on), scores, NOW).await.unwrap();
            assert_eq!(kept, FeedKept::Changed(*changed), "{published_on}");
        }
        let kept = enrichment::keep_epss(&mut tx.conn(), ORG, &of("2026-01-11"), &[], NOW).await.unwrap();
        assert_eq!(kept, FeedKept::TooOld(day("2026-01-12")));
        for (text, one, two) in [
            ("2026-01-09", None, None),
            ("2026-01-10", Some("0.1"), Some("0.2")),
            ("2026-01-11", Some("0.1"), Some("0.3")),
            ("2026-01-20", Some("0.1"), Some("0.2")),
        ] {
            for (cve, wanted) in [("CVE-2026-0001", one), ("CVE-2026-0002", two)] {
                let found = enrichment::epss_of(&mut tx.conn(), ORG, cve, day(text)).await.unwrap();
                assert_eq!(found.map(|found| found.score), wanted.map(|score| score.parse().unwrap()), "{cve} {text}");
            }
        }
    }
}
