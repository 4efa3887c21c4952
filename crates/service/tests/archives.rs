//! A zip archive of files of one format is one import, and a fault names the file it stands in, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

#[path = "../../formats/tests/unpack/stored.rs"]
mod stored;
mod support;

use service::{FIRST_ORG, authorise::proof, enrichment::FeedOptions, ingest::ImportInput};
use store::batches::Counts;
use stored::stored;
use support::{Desk, NOW, line};

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    stored(&files.iter().map(|(name, text)| (*name, text.as_bytes())).collect::<Vec<_>>())
}

on_both_engines! {
    async fn several_files_are_one_import_and_its_counts_add_up(place) {
        let desk = Desk::open(place).await;
        let (one, two) = (line("1", "a", "detected", NOW - 500), line("2", "b", "detected", NOW - 400));
        let bytes = archive(&[("one.ndjson", one.trim_end()), ("two.ndjson", &format!("{two}{{oops\n{one}"))]);
        let summary = desk.try_import(&bytes).await.unwrap();
        assert_eq!(summary.counts, Counts { received: 4, accepted: 2, duplicate: 1, quarantined: 1 });
        let again = desk.try_import(&bytes).await.unwrap();
        assert_eq!((again.counts.accepted, again.same_as), (0, Some(summary.id)));
        // One of its files alone says nothing new.
        assert_eq!(desk.import(&one).await.counts.duplicate, 1);
    }

    async fn a_fault_names_its_file_and_nothing_of_the_archive_is_stored(place) {
        let desk = Desk::open(place).await;
        let document = "{\n\"item_id\":\"a\",\"event\":\"detected\",\"at\":\"2026-03-01T10:00:00Z\"}";
        for (second, code, says) in [
            ("item_id,event,at\na,detected,2026-03-01T10:00:00Z\n", "archive_several", "file 2 of the archive, `b.json`: it is of another format"),
            ("{\n\"item_id\":\"a\"", "archive_several", "file 2 of the archive, `b.json`: it is cut off"),
        ] {
            let refusal = support::refused(desk.try_import(&archive(&[("a.json", document), ("b.json", second)])).await);
            assert!(refusal.code == code && refusal.detail.starts_with(says), "{refusal:?}");
        }
        assert_eq!(desk.services.present_ledger(FIRST_ORG).await.unwrap().ledger.items().len(), 0);
    }

    async fn a_feed_is_one_file(place) {
        let desk = Desk::open(place).await;
        let feed = "#model_version:1,score_date:2026-03-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.1,0.2\n";
        let enrich = async |files: &[(&str, &str)]| {
            let input = ImportInput::Stream(Box::new(std::io::Cursor::new(archive(files))));
            desk.services.enrich(&desk.granted::<proof::ReferencesWrite>(), input, FeedOptions::default()).await
        };
        assert_eq!(support::refusal(enrich(&[("a", feed), ("b", feed)]).await), "archive_several");
        assert_eq!(enrich(&[("a", feed)]).await.unwrap().kept, 1);
    }
}
