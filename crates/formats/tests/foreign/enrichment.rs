//! What the world says of weaknesses: the KEV catalogue and EPSS scores.

use crate::told::{Told, told, try_told};
use domain::enrichment::{Enriched, Feed, FeedKind, KevEntry};
use formats::foreign::{EpssSettings, Settings, kev_copy_old};

fn catalogue(entries: &str) -> Told {
    let text = format!(
        r#"{{"title":"CISA","catalogVersion":"2026.03.01","dateReleased":"2026-03-01T14:00:00.0000Z","count":1,"vulnerabilities":[{entries}]}}"#
    );
    told("kev-json", &Settings::default(), &text)
}

const ENTRY: &str = r#"{"cveID":"CVE-2026-1234","vendorProject":"v","dateAdded":"2026-02-01","dueDate":"2026-02-22","knownRansomwareCampaignUse":"Known"}"#;

fn entry([added_on, due_on]: [&str; 2]) -> Option<Enriched> {
    let (added_on, due_on) = (added_on.parse().ok()?, due_on.parse().ok());
    Some(Enriched::Kev(KevEntry { cve: "CVE-2026-1234".into(), added_on, due_on, ransomware: Some(true) }))
}

const DAYS: [&str; 2] = ["2026-02-01", "2026-02-22"];

#[test]
fn the_catalogue_says_what_is_exploited_and_of_which_day_it_is() {
    let told = catalogue(ENTRY);
    assert_eq!((told.enriched.len(), told.enriched.first()), (1, entry(DAYS).as_ref()));
    let feed = told.feed.unwrap();
    let published_on = "2026-03-01".parse().unwrap();
    assert_eq!(feed, Feed { kind: FeedKind::Kev, version: Some("2026.03.01".into()), published_on });
    assert!(told.events.is_empty() && told.held.is_empty() && told.met.is_empty());
}

#[test]
fn the_catalogue_as_a_table_is_as_new_as_what_was_added_last() {
    let text = "cveID,vendorProject,dateAdded,dueDate,knownRansomwareCampaignUse\nCVE-2026-1234,v,2026-02-01,2026-02-22,Known\ncve-2025-1000,v,2026-01-01,,Unknown\n";
    let told = told("kev-csv", &Settings::default(), text);
    assert_eq!(told.enriched.first(), entry(DAYS).as_ref());
    let Enriched::Kev(second) = &told.enriched[1] else { panic!("{told:?}") };
    assert_eq!((second.cve.as_str(), second.due_on, second.ransomware), ("CVE-2025-1000", None, None));
    assert_eq!(told.feed.unwrap().published_on.to_string(), "2026-02-01");
}

#[test]
fn an_entry_that_is_due_before_it_was_added_is_held() {
    let told = catalogue(&ENTRY.replace("2026-02-22", "2026-01-22"));
    assert!(told.enriched.is_empty() && told.held[0].starts_with("due_before_added"), "{told:?}");
    assert_eq!(told.met.get("due_before_added"), Some(&1));
}

#[test]
fn an_entry_without_an_id_or_a_day_is_held() {
    let broken = [
        ENTRY.replace("CVE-2026-1234", "GHSA-1"),
        ENTRY.replace("dateAdded", "added"),
        ENTRY.replace("2026-02-01", "02/01/2026"),
    ];
    let told = catalogue(&broken.join(","));
    let reasons: Vec<&str> = told.held.iter().filter_map(|held| held.split(':').next()).collect();
    assert_eq!(reasons, ["bad_identifier", "missing_field", "bad_value"]);
}

#[test]
fn a_copy_of_the_catalogue_older_than_thirty_days_is_told() {
    let feed = catalogue(ENTRY).feed.unwrap();
    assert_eq!(kev_copy_old(&feed, "2026-03-31".parse().unwrap()), None);
    let (rule, what) = kev_copy_old(&feed, "2026-04-01".parse().unwrap()).unwrap();
    assert_eq!((rule.as_str(), what.as_str()), ("kev_copy_old", "published on 2026-03-01"));
}

const SCORES: &str = "cve,epss,percentile\nCVE-2026-1234,0.00043,0.12345\nCVE-2026-1235,1.5,0.2\nnothing,0.1,0.2\n";

#[test]
fn scores_are_of_the_day_their_first_line_says() {
    let text = format!("#model_version:v2026.03.14,score_date:2026-03-01T00:00:00+0000\n{SCORES}");
    let told = told("epss", &Settings::default(), &text);
    let Enriched::Epss(score) = &told.enriched[0] else { panic!("{told:?}") };
    assert_eq!((score.score.get(), score.percentile.get()), (430_000, 123_450_000));
    let feed = told.feed.unwrap();
    assert_eq!((feed.published_on.to_string().as_str(), feed.version.as_deref()), ("2026-03-01", Some("v2026.03.14")));
    assert_eq!(told.held.len(), 2, "{:?}", told.held);
}

#[test]
fn scores_without_a_day_are_held_until_somebody_says_it() {
    let told = told("epss", &Settings::default(), SCORES);
    assert_eq!((told.held.len(), told.enriched.len(), told.met.get("epss_without_date")), (1, 0, Some(&1)));
    assert!(told.held[0].starts_with("epss_without_date"), "{told:?}");
    assert_eq!((told.no_event.get("score without a date"), told.feed), (Some(&2), None));
    let said = |day: &str| Settings { epss: EpssSettings { score_date: Some(day.into()) }, ..Settings::default() };
    assert_eq!(
        crate::told::told("epss", &said("2026-03-02"), SCORES).feed.unwrap().published_on.to_string(),
        "2026-03-02"
    );
    assert_eq!(try_told("epss", &said("soon"), SCORES).unwrap_err().code(), "bad_setting");
}
