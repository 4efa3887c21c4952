//! Lines that are held of tables and of other tools: read again as they were written, settled by a later file, and the
//! counts of every file still add up, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::{ImportId, QuarantineId},
    time::Timestamp,
};
use formats::mend::{Mend, Where};
use service::{
    FIRST_ORG, ServiceError,
    authorise::{Caller, proof},
    identity::record::Origin,
    ingest::{
        AllowedSources, Chosen, FileSaid, ImportInput, ImportOptions, ImportSummary, ManyAct, Push, Receipt,
        ReceivedAt, Release, SourcePlan, StoredAct,
    },
    question::quality::{HeldFilter, HeldLine, QualityAsk},
    webhook::Kind,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{batches::Counts, quarantine};
use support::{Desk, NOW, refusal};

/// A table of findings of which a person says what its columns mean.
fn table(settings: &str) -> SourcePlan {
    let text = format!(
        r#"{{"mapping": {{"item": "{{Rule}}@{{Host}}", "fields": {{"severity": {{"column": "Risk"}}}}, "events": [
            {{"event": "detected", "at": {{"column": "Opened"}}}},
            {{"event": "closed", "at": {{"column": "Closed"}}}}]}}{settings}}}"#
    );
    SourcePlan { format: "csv".to_owned(), settings: serde_json::from_str(&text).unwrap() }
}

const MADRID: &str = r#", "zone": "Europe/Madrid""#;

/// Five rows: a good one, one whose opening alone is good, one without any zone, two below low.
const ROWS: &str = "Rule,Host,Opened,Closed,Risk
1,web,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,high
2,web,2026-03-01T10:00:00Z,2026-03-03 10:00,high
3,web,2026-03-01 10:00,2026-03-02 10:00,low
4,web,2026-03-01T10:00:00Z,,info
5,web,2026-03-01T11:00:00Z,,info
";

fn counts(received: u64, accepted: u64, duplicate: u64, quarantined: u64) -> Counts {
    Counts { received, accepted, duplicate, quarantined }
}

async fn import(desk: &Desk, plan: Option<SourcePlan>, text: &str) -> Result<ImportSummary, ServiceError> {
    let options = ImportOptions {
        name: "export".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan,
        said: FileSaid::default(),
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await
}

async fn save(desk: &Desk, plan: SourcePlan) {
    desk.services.save_plan(&desk.granted(), &Origin::default(), "scanner", plan).await.unwrap();
}

async fn release(desk: &Desk, id: i64, release: Release) -> Result<Receipt, ServiceError> {
    let granted = desk.granted::<proof::QuarantineWork>();
    desk.services.release_held(&granted, &Origin::default(), QuarantineId::from_row(id), release).await
}

async fn line(desk: &Desk, id: i64) -> HeldLine {
    let mut reader = desk.services.store().reader().await.unwrap();
    quarantine::by_id(&mut reader.conn(), FIRST_ORG, QuarantineId::from_row(id)).await.unwrap().unwrap()
}

async fn of_import(desk: &Desk, id: i64) -> Counts {
    let granted = desk.granted::<proof::ImportsWrite>();
    let stored = desk.services.import_of(&granted, ImportId::from_row(id)).await.unwrap();
    assert!(stored.counts.add_up(), "{:?}", stored.counts);
    stored.counts
}

async fn agrees(desk: &Desk) {
    assert_eq!(desk.verify().await.differences, Vec::<String>::new());
}

fn all() -> Chosen {
    Chosen::Matching { filter: HeldFilter::default(), up_to: None }
}

async fn decide(desk: &Desk, key: &str, act: ManyAct) -> StoredAct {
    let foreseen = desk.services.foresee_many(&desk.granted(), &all(), &act).await.unwrap();
    let begun = desk.services.begin_many(&desk.granted(), &Origin::default(), key, &all(), act).await.unwrap();
    begun.work.unwrap().run().await.unwrap();
    let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
    let ask = QualityAsk { act: Some(begun.id), ..QualityAsk::default() };
    let act = desk.services.quality(&caller, &ask).await.unwrap().act.unwrap();
    let told = (foreseen.accepted, foreseen.duplicate, foreseen.dismissed);
    assert_eq!((act.counts.accepted, act.counts.duplicate, act.counts.dismissed), told, "as it was foreseen");
    act
}

fn kept(act: &StoredAct) -> BTreeMap<String, u64> {
    let kept: Vec<serde_json::Value> = serde_json::from_str(&act.counts.why_kept).unwrap();
    kept.iter().map(|one| (one["code"].as_str().unwrap().to_owned(), one["lines"].as_u64().unwrap())).collect()
}

on_both_engines! {
    async fn rows_of_a_tool_are_read_again_by_what_is_said_of_its_source_today(place) {
        let desk = Desk::open(place).await;
        save(&desk, table("")).await;
        let summary = import(&desk, Some(table("")), ROWS).await.unwrap();
        assert_eq!(summary.counts, counts(7, 3, 0, 4));
        assert_eq!(refusal(release(&desk, 1, Release::AsIs).await), "naive_time");
        save(&desk, table(MADRID)).await;
        // The opening of row 2 counts since its import: only what was held of it is new.
        let second = release(&desk, 1, Release::AsIs).await.unwrap();
        assert_eq!((second.received, second.accepted, second.duplicate), (1, 1, 0));
        // Nothing of row 3 was readable: one line becomes two events, and counts once.
        let third = release(&desk, 2, Release::AsIs).await.unwrap();
        assert_eq!((third.received, third.accepted, third.duplicate), (1, 1, 0));
        assert_eq!(of_import(&desk, 1).await, counts(7, 5, 0, 2));
        assert_eq!(desk.verify().await.events, 6);
        agrees(&desk).await;
    }

    async fn a_severity_below_low_of_a_tool_is_taken_as_low(place) {
        let desk = Desk::open(place).await;
        import(&desk, Some(table("")), ROWS).await.unwrap();
        let ours = desk.send("{\"item_id\":\"a@b\",\"event\":\"detected\",\"at\":\"2026-03-01T10:00:00Z\",\"severity\":\"info\"}\n").await;
        assert_eq!(ours.quarantined, 1);
        assert_eq!(refusal(release(&desk, 1, Release::AsLow).await), "not_below_scope");
        assert_eq!(refusal(release(&desk, 3, Release::AsIs).await), "below_scope");
        assert_eq!(release(&desk, 3, Release::AsLow).await.unwrap().accepted, 1);
        let low = decide(&desk, "k", ManyAct::Mend(Mend::AsLow)).await;
        assert_eq!((low.counts.accepted, low.counts.kept), (2, 2), "{}", low.counts.why_kept);
        assert_eq!(kept(&low), BTreeMap::from([("not_touched".to_owned(), 2)]));
        let set = Mend::Set { field: "team".to_owned(), value: "Cloud".to_owned(), when: Where::Empty };
        assert_eq!(kept(&decide(&desk, "k2", ManyAct::Mend(set)).await), BTreeMap::from([("not_ours".to_owned(), 2)]));
        agrees(&desk).await;
    }

    async fn a_finding_of_a_snapshot_is_taken_as_low(place) {
        let desk = Desk::open(place).await;
        let finding = r#"[{"asset":{"uuid":"web"},"plugin":{"id":7},"state":"OPEN","severity":"info",
            "first_found":"2026-01-05T10:00:00Z","last_found":"2026-03-01T10:00:00Z","indexed":"2026-03-02T00:00:00Z"}]"#;
        let plan = SourcePlan::usual("tenable-json");
        save(&desk, plan.clone()).await;
        let said = SourcePlan { settings: serde_json::from_str(r#"{"exported_at": "2026-03-03T00:00:00Z"}"#).unwrap(), ..plan };
        let summary = import(&desk, Some(said), finding).await.unwrap();
        assert_eq!((summary.counts, summary.notes.snapshot.is_some()), (counts(1, 0, 0, 1), true));
        assert_eq!(line(&desk, 1).await.reason.as_str(), "below_scope");
        assert_eq!(release(&desk, 1, Release::AsLow).await.unwrap().accepted, 1);
        assert_eq!(of_import(&desk, 1).await, counts(1, 1, 0, 0));
        agrees(&desk).await;
    }

    async fn rows_of_our_own_are_read_under_their_header_and_mended(place) {
        let desk = Desk::open(place).await;
        let rows = "item_id;event;at;severity;cve\na@b;detected;2026-03-01 10:00;high;\"CVE-2026-1;CVE-2026-2\"\n\
                    c@b;detected;2026-03-01T10:00:00Z;info;\nd@b;done;2026-03-01T10:00:00Z;low;\n";
        assert_eq!(import(&desk, None, rows).await.unwrap().counts, counts(3, 0, 0, 3));
        let zoned = decide(&desk, "k1", ManyAct::Mend(Mend::Zone("Europe/Madrid".to_owned()))).await;
        assert_eq!((zoned.counts.accepted, zoned.counts.kept), (1, 2), "{}", zoned.counts.why_kept);
        assert_eq!(release(&desk, 2, Release::AsLow).await.unwrap().accepted, 1);
        let copy = b"d@b;closed;2026-03-01T10:00:00Z;low;".to_vec();
        assert_eq!(release(&desk, 3, Release::Edited(copy)).await.unwrap().accepted, 1);
        assert_eq!(of_import(&desk, 1).await, counts(3, 3, 0, 0));
        agrees(&desk).await;
    }

    async fn a_record_that_follows_from_its_file_is_not_read_alone(place) {
        let desk = Desk::open(place).await;
        let file = "number,opened_at,state,sys_updated_at\nINC1,2026-03-01 10:00:00,1,2026-03-01 10:00:00\n";
        let plan = SourcePlan::usual("servicenow");
        let summary = import(&desk, Some(plan.clone()), file).await.unwrap();
        assert!(summary.counts.quarantined > 0, "{:?}", summary.counts);
        save(&desk, plan.clone()).await;
        assert_eq!(refusal(release(&desk, 1, Release::AsIs).await), "needs_its_file");
        let zoned = SourcePlan { settings: serde_json::from_str(r#"{"zone": "Europe/Madrid"}"#).unwrap(), ..plan };
        let again = import(&desk, Some(zoned), file).await.unwrap();
        assert_eq!(again.counts.quarantined, 0, "{:?}", again.counts);
        assert_eq!(line(&desk, 1).await.state, quarantine::HeldState::Released, "the file came again whole");
        agrees(&desk).await;
    }

    async fn a_line_that_comes_again_and_becomes_events_is_settled_by_that_import(place) {
        let desk = Desk::open(place).await;
        import(&desk, Some(table("")), ROWS).await.unwrap();
        let again = import(&desk, Some(table(MADRID)), ROWS).await.unwrap();
        // Five drafts of the first two rows and both of the third; the rows below low were held before.
        assert_eq!(again.counts, counts(8, 3, 5, 0));
        assert_eq!(of_import(&desk, 1).await, counts(7, 3, 2, 2));
        assert_eq!(of_import(&desk, 2).await, again.counts);
        let settled = line(&desk, 1).await;
        assert_eq!(settled.settled_note.as_deref(), Some("came again with import 2"));
        let states = [line(&desk, 2).await.state, line(&desk, 3).await.state].map(quarantine::HeldState::as_str);
        assert_eq!(states, ["released", "held"]);
        assert_eq!(refusal(release(&desk, 1, Release::AsIs).await), "already_settled");
        assert_eq!(release(&desk, 3, Release::AsLow).await.unwrap().accepted, 1);
        assert_eq!(of_import(&desk, 1).await, counts(7, 4, 2, 1));
        agrees(&desk).await;
        let third = import(&desk, Some(table(MADRID)), ROWS).await.unwrap();
        assert_eq!(third.counts, counts(8, 0, 8, 0), "nothing is settled twice");
        agrees(&desk).await;
    }

    async fn a_line_that_comes_again_and_cannot_count_there_stays_held(place) {
        let desk = Desk::open(place).await;
        let event = |at: &str| format!("{{\"id\":\"x\",\"item_id\":\"a@b\",\"event\":\"seen\",\"at\":\"{at}\"}}\n");
        let late = Timestamp::from_seconds(NOW + 1_000).to_string();
        desk.import(&event(&late)).await;
        assert_eq!(line(&desk, 1).await.reason.as_str(), "future");
        desk.import(&event("2026-03-01T10:00:00Z")).await;
        desk.set_clock(NOW + 2_000);
        // By now it could be read, and another event counts under its id.
        let again = desk.import(&(event(&late) + "\n")).await;
        assert_eq!(again.counts, counts(1, 0, 1, 0));
        assert_eq!(line(&desk, 1).await.state, quarantine::HeldState::Held);
        agrees(&desk).await;
    }

    async fn a_push_of_a_tool_is_read_again_whole(place) {
        let desk = Desk::open(place).await;
        let issue = r#"{"webhookEvent":"jira:issue_created","timestamp":1772359200000,"issue":{"id":"7","key":"A-7","fields":{
            "created":"2026-03-01 10:00","status":{"id":"1","statusCategory":{"key":"new"}}}}}"#;
        let push = Push {
            source: "scanner".to_owned(),
            kind: Kind::named("jira").unwrap(),
            body: issue.as_bytes().to_vec(),
            encoding: None,
            attributes: BTreeMap::new(),
            delivery: None,
            origin: Origin::default(),
        };
        let pushed = desk.services.push(&desk.granted::<proof::EventsWrite>(), push).await.unwrap();
        assert_eq!(pushed.receipt.quarantined, 1, "{:?}", pushed.receipt);
        assert_eq!(refusal(release(&desk, 1, Release::AsIs).await), "naive_time");
        let zoned = r#"{"zone": "Europe/Madrid"}"#;
        save(&desk, SourcePlan { settings: serde_json::from_str(zoned).unwrap(), ..SourcePlan::usual("jira") }).await;
        assert_eq!(release(&desk, 1, Release::AsIs).await.unwrap().accepted, 1);
        agrees(&desk).await;
    }

    async fn the_page_knows_what_is_possible_for_a_line_and_why_the_rest_is_not(place) {
        let desk = Desk::open(place).await;
        save(&desk, table("")).await;
        import(&desk, Some(table("")), ROWS).await.unwrap();
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        let deeds = |quality: service::question::quality::Quality| -> Vec<(bool, bool)> {
            quality.deeds.iter().map(|deeds| (deeds.release, deeds.as_low)).collect()
        };
        let before = desk.services.quality(&caller, &QualityAsk::default()).await.unwrap();
        assert!(before.deeds[0].why_not.contains("offset"), "{}", before.deeds[0].why_not);
        assert_eq!(deeds(before), [(false, false), (false, false), (false, true), (false, true)]);
        save(&desk, table(MADRID)).await;
        let after = desk.services.quality(&caller, &QualityAsk::default()).await.unwrap();
        assert_eq!(deeds(after), [(true, false), (true, false), (false, true), (false, true)]);
    }
}
