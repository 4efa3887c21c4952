//! A history of which only a part came waits by itself for the rest.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::id::{ImportId, QuarantineId};
use service::{
    FIRST_ORG,
    authorise::proof,
    identity::record::Origin,
    ingest::{AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, ReceivedAt, SourcePlan},
    limits::IngestLimits,
};
use std::sync::Arc;
use store::{
    batches::Counts,
    imports,
    quarantine::{self, HeldLine, HeldState},
};
use support::Desk;

/// The histories of an issue: one for each hour.
fn histories(key: u32, hours: &[u32]) -> String {
    let history = |hour: &u32| {
        format!(
            r#"{{"id":"{key}{hour:02}","created":"2026-03-03T{hour:02}:00:00.000+00:00","author":{{"accountId":"u-bob"}},
                "items":[{{"field":"assignee","fieldId":"assignee","from":null,"to":"u-{hour}","fromString":null,"toString":"U{hour}"}}]}}"#
        )
    };
    hours.iter().map(history).collect::<Vec<_>>().join(",")
}

/// An issue with histories of these hours, of which it is said that there are so many.
fn issue(key: u32, hours: &[u32], total: usize) -> String {
    format!(
        r#"{{"id":"{key}","key":"SEC-{key}","changelog":{{"total":{total},"histories":[{}]}},"fields":{{
            "created":"2026-03-02T09:00:00.000+00:00","issuetype":{{"id":"1","name":"Task"}},"priority":{{"id":"2","name":"High"}},
            "status":{{"id":"1","name":"Open","statusCategory":{{"key":"new"}}}},"assignee":{{"accountId":"u-9"}},"resolution":null}}}}"#,
        histories(key, hours)
    )
    .replace('\n', " ")
}

/// A page of the history of an issue, from that place on.
fn page(key: u32, hours: &[u32], start: usize, total: usize) -> String {
    format!(
        r#"{{"self":"https://jira.example/rest/api/3/issue/SEC-{key}/changelog","startAt":{start},"total":{total},"values":[{}]}}"#,
        histories(key, hours)
    )
    .replace('\n', " ")
}

async fn import_from(desk: &Desk, source: &str, lines: &[String]) -> ImportSummary {
    let options = ImportOptions {
        name: "issues.json".into(),
        source: source.into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(SourcePlan::usual("jira")),
        said: FileSaid::default(),
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(lines.join("\n").into_bytes())));
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import(&granted, input, options, Arc::new(|_| {})).await.unwrap()
}

async fn import(desk: &Desk, lines: &[String]) -> ImportSummary {
    import_from(desk, "tickets", lines).await
}

async fn line(desk: &Desk, id: i64) -> HeldLine {
    let mut reader = desk.services.store().reader().await.unwrap();
    quarantine::by_id(&mut reader.conn(), FIRST_ORG, QuarantineId::from_row(id)).await.unwrap().unwrap()
}

async fn counts(desk: &Desk, id: i64) -> Counts {
    let mut reader = desk.services.store().reader().await.unwrap();
    imports::by_id(&mut reader.conn(), FIRST_ORG, ImportId::from_row(id)).await.unwrap().unwrap().counts
}

on_both_engines! {
    async fn a_part_of_a_history_is_settled_when_the_whole_of_it_comes(place) {
        let desk = Desk::open(place).await;
        let first = import(&desk, &[issue(7, &[9], 3), issue(8, &[9], 2)]).await;
        assert_eq!((first.counts.quarantined, first.reasons.get("changelog_truncated")), (2, Some(&2)));
        // A part that is longer is still a part, and another source says nothing of this one.
        let longer = import(&desk, &[issue(7, &[9, 10], 3), page(7, &[11], 2, 3)]).await;
        assert_eq!(longer.counts.quarantined, 1);
        import_from(&desk, "others", &[issue(7, &[9, 10, 11], 3)]).await;
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
        let whole = import(&desk, &[issue(7, &[9, 10, 11], 3)]).await;
        assert_eq!(whole.counts.quarantined, 0);
        for (id, state) in [(1, HeldState::Released), (2, HeldState::Held), (3, HeldState::Released)] {
            assert_eq!(line(&desk, id).await.state, state, "{id}");
        }
        let note = line(&desk, 1).await.settled_note;
        assert_eq!(note.as_deref(), Some("its whole history came with import 4"));
        let moved = counts(&desk, 1).await;
        assert_eq!((moved.quarantined, moved.duplicate, moved.received), (1, first.counts.duplicate + 1, first.counts.received));
        let report = desk.verify().await;
        assert_eq!(report.differences, Vec::<String>::new());
        // All changes of the other came as one page of its history.
        import(&desk, &[page(8, &[9, 10], 0, 2)]).await;
        assert_eq!(line(&desk, 2).await.state, HeldState::Released);
        assert_eq!(counts(&desk, 1).await.quarantined, 0);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_whole_history_that_is_older_than_the_part_settles_nothing(place) {
        let desk = Desk::open(place).await;
        import(&desk, &[issue(7, &[9], 1)]).await;
        assert_eq!(import(&desk, &[issue(7, &[10], 3)]).await.counts.quarantined, 1);
        // The old file again, the same issue from it as a page, and one that was whole an hour later.
        import(&desk, &[issue(7, &[9], 1)]).await;
        import(&desk, &[page(7, &[9], 0, 1)]).await;
        import(&desk, &[issue(7, &[9, 10], 2)]).await;
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
        import(&desk, &[issue(7, &[9, 10, 11], 3)]).await;
        assert_eq!(line(&desk, 1).await.state, HeldState::Released);
    }

    async fn a_part_without_its_number_of_changes_waits_for_one_that_was_updated_as_late(place) {
        let desk = Desk::open(place).await;
        let updated = |issue: String, hour: u32| {
            issue.replace(r#""fields":{"#, &format!(r#""fields":{{"updated":"2026-03-03T{hour:02}:30:00.000+00:00","#))
        };
        let bare = updated(issue(7, &[], 0), 11).replace(r#""changelog":{"total":0,"histories":[]},"#, "");
        assert_eq!(import(&desk, &[bare]).await.reasons.get("changelog_truncated"), Some(&1));
        import(&desk, &[updated(issue(7, &[9, 10], 2), 10)]).await;
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
        import(&desk, &[updated(issue(7, &[9, 10, 11], 3), 11)]).await;
        assert_eq!(line(&desk, 1).await.state, HeldState::Released);
    }

    async fn a_whole_history_that_cannot_all_count_settles_nothing(place) {
        let desk = Desk::open(place).await;
        // Another change bears the number of one that is to come: known when the import is published.
        import(&desk, &[issue(7, &[9, 10], 2).replace(r#""to":"u-10""#, r#""to":"u-99""#)]).await;
        assert_eq!(import(&desk, &[issue(7, &[9], 3)]).await.counts.quarantined, 1);
        let whole = import(&desk, &[issue(7, &[9, 10, 11], 3)]).await;
        assert_eq!(whole.reasons.get("event_conflict"), Some(&1), "{whole:?}");
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_whole_history_that_is_too_long_for_its_item_settles_nothing(place) {
        let desk = Desk::open_within(place, IngestLimits { item_events_warn: 2, item_events_max: 3, ..IngestLimits::default() }).await;
        import(&desk, &[issue(7, &[9], 4)]).await;
        let whole = import(&desk, &[issue(7, &[9, 10, 11, 12], 4)]).await;
        assert!(whole.counts.quarantined > 0, "{whole:?}");
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
    }

    async fn a_whole_history_of_which_something_is_held_settles_nothing(place) {
        let desk = Desk::open(place).await;
        import(&desk, &[issue(7, &[9], 2)]).await;
        let faulty = issue(7, &[9, 10], 2).replace("2026-03-03T10:00:00.000+00:00", "soon");
        let second = import(&desk, &[faulty]).await;
        assert_eq!(second.counts.quarantined, 1);
        assert_eq!(line(&desk, 1).await.state, HeldState::Held);
        assert_eq!(import(&desk, &[issue(7, &[9, 10], 2)]).await.counts.quarantined, 0);
        assert_eq!(line(&desk, 1).await.state, HeldState::Released);
    }
}
