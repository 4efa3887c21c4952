//! Alerts of GitHub.

use crate::told::{Told, told, try_told};
use formats::foreign::Settings;

fn read(file: &str) -> Told {
    told("github", &Settings::default(), file)
}

fn dependency(state: &str, rest: &str) -> String {
    format!(
        r#"{{"number":4,"state":"{state}","dependency":{{"package":{{"ecosystem":"npm","name":"lodash"}},"manifest_path":"web/package-lock.json"}},"security_advisory":{{"ghsa_id":"GHSA-1","cve_id":"CVE-2026-1","severity":"high"}},"security_vulnerability":{{"severity":"critical","first_patched_version":{{"identifier":"5.0.1"}}}},{rest}"html_url":"https://github.com/acme/shop/security/dependabot/4","created_at":"2026-03-01T10:00:00Z","updated_at":"2026-03-04T10:00:00Z"}}"#
    )
}

fn code(state: &str, rest: &str) -> String {
    format!(
        r#"{{"number":5,"state":"{state}","rule":{{"id":"js/xss","severity":"error","security_severity_level":"medium"}},"tool":{{"name":"CodeQL"}},{rest}"url":"https://api.github.com/repos/acme/shop/code-scanning/alerts/5","created_at":"2026-03-01T10:00:00Z"}}"#
    )
}

fn secret(state: &str, rest: &str) -> String {
    format!(
        r#"{{"number":6,"state":"{state}","secret_type":"aws_key","secret":"AKIA-not-for-anybody",{rest}"repository":{{"full_name":"acme/shop"}},"created_at":"2026-03-01T10:00:00Z"}}"#
    )
}

const ITEM: &str = "GHSA-1:lodash@acme/shop:web/package-lock.json";

#[test]
fn an_alert_of_each_kind_is_found_when_it_was_created() {
    for (file, item, part) in [
        (dependency("open", ""), ITEM, r#""severity":"critical""#),
        (code("open", ""), "js/xss#5@acme/shop", r#""severity":"medium""#),
        (secret("open", ""), "aws_key#6@acme/shop", r#""kind":"posture""#),
    ] {
        let told = read(&file);
        assert_eq!(told.events, [format!("{item} detected 2026-03-01T10:00:00Z")]);
        assert!(told.canonical[0].contains(part) && told.canonical[0].contains(r#""asset":"acme/shop""#), "{told:?}");
        assert!(told.met.is_empty() && told.held.is_empty(), "{told:?}");
    }
    let told = read(&dependency("open", ""));
    assert!(told.canonical[0].contains(r#""cve":["CVE-2026-1"]"#) && told.canonical[0].contains(r#""patch":"5.0.1""#));
}

#[test]
fn a_secret_never_leaves_its_record() {
    let told = read(&secret("resolved", r#""resolution":"revoked","resolved_at":"2026-03-02T10:00:00Z","#));
    assert!(told.canonical.iter().all(|text| !text.contains("AKIA")), "{told:?}");
}

#[test]
fn what_the_platform_no_longer_finds_is_verified() {
    for file in [
        dependency("fixed", r#""fixed_at":"2026-03-03T10:00:00Z","#),
        code("fixed", r#""fixed_at":"2026-03-03T10:00:00Z","#),
    ] {
        let told = read(&file);
        assert!(told.events[1].ends_with(" fix_applied 2026-03-01T10:00:00Z..2026-03-03T10:00:00Z"), "{told:?}");
        assert!(told.events[2].ends_with(" verified 2026-03-03T10:00:00Z"), "{told:?}");
        assert!(told.canonical[2].contains(r#""method":"rescan""#), "{told:?}");
    }
    let told = read(&dependency("fixed", r#""fixed_at":null,"#));
    assert_eq!(told.met.get("no_closing_date"), Some(&1));
}

#[test]
fn exceptions_by_another_name_are_exceptions() {
    for (reason, code) in [("no_bandwidth", "capacity"), ("tolerable_risk", "tolerable"), ("not_used", "context")] {
        let told = read(&dependency(
            "dismissed",
            &format!(
                r#""dismissed_at":"2026-03-03T10:00:00Z","dismissed_by":{{"login":"kim"}},"dismissed_reason":"{reason}","dismissed_comment":"later","#
            ),
        ));
        assert_eq!(told.events[1..], [format!("{ITEM} exception_granted 2026-03-03T10:00:00Z")]);
        for part in [&format!(r#""reason_code":"{code}""#), r#""actor":"kim""#, r#""reason":"later""#] {
            assert!(told.canonical[1].contains(part), "{part}: {told:?}");
        }
        assert_eq!(told.met.get("accepted_without_end"), Some(&1));
    }
    let told = read(&dependency("auto_dismissed", r#""auto_dismissed_at":"2026-03-03T10:00:00Z","#));
    assert_eq!(told.events[1..], [format!("{ITEM} exception_granted 2026-03-03T10:00:00Z")]);
}

#[test]
fn a_long_comment_is_cut_and_its_event_stays() {
    let comment = "é".repeat(2_500);
    let told = read(&dependency(
        "dismissed",
        &format!(
            r#""dismissed_at":"2026-03-03T10:00:00Z","dismissed_reason":"no_bandwidth","dismissed_comment":"{comment}","#
        ),
    ));
    assert!(told.held.is_empty() && told.canonical[1].contains("é…"), "{told:?}");
}

#[test]
fn other_reasons_come_to_what_they_are() {
    let names = |file: &str| {
        let told = read(file);
        told.events.iter().skip(1).map(|event| event.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let dismissed = |reason: &str| {
        code("dismissed", &format!(r#""dismissed_at":"2026-03-03T10:00:00Z","dismissed_reason":{reason},"#))
    };
    assert_eq!(names(&dismissed(r#""false positive""#)), ["false_positive"]);
    assert_eq!(names(&dismissed(r#""won't fix""#)), ["exception_granted"]);
    assert_eq!(names(&dismissed(r#""used in tests""#)), ["exception_granted"]);
    assert_eq!(names(&dismissed(r#""fix_started""#)), ["work_started", "closed"]);
    assert_eq!(names(&dismissed("null")), ["closed"]);
    let resolved =
        |reason: &str| secret("resolved", &format!(r#""resolved_at":"2026-03-03T10:00:00Z","resolution":"{reason}","#));
    assert_eq!(names(&resolved("revoked")), ["fix_applied", "closed"]);
    assert_eq!(names(&resolved("pattern_deleted")), ["closed"]);
    assert_eq!(read(&resolved("pattern_deleted")).met.get("closed_check_disabled"), Some(&1));
}

#[test]
fn the_text_none_is_nothing() {
    let told = read(&dependency(
        "dismissed",
        r#""dismissed_at":"2026-03-03T10:00:00Z","dismissed_by":"None","dismissed_reason":"None","dismissed_comment":"None","#,
    ));
    assert_eq!(told.events[1..], [format!("{ITEM} closed 2026-03-03T10:00:00Z")]);
    assert!(!told.canonical[1].contains("None"), "{told:?}");
    assert_eq!(told.met.get("null_word"), Some(&2));
    let told = read(&dependency("open", "").replace("CVE-2026-1", "None"));
    assert!(!told.canonical[0].contains("cve"), "{told:?}");
}

#[test]
fn unknown_words_are_counted_until_somebody_says_what_they_mean() {
    let file = code("dismissed", r#""dismissed_at":"2026-03-03T10:00:00Z","dismissed_reason":"because","#);
    let told = read(&file);
    assert_eq!(told.events.len(), 1);
    assert_eq!(told.no_event.get("status `because`"), Some(&1));
    assert_eq!(told.met.get("status_unknown"), Some(&1));
    let mut settings = Settings::default();
    settings.statuses.insert("because".to_owned(), "closed".to_owned());
    assert!(crate::told::told("github", &settings, &file).events[1].contains(" closed "));
    assert_eq!(read(&code("sleeping", "")).met.get("status_unknown"), Some(&1));
}

#[test]
fn a_mapped_state_that_nothing_dates_is_held() {
    let mut settings = Settings::default();
    settings.statuses.insert("sleeping".to_owned(), "paused".to_owned());
    let told = crate::told::told("github", &settings, &code("sleeping", ""));
    assert_eq!(told.held, ["missing_field: nothing says when `sleeping` came about: no `updated_at`"]);
    let dated = crate::told::told("github", &settings, &dependency("sleeping", ""));
    assert!(dated.events[1].ends_with(" paused 2026-03-01T10:00:00Z..2026-03-04T10:00:00Z"), "{dated:?}");
}

#[test]
fn pages_put_together_and_lines_are_read() {
    let (one, two) = (dependency("open", ""), secret("open", ""));
    for file in
        [format!("[{one},{two}]"), format!("[[{one}],[{two}],[]]"), format!("{one}\n{two}"), one.clone() + "\n" + &two]
    {
        assert_eq!(read(&file).events.len(), 2, "{file}");
    }
}

#[test]
fn bad_alerts_are_held_and_broken_files_say_where() {
    let told = read(&dependency("open", "").replace("https://github.com/acme/shop/security/dependabot/4", ""));
    assert_eq!(told.held, ["missing_field: no `repository.full_name`"]);
    let told = read(&dependency("open", "").replace(r#""created_at":"2026-03-01T10:00:00Z","#, ""));
    assert_eq!(told.held, ["missing_field: no `created_at`"]);
    let told = read(&dependency("fixed", r#""fixed_at":"2026-02-03T10:00:00Z","#));
    assert!(told.held[0].starts_with("ends_before_start"), "{told:?}");
    let whole = dependency("open", "");
    let cut = format!("[{whole},{}", &whole[..30]);
    assert_eq!(try_told("github", &Settings::default(), &cut).unwrap_err().code(), "json_syntax");
    let mixed = read(&format!("[{whole},{{\"other\":1}}]"));
    assert!(mixed.held[0].starts_with("unreadable"), "{mixed:?}");
}
