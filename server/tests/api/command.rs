//! Does the command say what scripts rely on? Data on standard output, words on standard error, and the exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::support::Folder;

fn wallclock(folder: &Folder, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wallclock"))
        .args(arguments)
        .env_clear()
        .env("WALLCLOCK_DATA_DIR", folder.path().join("data"))
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

fn text(bytes: &[u8]) -> String {
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
        listed.contains("\"scanner\"") && !listed.contains(token.trim().split('_').next_back().unwrap()),
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
    assert!(wallclock(&folder, &["import", "-"], crate::support::EVENT).status.success());
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
fn a_report_is_written_whole() {
    let folder = Folder::new();
    let out = folder.path().join("board.pdf");
    wallclock(&folder, &["import", "-"], crate::support::EVENT);
    let made =
        wallclock(&folder, &["report", "make", "--as-of", "2026-07-01T00:00:00Z", "--out", out.to_str().unwrap()], "");
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(std::fs::read(out).unwrap().starts_with(b"%PDF-"));
}

/// Starts a server, sends secrets and names in every place a request has, and looks for them in what it said.
#[test]
fn secrets_and_names_never_reach_the_log() {
    let folder = Folder::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_wallclock"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_clear()
        .env("WALLCLOCK_DATA_DIR", folder.path().join("data"))
        .env("WALLCLOCK_LOG", "debug")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut lines = std::io::BufRead::lines(stderr).map_while(Result::ok);
    let said = lines.find(|line| line.starts_with("Wallclock listens on ")).unwrap();
    let address = said.rsplit('/').next().unwrap().to_owned();
    let ask = |request: String| {
        let mut socket = std::net::TcpStream::connect(&address).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut socket, &mut answer).unwrap();
        answer
    };
    let head = format!(
        "host: {address}\r\nconnection: close\r\nuser-agent: canary-agent\r\ncookie: wc-local=canary-cookie\r\nauthorization: Bearer canary-token\r\n"
    );
    ask(format!("GET /items?text=canary-query HTTP/1.1\r\n{head}\r\n"));
    ask(format!("GET /setup/canary-code HTTP/1.1\r\n{head}\r\n"));
    ask(format!("GET /api/v1/items/canary-item HTTP/1.1\r\n{head}\r\n"));
    let form = "email=canary-person%40example.test&password=canary-password";
    ask(format!(
        "POST /sign-in HTTP/1.1\r\n{head}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    ));
    let process = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success(), "a server that is asked to stop ends well");
    let log: Vec<String> = lines.collect();
    assert!(log.iter().filter(|line| line.contains("\"event\":\"request\"")).count() >= 4, "{log:?}");
    for line in &log {
        assert!(!line.contains("canary"), "{line}");
    }
}
