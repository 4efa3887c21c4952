//! What does a draft ask, and what does it keep? On both engines, from the file to the saved mapping and back.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails right there"
)]

mod support;

use formats::foreign::Settings;
use service::{
    authorise::proof,
    draft::{Answers, Brought, Fixed, Look, Reception, RowFilter, RowTest, plan_in_words},
    identity::record::Origin,
    ingest::{FileSaid, ImportSummary, LookFirst, ReceivedAt, SourcePlan},
};
use std::sync::Arc;
use support::{Desk, refusal as code};

const ISSUES: &str = "Issue key,Issue id,Created,Updated,Status,Status Category,Priority\n\
                      A-1,1,2026-03-01 10:00,2026-03-03 10:00,Parked,In Progress,High\n\
                      A-2,2,2026-03-01 10:00,2026-03-03 10:00,Geschafft,,Sev 1\n\
                      A-3,3,2026-03-01 10:00,2026-03-03 10:00,Geschafft,,High\n";

async fn bring(desk: &Desk, text: &str, format: &str) -> Reception {
    let folder = desk.place.folder.path();
    std::fs::write(folder.join("brought"), text).unwrap();
    let file = std::fs::File::open(folder.join("brought")).unwrap();
    let said = FileSaid { format: format.to_owned(), ..FileSaid::default() };
    let (name, source, received_at) = ("export.csv".into(), "scanner".into(), ReceivedAt::Stamped);
    let brought = Brought { file, name, source, said, received_at };
    desk.services.receive(&desk.granted::<proof::ImportsWrite>(), brought).await.unwrap()
}

async fn drafted(desk: &Desk, text: &str, format: &str) -> String {
    match bring(desk, text, format).await {
        Reception::Drafted(id) => id,
        Reception::AtOnce { .. } | Reception::Feed(_) => panic!("it would not wait"),
    }
}

async fn look(desk: &Desk, id: &str) -> Look {
    desk.services.draft(&desk.granted::<proof::ImportsWrite>(), id).await.unwrap()
}

async fn say(desk: &Desk, id: &str, change: impl FnOnce(&mut Answers)) -> Look {
    let mut answers = look(desk, id).await.draft.answers;
    change(&mut answers);
    desk.services.answer_draft(&desk.granted::<proof::ImportsWrite>(), id, answers).await.unwrap();
    look(desk, id).await
}

async fn take(desk: &Desk, id: &str) -> Result<ImportSummary, service::ServiceError> {
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import_draft(&granted, id, Origin::default(), Arc::new(|_| {})).await
}

/// The words of a list: what people read, what was said, what is usual.
fn words<'a>(look: &'a Look, list: &str) -> Vec<(&'a str, &'a str, &'a str)> {
    let found = look.words.iter().find(|words| words.name == list).unwrap();
    found.words.iter().map(|word| (word.words.as_str(), word.said.as_str(), word.usual.as_str())).collect()
}

fn asks(look: &Look) -> String {
    look.asks.iter().map(|ask| format!("{}: {}", ask.place, ask.what)).collect::<Vec<_>>().join("\n")
}

async fn saved(desk: &Desk) -> SourcePlan {
    desk.services.plan_of(&desk.granted::<proof::ImportsWrite>(), "scanner").await.unwrap().unwrap().plan
}

/// A table of own words, whose last row alone says one of them.
fn long_table() -> String {
    let mut text = "Regel;Rechner;Stufe;Stand;Gefunden;Erledigt\n".to_owned();
    for row in 0..2_500 {
        let state = if row == 2_499 { "Verschoben" } else { "Open" };
        text.push_str(&format!("R{row};web;hoch;{state};2026-03-01T10:00:00Z;\n"));
    }
    text
}

/// What the first columns of the tables above and below mean.
fn roles() -> std::collections::BTreeMap<usize, String> {
    ["weakness", "asset", "severity", "status", "detected"].map(str::to_owned).into_iter().enumerate().collect()
}

fn fixed(role: &str, value: &str) -> Fixed {
    Fixed { role: role.to_owned(), value: value.to_owned() }
}

fn filter(column: &str, test: RowTest, words: &[&str]) -> RowFilter {
    RowFilter { column: column.to_owned(), test, words: words.iter().map(|word| (*word).to_owned()).collect() }
}

fn settings(json: &str) -> Settings {
    serde_json::from_str(json).unwrap()
}

on_both_engines! {
    async fn a_known_tool_is_asked_what_its_own_words_mean_and_the_answer_is_saved(place) {
        let desk = Desk::open(place).await;
        let id = drafted(&desk, ISSUES, "").await;
        let first = look(&desk, &id).await;
        assert_eq!(first.draft.answers.format, "jira");
        // What nobody explained comes first; the category of the other is in the file.
        assert_eq!(words(&first, "status"), [("Geschafft", "", ""), ("Parked", "", "working")]);
        assert_eq!(words(&first, "severity"), [("Sev 1", "", ""), ("High", "", "high")]);
        assert!(asks(&first).contains("1 of 2 words of the statuses, met 2 times, mean nothing yet"), "{}", asks(&first));
        assert!(!first.preview.as_ref().unwrap().events.contains_key("closed"));
        let said = say(&desk, &id, |answers| {
            answers.zone = "Europe/Berlin".into();
            answers.statuses.insert("Geschafft".into(), "fixed".into());
            answers.statuses.insert("Parked".into(), "waiting:vendor".into());
            answers.severities.insert("Sev 1".into(), "critical".into());
        }).await;
        assert_eq!(said.preview.as_ref().unwrap().events.get("closed"), Some(&2), "the preview shows the effect");
        assert_eq!(words(&said, "status")[0], ("Geschafft", "fixed", ""));
        take(&desk, &id).await.unwrap();
        let plan = saved(&desk).await;
        assert_eq!(plan.settings.statuses.len(), 2);
        assert_eq!(plan.settings.severities["Sev 1"], "critical");
        assert!(matches!(bring(&desk, ISSUES, "").await, Reception::AtOnce { plan: Some(_), .. }));
    }

    async fn a_word_that_stands_in_the_last_row_alone_is_asked_for(place) {
        let desk = Desk::open(place).await;
        let id = drafted(&desk, &long_table(), "").await;
        let look = say(&desk, &id, |answers| answers.roles = roles()).await;
        let states = words(&look, "status");
        assert_eq!(states, [("Verschoben", "", ""), ("Open", "open", "")]);
        let table = look.table.as_ref().unwrap();
        assert!(table.spread > 100 && table.sampled == 2_000 + table.spread, "{} {}", table.sampled, table.spread);
        assert!(asks(&look).contains("1 of 2 status words, in 1 rows, mean nothing yet"), "{}", asks(&look));
    }

    async fn a_draft_begins_with_the_saved_mapping_and_loses_nothing_of_it(place) {
        let desk = Desk::open(place).await;
        let file = "Regel;Rechner;Stufe;Stand;Gefunden\nR1;web;hoch;zu;2026-03-01T10:00:00Z\n";
        let id = drafted(&desk, file, "").await;
        say(&desk, &id, |answers| {
            answers.roles = roles();
            answers.statuses.insert("zu".into(), "verified".into());
            answers.severities.insert("hoch".into(), "low".into());
        }).await;
        take(&desk, &id).await.unwrap();
        let mut plan = saved(&desk).await;
        plan.settings.null_words = vec!["leer".into()];
        plan.settings.snapshot = Some(serde_json::from_str(r#"{"complete": true, "scope": "Rechner"}"#).unwrap());
        let mapping = plan.settings.mapping.as_mut().unwrap();
        mapping.rows = vec![serde_json::from_str(r#"{"column": "Stufe", "not_in": ["egal"]}"#).unwrap()];
        desk.services.save_plan(&desk.granted::<proof::SourcesWrite>(), &Origin::default(), "scanner", plan.clone()).await.unwrap();
        // A column more, one renamed, and another order.
        let changed = "Rechner;Regel;Zustand;Stufe;Gefunden;Team\nweb;R1;zu;hoch;2026-03-01T10:00:00Z;Blau\n";
        let id = drafted(&desk, changed, "").await;
        let look = look(&desk, &id).await;
        let answers = &look.draft.answers;
        assert_eq!((answers.version, answers.gone.as_slice()), (2, ["Stand".to_owned()].as_slice()));
        assert_eq!((answers.states.as_str(), answers.scope.as_str()), ("complete", "Rechner"));
        let role = |name: &str| &look.table.as_ref().unwrap().columns.iter().find(|column| column.name == name).unwrap().role;
        assert_eq!((role("Regel").as_str(), role("Rechner").as_str(), role("Team").as_str()), ("weakness", "asset", "team"));
        assert_eq!(answers.severities["hoch"], "low", "what was said, not what is usual");
        assert_eq!(answers.statuses["zu"], "verified");
        assert_eq!(answers.null_words, ["leer"]);
        assert_eq!((answers.filters[0].column.as_str(), answers.filters[0].test), ("Stufe", RowTest::NotIn));
        let carried = look.carried.join("\n");
        assert!(!carried.contains("leer") && !carried.contains("egal"), "the page asks for it: {carried}");
        assert!(asks(&look).contains("also reads `Stand`"), "{}", asks(&look));
        say(&desk, &id, |answers| {
            let place = 2;
            answers.roles.insert(place, "status".into());
            // A list that is compared is dated by whoever exported it.
            answers.exported_at = "2026-03-02T00:00:00Z".into();
        }).await;
        take(&desk, &id).await.unwrap();
        let next = saved(&desk).await;
        assert_eq!(next.settings.null_words, plan.settings.null_words);
        assert_eq!(next.settings.snapshot, plan.settings.snapshot);
        let (before, after) = (plan.settings.mapping.unwrap(), next.settings.mapping.unwrap());
        assert_eq!(after.rows, before.rows);
        assert_eq!(after.status.as_deref(), Some("Zustand"));
    }

    async fn an_id_of_several_columns_fixed_values_and_rows_left_out_are_answered_saved_and_shown_again(place) {
        let desk = Desk::open(place).await;
        let file = "Regel;Rechner;Port;Stufe;Gefunden\n\
                    R1;web;443;hoch;2026-03-01T10:00:00Z\n\
                    R1;web;leer;hoch;2026-03-01T10:00:00Z\n\
                    R2;labor;22;hoch;2026-03-01T10:00:00Z\n\
                    R3;;22;hoch;2026-03-01T10:00:00Z\n";
        let id = drafted(&desk, file, "").await;
        let roles = [(0, "weakness"), (1, "asset"), (3, "severity"), (4, "detected")];
        let said = say(&desk, &id, |answers| {
            answers.roles = roles.map(|(place, role)| (place, role.to_owned())).into();
            answers.severities.insert("hoch".into(), "high".into());
            answers.item_id = "{Regel}/{Rechner}[:{Port}]".into();
            answers.fixed = vec![fixed("team", "Blau")];
            answers.filters = vec![filter("Rechner", RowTest::NotIn, &["Labor"])];
            answers.null_words = vec!["leer".into()];
        }).await;
        assert_eq!(asks(&said), "");
        let seen = said.preview.as_ref().unwrap();
        assert_eq!((seen.rows, seen.items, seen.events.get("detected")), (4, 2, Some(&2)));
        assert_eq!(seen.no_event["left out by the row filter"], 2);
        let items: Vec<&str> = seen.sample.iter().flat_map(|row| &row.events).map(|event| event.item.as_str()).collect();
        assert_eq!(items, ["R1/web:443", "R1/web"]);
        assert!(seen.sample[0].events[0].canonical.contains("\"team\":\"Blau\""), "{}", seen.sample[0].events[0].canonical);
        let taken = take(&desk, &id).await.unwrap();
        assert_eq!((taken.counts.received, taken.counts.accepted), (2, 2));
        let plan = saved(&desk).await;
        let words = plan_in_words(&plan);
        for (of, what) in [
            ("Id of an item", "{Regel}/{Rechner}[:{Port}]"),
            ("Team that should fix it in every row", "Blau"),
            ("Rows that count", "Rechner says something other than: Labor"),
            ("Words for nothing", "leer"),
        ] {
            assert!(words.contains(&(of.to_owned(), what.to_owned())), "{of}: {words:?}");
        }
        // The next file of the source lacks what the filter looks at.
        let next = drafted(&desk, "Regel;Host;Port;Stufe;Gefunden\nR1;web;1;hoch;2026-03-01T10:00:00Z\n", "").await;
        let again = look(&desk, &next).await;
        let answers = &again.draft.answers;
        assert_eq!(answers.item_id, "{Regel}/{Rechner}[:{Port}]");
        assert_eq!(answers.fixed, [fixed("team", "Blau")]);
        assert_eq!(answers.filters, [filter("Rechner", RowTest::NotIn, &["Labor"])]);
        assert_eq!(answers.null_words, ["leer"]);
        let open: Vec<&str> = again.asks.iter().filter(|ask| ask.blocks).map(|ask| ask.place.as_str()).collect();
        assert_eq!(open, ["item_id", "filter-0"], "{}", asks(&again));
        assert_eq!(code(take(&desk, &next).await), "mapping_needed");
    }

    async fn what_cannot_be_followed_is_said_at_its_field_and_nothing_typed_is_lost(place) {
        let desk = Desk::open(place).await;
        let file = "Regel;Rechner;Stufe;Stand;Gefunden\nR1;web;hoch;zu;2026-03-01T10:00:00Z\n";
        let id = drafted(&desk, file, "").await;
        let lines = vec![
            fixed("team", "Blau"), fixed("team", "Rot"), fixed("asset", "web"), fixed("", "web"), fixed("owner", ""),
        ];
        let filters = vec![
            filter("", RowTest::In, &["x"]), filter("Stand", RowTest::In, &[]), filter("Ort", RowTest::In, &["x"]),
        ];
        let said = say(&desk, &id, |answers| {
            answers.roles = roles();
            answers.item_id = "{Regel".into();
            (answers.fixed, answers.filters) = (lines.clone(), filters.clone());
        }).await;
        let told = asks(&said);
        for words in [
            "item_id: `{Regel` is no template: a `{` that never closes.",
            "fixed-1: “Team that should fix it” is said twice: keep one.",
            "fixed-2: “Asset: host, server, resource” stands in `Rechner` already: keep one.",
            "fixed-3: Say what `web` is.",
            "fixed-4: Say the value of “Owner” in every row.",
            "filter-0: Say which column these words stand in.",
            "filter-1: Say which words of `Stand` decide.",
            "filter-2: The table has no column `Ort`",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(said.preview.is_none(), "nothing is shown that could not be imported");
        let answers = &said.draft.answers;
        assert_eq!((&answers.fixed, &answers.filters, answers.item_id.as_str()), (&lines, &filters, "{Regel"));
        let said = say(&desk, &id, |answers| {
            answers.roles.remove(&2);
            (answers.item_id, answers.filters) = (String::new(), Vec::new());
            answers.fixed = vec![fixed("severity", "hoch")];
        }).await;
        assert!(asks(&said).contains("fixed-0: `hoch` cannot be “Severity or score”"), "{}", asks(&said));
        let said = say(&desk, &id, |answers| answers.fixed = vec![fixed("severity", "High")]).await;
        assert_eq!(asks(&said), "status-words: 1 of 1 status words, in 1 rows, mean nothing yet: rows with them tell no news of their state.");
        assert!(said.preview.unwrap().sample[0].events[0].canonical.contains("\"severity\":\"high\""));
    }

    async fn a_saved_mapping_is_looked_at_taken_out_of_force_and_kept(place) {
        let desk = Desk::open(place).await;
        let (may, granted) = (desk.granted::<proof::SourcesWrite>(), desk.granted::<proof::ImportsWrite>());
        let origin = Origin::default();
        let nothing = desk.services.forget_plan(&may, &origin, "scanner").await;
        assert!(matches!(nothing, Err(service::ServiceError::NotFound)), "{nothing:?}");
        let plan = SourcePlan { format: "jira".into(), settings: settings(r#"{"zone": "Europe/Berlin"}"#) };
        desk.services.save_plan(&may, &origin, "scanner", plan.clone()).await.unwrap();
        desk.services.look_first(&may, &origin, "scanner", LookFirst::Yes).await.unwrap();
        let id = drafted(&desk, ISSUES, "").await;
        assert_eq!(look(&desk, &id).await.draft.answers.zone, "Europe/Berlin");
        take(&desk, &id).await.unwrap();
        assert!(!saved(&desk).await.settings.look_first, "it was looked at");
        desk.services.forget_plan(&may, &origin, "scanner").await.unwrap();
        assert_eq!(desk.services.plan_of(&granted, "scanner").await.unwrap(), None);
        assert_eq!(code(desk.try_import(ISSUES.as_bytes()).await), "mapping_needed");
        let id = drafted(&desk, ISSUES, "").await;
        assert_eq!(look(&desk, &id).await.draft.answers.version, 0, "asked anew");
        let versions = desk.services.plan_versions(&granted, "scanner").await.unwrap();
        assert_eq!(versions.iter().map(|one| (one.version, one.plan.is_some())).collect::<Vec<_>>(), [
            (4, false), (3, true), (2, true), (1, true)
        ]);
        assert_eq!(versions[3].plan.as_ref(), Some(&plan));
        assert_eq!(desk.services.planned_sources(&granted).await.unwrap(), ["scanner"]);
    }

    async fn a_list_of_what_stands_is_said_to_be_complete_and_the_next_one_is_compared(place) {
        let desk = Desk::open(place).await;
        let header = "Plugin ID,Vulnerability State,First Found,Last Found,Host,Severity";
        let row = |plugin: u8| format!("{plugin},Active,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,web,High");
        let rows = |plugins: &[u8]| plugins.iter().map(|plugin| row(*plugin)).collect::<Vec<_>>().join("\n");
        let id = drafted(&desk, &format!("{header}\n{}\n", rows(&[1, 2, 3, 4, 5, 6])), "").await;
        assert_eq!(look(&desk, &id).await.draft.answers.states, "log", "nothing is concluded before a person says so");
        let said = say(&desk, &id, |answers| {
            answers.states = "complete".into();
            answers.exported_at = "2026-03-03T00:00:00Z".into();
        }).await;
        assert!(said.plan.settings.snapshot.as_ref().unwrap().complete);
        let first = take(&desk, &id).await.unwrap();
        assert!(first.notes.snapshot.is_some());
        let plan = saved(&desk).await;
        assert_eq!((plan.settings.snapshot.unwrap().complete, plan.settings.exported_at), (true, None));
    }
}
