//! Do the commands that keep registers, drills and feeds say what they did, also beside a running server?

use crate::canary::Serving;
use crate::command::{text, wallclock};
use crate::support::Folder;

fn json(output: &std::process::Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_register_is_put_listed_and_put_again_beside_a_server() {
    let folder = Folder::new();
    let put =
        |body: &str, more: &[&str]| wallclock(&folder, &[&["register", "put", "people", "-"], more].concat(), body);
    let first = json(&put("id,team,valid_from\nada,soc,2026-01-01\n", &["--json"]));
    assert_eq!((&first["version"], &first["rows"], &first["unchanged"]), (&1.into(), &1.into(), &false.into()));
    let server = Serving::start(&folder, &[]);
    let second = text(&put("id,team,shoe\nada,apps,44\nbo,,\n", &[]).stdout);
    assert_eq!(second, "people: kept as version 2, 2 rows\n  the column `shoe` is not of this register\n");
    let same = text(&put("id,team\nada,apps\nbo,\n", &[]).stdout);
    assert_eq!(same, "people: unchanged since version 2, 2 rows\n");
    let listed = text(&wallclock(&folder, &["register", "list"], "").stdout);
    assert!(listed.contains("people  version 2, 2 rows, ") && listed.contains("teams  never uploaded\n"), "{listed}");
    server.stop();
    let wrong = put("id,joined_on\nada,soon\n", &[]);
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0));
    assert!(text(&wrong.stderr).contains("row 1, `joined_on`: "), "{}", text(&wrong.stderr));
    let unknown = wallclock(&folder, &["register", "put", "colours", "-"], "id\nred\n");
    let said = text(&unknown.stderr);
    assert!(unknown.status.code() == Some(2) && said.contains("known are people"), "{said}");
    assert!(wallclock(&folder, &["verify"], "").status.success());
}

#[test]
fn a_drill_is_put_once() {
    let folder = Folder::new();
    let drill = r#"{"id":"D-1","type":"tabletop","scenario":"ransom","started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:00:00Z","findings":[{"id":"F-1"}]}"#;
    let put = |body: &str| wallclock(&folder, &["drill", "put", "-"], body);
    let first = put(drill);
    let says = "D-1: kept as version 1\n1 events of findings received = 1 accepted + 0 duplicate + 0 held\nrule fingerprint_missing: 1 times\n";
    assert_eq!(text(&first.stdout), says, "{}", text(&first.stderr));
    let again = text(&put(drill).stdout);
    assert!(
        again.starts_with("D-1: unchanged since version 1\n1 events of findings received = 0 accepted + 1"),
        "{again}"
    );
    let wrong = put(&drill.replace("T11:00:00Z", "T09:00:00Z"));
    let said = text(&wrong.stderr);
    assert!(wrong.status.code() == Some(2) && said.contains("record 1, `ended_at`: "), "{said}");
    assert!(wallclock(&folder, &["verify"], "").status.success());
}

#[test]
fn a_feed_is_kept_by_its_day_and_an_import_points_to_the_command() {
    let folder = Folder::new();
    let kev = r#"{"catalogVersion":"1","dateReleased":"2026-03-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-02-01","dueDate":"2026-02-22"},
{"cveID":"CVE-2026-0002","dateAdded":"2026-02-01","dueDate":"2026-01-22"}]}"#;
    let file = folder.path().join("kev.json");
    std::fs::write(&file, kev).unwrap();
    let file = file.to_str().unwrap();
    let first = text(&wallclock(&folder, &["enrich", file], "").stdout);
    assert!(first.starts_with("kev of 2026-03-01: 2 received = 1 kept + 1 held; 1 changed\n"), "{first}");
    assert!(
        first.contains("rule due_before_added: 1 times") && first.contains("line 2: due_before_added: "),
        "{first}"
    );
    let again = json(&wallclock(&folder, &["enrich", "-", "--json"], kev));
    assert_eq!((&again["unchanged"], &again["received"], &again["held"]), (&true.into(), &2.into(), &1.into()));
    let scores = "cve,epss,percentile\nCVE-2026-0001,0.1,0.2\n";
    let undated = wallclock(&folder, &["enrich", "-"], scores);
    assert!(undated.status.code() == Some(2) && text(&undated.stderr).contains("--date"), "{}", text(&undated.stderr));
    let dated = text(&wallclock(&folder, &["enrich", "-", "--date", "2026-03-01"], scores).stdout);
    assert!(dated.starts_with("epss of 2026-03-01: 1 received = 1 kept + 0 held"), "{dated}");
    let imported = wallclock(&folder, &["import", file, "--format", "kev-json"], "");
    let said = text(&imported.stderr);
    assert!(imported.status.code() == Some(2) && said.contains("wallclock enrich"), "{said}");
    assert!(wallclock(&folder, &["verify"], "").status.success());
}
