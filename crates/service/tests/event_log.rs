//! The log leaves as an event log: what counts and nothing else, item by item, the same each time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::id::ImportId;
use service::{authorise::proof, identity::record::Origin};
use support::{Desk, NOW, line};

async fn written(desk: &Desk) -> (u64, String) {
    let mut log = Vec::new();
    let items = desk.services.write_event_log(&desk.granted::<proof::ItemsRead>(), &mut log).await.unwrap();
    (items, String::from_utf8(log).unwrap())
}

/// What a log says of each trace: its item and its events.
fn traces(log: &str) -> Vec<String> {
    let value = |part: &str| part.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let said = |trace: &str| trace.split("key=\"concept:name\"").skip(1).map(value).collect::<Vec<_>>().join(" ");
    log.split("<trace>").skip(1).map(said).collect()
}

on_both_engines! {
    async fn the_log_is_written_item_by_item_and_without_what_was_taken_back(place) {
        let desk = Desk::open(place).await;
        assert_eq!(traces(&written(&desk).await.1), Vec::<String>::new());
        // The later event comes first.
        desk.send(&line("e2", "b", "closed", NOW - 10)).await;
        desk.send(&line("e1", "b", "detected", NOW - 90)).await;
        desk.send(&line("e3", "a & b", "detected", NOW - 50)).await;
        let (items, log) = written(&desk).await;
        assert_eq!((items, traces(&log)), (2, vec!["b detected closed".to_owned(), "a &amp; b detected".to_owned()]));
        assert_eq!(written(&desk).await.1, log);
        desk.import(&(line("e4", "b", "verified", NOW - 5) + &line("e5", "c", "detected", NOW - 5))).await;
        assert_eq!(traces(&written(&desk).await.1), ["b detected closed verified", "a &amp; b detected", "c detected"]);
        let granted = desk.granted::<proof::ImportsWithdraw>();
        desk.services.withdraw_import(&granted, &Origin::default(), ImportId::from_row(1)).await.unwrap();
        assert_eq!(written(&desk).await.1, log);
    }
}
