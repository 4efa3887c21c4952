//! Does every figure say what it is?

use axum::http::StatusCode;
use serde_json::Value;
use service::identity::scope::Scope;

use crate::support::{EVENT, TestApp, post};

/// The objects that are figures, wherever they stand in an answer.
fn figures<'a>(answer: &'a Value, found: &mut Vec<&'a Value>) {
    match answer {
        Value::Object(fields) if fields.contains_key("state") && fields.contains_key("value") => found.push(answer),
        Value::Object(fields) => fields.values().for_each(|field| figures(field, found)),
        Value::Array(all) => all.iter().for_each(|one| figures(one, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_the_interface_names_an_entry_of_the_catalogue() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    app.ask(&token, post("/api/v1/events", "application/json", EVENT)).await;
    for path in ["/api/v1/gap", "/api/v1/clocks"] {
        let answer = app.get(&token, path).await.json();
        let mut found = Vec::new();
        figures(&answer, &mut found);
        assert!(found.len() > 5, "{path}: {answer}");
        for figure in found {
            let id = figure["metric"].as_str().unwrap();
            let entry = app.get(&token, &format!("/api/v1/metrics/{id}")).await;
            assert_eq!((entry.status, entry.json()["id"].as_str()), (StatusCode::OK, Some(id)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_says_all_it_must_of_each_figure() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadApi]).await;
    let catalogue = app.get(&token, "/api/v1/metrics").await.json();
    let entries = catalogue["metrics"].as_array().unwrap();
    assert_eq!(entries.len(), metrics::catalogue::entries().count());
    for entry in entries {
        for field in ["id", "name", "definition", "denominator", "unit", "direction", "shown"] {
            assert!(!entry[field].as_str().unwrap().is_empty(), "{field} of {entry}");
        }
        assert!(entry["version"].as_u64().unwrap() >= 1 && !entry["example"]["words"].as_str().unwrap().is_empty());
    }
    let unknown = app.get(&token, "/api/v1/metrics/nothing").await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn techniques_and_playbooks_narrow_every_question() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let tied = EVENT.replace('}', ",\"technique\":[\"T1078.004\"],\"playbook\":\"ransomware\"}");
    let other = EVENT.replace("e1", "e2").replace("CVE-1@host", "CVE-2@host");
    app.ask(&token, post("/api/v1/events", "application/x-ndjson", format!("{tied}\n{other}\n"))).await;
    for (narrow, count) in [("technique=T1078", 1), ("technique=T1079", 0), ("playbook=ransomware", 1), ("team=", 2)] {
        let listed = app.get(&token, &format!("/api/v1/items?{narrow}")).await.json();
        assert_eq!(listed["basis"]["items"], count, "{narrow}");
        let analysed = app.get(&token, &format!("/api/v1/analysis?{narrow}")).await.json();
        assert_eq!(analysed["item_count"], count, "{narrow}");
    }
}

/// What the tool showed on a past day is asked of that day: a ticket of March, on time then and late in June.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_ticket_tool_showed_is_answered_for_any_past_day() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let lines: String = (1..=12)
        .flat_map(|number| ["detected", "ticketed"].map(|event| (number, event)))
        .map(|(number, event)| {
            format!("{{\"id\":\"{number}-{event}\",\"item_id\":\"item-{number}\",\"event\":\"{event}\",\"at\":\"2026-03-{number:02}T10:00:00Z\",\"severity\":\"low\"}}\n")
        })
        .collect();
    app.ask(&token, post("/api/v1/events", "application/x-ndjson", lines)).await;
    for (as_of, in_time) in [("2026-03-13T00:00:00Z", 12), ("2026-06-30T00:00:00Z", 0)] {
        let gap = app.get(&token, &format!("/api/v1/gap?as_of={as_of}")).await.json();
        assert_eq!(gap["running_records"], serde_json::json!({ "part": in_time, "of": 12 }), "{as_of}");
        let listed = app.get(&token, &format!("/api/v1/items?as_of={as_of}&set=shown_in_time")).await.json();
        assert_eq!(listed["basis"]["items"], in_time, "{as_of}");
        let running = app.get(&token, &format!("/api/v1/items?as_of={as_of}&set=clock_runs")).await.json();
        assert_eq!(running["items"][0]["sla_shown_in_time"], in_time == 12);
        assert!(running["items"][0]["sla_seconds_running"].as_i64().unwrap() > 0);
    }
    let wrong = app.get(&token, "/api/v1/items?set=green").await;
    assert_eq!((wrong.status, wrong.code()), (StatusCode::UNPROCESSABLE_ENTITY, "bad_parameter".to_owned()));
}

/// The word of the ticket tool is kept with its day: it stands as it was on every day that is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_ticket_tool_says_itself_is_answered_for_any_past_day() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let said = |number: u32, event: &str, day: &str, verdict: &str| {
        format!(
            "{{\"id\":\"{number}-{event}\",\"item_id\":\"item-{number}\",\"event\":\"{event}\",\"at\":\"{day}T10:00:00Z\",\"reported_sla\":\"{verdict}\"}}\n"
        )
    };
    let lines: String = (1..=10)
        .flat_map(|number| {
            [
                said(number, "ticketed", "2026-03-01", "running"),
                said(number, "closed", "2026-03-05", "met"),
                said(number, "seen", "2026-03-09", "breached"),
            ]
        })
        .collect();
    app.ask(&token, post("/api/v1/events", "application/x-ndjson", lines)).await;
    for (as_of, verdict, share) in
        [("2026-03-03", "running", None), ("2026-03-07", "met", Some(1.0)), ("2026-03-20", "breached", Some(0.0))]
    {
        let view = format!("as_of={as_of}T00:00:00Z");
        let gap = app.get(&token, &format!("/api/v1/gap?{view}")).await.json();
        assert_eq!(gap["claimed"]["metric"], "sla_reported_percent");
        assert_eq!(
            (gap["claimed"]["value"].as_f64(), &gap["claims"][verdict]),
            (share, &serde_json::json!(10)),
            "{as_of}"
        );
        let item = app.get(&token, &format!("/api/v1/items/item-1?{view}")).await.json();
        assert_eq!(item["reported_sla"], verdict, "{as_of}");
        let listed = app.get(&token, &format!("/api/v1/items?{view}&set=tool_{verdict}")).await.json();
        assert_eq!(listed["basis"]["items"], 10, "{as_of}");
    }
}
