//! Does `wallclock webhook` make, list, change and end webhooks, also beside a running server?

use std::path::PathBuf;
use std::process::Output;

use crate::canary::Serving;
use crate::command::{text, wallclock_with};
use crate::support::Folder;
use crate::webhook_kinds::{JIRA, JIRA_SIGNATURE, SECRET};

fn webhook(folder: &Folder, arguments: &[&str], input: &str) -> Output {
    wallclock_with(folder, &[], &[&["webhook"], arguments].concat(), input)
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_new_secret_stands_alone_on_standard_output_and_is_never_listed() {
    let folder = Folder::new();
    let secret = said(&webhook(&folder, &["add", "scanner", "--kind", "generic"], ""));
    assert!(secret.starts_with("whsec_") && secret.lines().count() == 1, "{secret}");
    let address = said(&webhook(&folder, &["add", "aws", "--kind", "securityhub"], ""));
    let key = address.trim().strip_prefix("/api/v1/webhooks/in/aws/").unwrap().to_owned();
    assert_eq!(key.len(), 43, "{address}");
    let given = webhook(&folder, &["add", "pages", "--kind", "pagerduty", "--secret-file", "-"], "given-by-the-tool\n");
    assert_eq!(said(&given).trim(), "/api/v1/webhooks/in/pages", "what the tool made is not shown again");
    let listed = said(&webhook(&folder, &["list"], ""));
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert_eq!(lines[0], "aws  securityhub  key (weak)  1 live  never used");
    assert_eq!(lines[2], "scanner  generic  signature  1 live  never used");
    let json = said(&webhook(&folder, &["list", "--json"], ""));
    for hidden in [&key, secret.trim().strip_prefix("whsec_").unwrap(), "given-by-the-tool"] {
        assert!(!listed.contains(hidden) && !json.contains(hidden), "{listed}{json}");
    }
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!((&first["weak"], &first["proof"]), (&true.into(), &"key".into()), "{json}");
}

#[test]
fn secrets_rotate_by_adding_and_retiring() {
    let folder = Folder::new();
    let first = said(&webhook(&folder, &["add", "scanner", "--kind", "generic"], ""));
    let second = said(&webhook(&folder, &["rotate", "scanner"], ""));
    assert!(second.starts_with("whsec_") && first != second, "{second}");
    assert_eq!(webhook(&folder, &["rotate", "scanner"], "").status.code(), Some(2), "two live at most");
    said(&webhook(&folder, &["retire", "scanner"], ""));
    assert_eq!(webhook(&folder, &["retire", "scanner"], "").status.code(), Some(2), "one stays");
    assert_eq!(said(&webhook(&folder, &["list"], "")), "scanner  generic  signature  1 live  never used\n");
    said(&webhook(&folder, &["remove", "scanner"], ""));
    assert_eq!(said(&webhook(&folder, &["list"], "")), "");
    assert!(
        said(&webhook(&folder, &["add", "scanner", "--kind", "jira", "--proof", "key"], "")).contains("/in/scanner/")
    );
}

#[test]
fn what_cannot_be_made_ends_with_two_and_a_sentence() {
    let folder = Folder::new();
    said(&webhook(&folder, &["add", "taken", "--kind", "generic"], ""));
    let wrong: [(&[&str], &str); 9] = [
        (&["add", "a", "--kind", "slack"], ""),
        (&["add", "a", "--kind", "github", "--proof", "key"], ""),
        (&["add", "a", "--kind", "github", "--proof", "trust"], ""),
        (&["add", "Not A Source", "--kind", "github"], ""),
        (&["add", "taken", "--kind", "github"], ""),
        (&["add", "a", "--kind", "github", "--secret-file", "-"], "short\n"),
        (&["add", "a", "--kind", "securityhub", "--secret-file", "-"], "long-enough-but-no-key-of-ours\n"),
        (&["add", "a", "--kind", "github", "--secret-file", "/nowhere/secret"], ""),
        (&["rotate", "nobody"], ""),
    ];
    for (arguments, input) in wrong {
        let output = webhook(&folder, arguments, input);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
}

fn key_file(folder: &Folder) -> PathBuf {
    folder.path().join("data/keys/data.key")
}

#[test]
fn another_data_key_or_none_ends_with_seventy_eight_and_names_the_key() {
    let folder = Folder::new();
    said(&webhook(&folder, &["add", "aws", "--kind", "securityhub"], ""));
    assert!(!key_file(&folder).exists(), "a hash needs no key");
    said(&webhook(&folder, &["add", "scanner", "--kind", "generic"], ""));
    let right = std::fs::read(key_file(&folder)).unwrap();
    let refused = |what: &str| {
        for arguments in [&["webhook", "list"][..], &["import", "-"]] {
            let output = wallclock_with(&folder, &[], arguments, crate::support::EVENT);
            assert_eq!(output.status.code(), Some(78), "{what} {arguments:?}: {}", text(&output.stderr));
            assert!(text(&output.stderr).contains("data key"), "{}", text(&output.stderr));
        }
    };
    // 32 zero bytes; `sha256(b"wallclock/data-key/1\0" + bytes(32)).hexdigest()` begins with eb13a1f4.
    std::fs::write(key_file(&folder), format!("{}\n", "A".repeat(43))).unwrap();
    refused("another key");
    let output = webhook(&folder, &["list"], "");
    assert!(text(&output.stderr).contains("`eb13a1f4`"), "{}", text(&output.stderr));
    std::fs::write(key_file(&folder), "no key").unwrap();
    refused("no key");
    std::fs::remove_file(key_file(&folder)).unwrap();
    refused("a key that is gone");
    std::fs::write(key_file(&folder), &right).unwrap();
    refused("a key that others may read");
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(key_file(&folder), own).unwrap();
    assert_eq!(said(&webhook(&folder, &["list"], "")).lines().count(), 2);
}

#[test]
fn a_webhook_that_is_made_beside_a_running_server_receives() {
    let folder = Folder::new();
    let server = Serving::start(&folder, &[]);
    let added = webhook(&folder, &["add", "tickets", "--kind", "jira", "--secret-file", "-"], SECRET);
    assert_eq!(said(&added), "/api/v1/webhooks/in/tickets\n");
    let headers = format!("content-type: application/json\r\nx-hub-signature: {JIRA_SIGNATURE}\r\n");
    let answer = server.ask("POST", "/api/v1/webhooks/in/tickets", &headers, JIRA);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"accepted\":2"), "{answer}");
    let wrong = server.ask("POST", "/api/v1/webhooks/in/tickets", "x-hub-signature: sha256=00\r\n", JIRA);
    assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
    let log = server.stop();
    assert!(log.iter().any(|line| line.contains("\"caller\":\"webhook:1\"")), "{log:?}");
    assert!(log.iter().any(|line| line.contains("webhook_refused") && line.contains("tickets")), "{log:?}");
    assert!(log.iter().all(|line| !line.contains(SECRET) && !line.contains(&JIRA_SIGNATURE[7..])), "{log:?}");
}
