//! Does the command say what scripts rely on? Data on standard output, words on standard error, and the exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::canary::Serving;
use crate::support::Folder;

pub(crate) fn wallclock(folder: &Folder, arguments: &[&str], input: &str) -> Output {
    wallclock_with(folder, &[], arguments, input)
}

pub(crate) fn wallclock_with(folder: &Folder, variables: &[(&str, &str)], arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wallclock"))
        .args(arguments)
        .env_clear()
        .env("WALLCLOCK_DATA_DIR", folder.path().join("data"))
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A command that reads nothing closes early; that is its right.
    drop(pipe.write_all(input.as_bytes()));
    drop(pipe);
    child.wait_with_output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_sample_imported_twice_is_all_duplicates_and_verifies() {
    let folder = Folder::new();
    let sample = wallclock(&folder, &["sample", "--seed", "3", "--items", "60"], "");
    assert!(sample.status.success(), "{}", text(&sample.stderr));
    let events = text(&sample.stdout);
    let import = || {
        let output = wallclock(&folder, &["import", "-", "--json"], &events);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let (first, second) = (import(), import());
    let lines = events.lines().count();
    assert_eq!((&first["received"], &first["accepted"]), (&lines.into(), &lines.into()), "{first}");
    assert_eq!((&second["accepted"], &second["duplicate"]), (&0.into(), &lines.into()), "{second}");
    assert_eq!((&first["same_as"], &second["same_as"]), (&serde_json::Value::Null, &first["import_id"]), "{second}");
    let verified = wallclock(&folder, &["verify"], "");
    assert!(verified.status.success() && text(&verified.stdout).contains("agree"), "{}", text(&verified.stdout));
}

#[test]
fn a_new_token_stands_alone_on_standard_output() {
    let folder = Folder::new();
    let made = wallclock(&folder, &["token", "add", "scanner", "--scope", "write:events,read:api"], "");
    let token = text(&made.stdout);
    assert!(made.status.success() && token.starts_with("wc_") && token.trim().len() == 55, "{token}");
    assert_eq!(token.lines().count(), 1);
    let listed = wallclock(&folder, &["token", "list", "--json"], "");
    let listed = text(&listed.stdout);
    assert!(
        listed.contains("\"scanner\"") && !listed.contains(token.trim().splitn(3, '_').last().unwrap()),
        "{listed}"
    );
}

#[test]
fn bad_use_and_bad_input_end_with_two_and_a_sentence() {
    let folder = Folder::new();
    let here = folder.path().to_str().unwrap();
    let as_of = ["--as-of", "2026-07-01T00:00:00Z", "--observed-from", "2025-07-01T00:00:00Z"];
    let missing = [&["analyze", "/nowhere/events"], &as_of[..]].concat();
    let folder_as_file = [&["analyze", here], &as_of[..]].concat();
    let wrong: [&[&str]; 10] = [
        &[],
        &["fly"],
        &["import"],
        &["import", "/nowhere/events.ndjson"],
        &["import", here],
        &["import", "-"],
        &["token", "add", "x", "--scope", "read:everything"],
        &["token", "add", "x", "--scope", "read:api", "--days", "500"],
        &missing,
        &folder_as_file,
    ];
    for arguments in wrong {
        let output = wallclock(&folder, arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_data_directory_somebody_holds_ends_with_seventy_five() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let holder = store::Store::open(&store::StoreOptions::new(store::Database::Sqlite(data))).await.unwrap();
    let output = wallclock(&folder, &["import", "-"], crate::support::EVENT);
    assert_eq!(output.status.code(), Some(75), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("another process"), "{}", text(&output.stderr));
    holder.close().await;
    drop(holder);
    let output = wallclock(&folder, &["import", "-"], crate::support::EVENT);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn unsafe_settings_end_with_seventy_eight() {
    let folder = Folder::new();
    let wrong: [&[&str]; 5] = [
        &["serve", "--listen", "0.0.0.0:0"],
        &["serve", "--public-url", "http://wall.example"],
        &["serve", "--listen", "somewhere"],
        &["demo", "--listen", "0.0.0.0:0", "--public-url", "https://wall.example"],
        &["verify", "--database-url", "mysql://x"],
    ];
    for arguments in wrong {
        let output = wallclock(&folder, arguments, "");
        assert_eq!(output.status.code(), Some(78), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn a_setting_that_is_none_ends_with_seventy_eight_and_the_nearest() {
    let folder = Folder::new();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let as_folder = file.to_str().unwrap();
    let rows: [(&[(&str, &str)], &str); 5] = [
        (&[("WALLCLOCK_LISTN", "127.0.0.1:0")], "WALLCLOCK_LISTEN"),
        (&[("WALLCLOCK_TRUSTED_PROXIES", "proxy")], "is not an IP address"),
        (&[("WALLCLOCK_PUBLIC_URL", "ftp://wall.example")], "https://host"),
        (&[("WALLCLOCK_DATABASE_URL", "mysql://wall:hunter2@db/x")], ""),
        (&[("WALLCLOCK_DATA_DIR", as_folder)], "data directory"),
    ];
    for (variables, says) in rows {
        let output = wallclock_with(&folder, variables, &["serve", "--listen", "127.0.0.1:0"], "");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(78), "{variables:?}: {said}");
        assert!(said.contains(says) && !said.contains("hunter2"), "{variables:?}: {said}");
    }
}

#[test]
fn what_somebody_else_holds_ends_with_seventy_five() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve = wallclock(&folder, &["serve", "--listen", &address], "");
    assert_eq!(serve.status.code(), Some(75), "{}", text(&serve.stderr));
    assert!(text(&serve.stderr).contains(&address));
    let server = Serving::start(&folder, &[]);
    for arguments in [&["import", "-"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let second = wallclock(&folder, arguments, crate::support::EVENT);
        assert_eq!(second.status.code(), Some(75), "{arguments:?}: {}", text(&second.stderr));
    }
    server.stop();
    let after = wallclock(&folder, &["import", "-"], crate::support::EVENT);
    assert!(after.status.success(), "{}", text(&after.stderr));
}

#[test]
fn the_operator_changes_people_and_never_removes_the_last_owner() {
    let folder = Folder::new();
    let file = folder.path().join("password");
    std::fs::write(&file, "correct horse battery\n").unwrap();
    let file = file.to_str().unwrap();
    let add = |email: &str| wallclock(&folder, &["user", "add", email, "--role", "owner", "--password-file", file], "");
    assert!(add("a@example.test").status.success());
    let disable = |email: &str| wallclock(&folder, &["user", "change", email, "--disable"], "");
    let last = disable("a@example.test");
    assert_eq!(last.status.code(), Some(2), "{}", text(&last.stderr));
    assert!(text(&last.stderr).contains("last owner"));
    assert!(add("b@example.test").status.success());
    assert!(disable("a@example.test").status.success());
    for arguments in [&["user", "change", "b@example.test"][..], &["user", "change", "c@example.test", "--enable"]] {
        assert_eq!(wallclock(&folder, arguments, "").status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_report_is_written_whole() {
    let folder = Folder::new();
    let out = folder.path().join("board.pdf");
    wallclock(&folder, &["import", "-"], crate::support::EVENT);
    let made =
        wallclock(&folder, &["report", "make", "--as-of", "2026-07-01T00:00:00Z", "--out", out.to_str().unwrap()], "");
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(std::fs::read(out).unwrap().starts_with(b"%PDF-"));
}
