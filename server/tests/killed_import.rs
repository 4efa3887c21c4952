//! An import whose process is killed again and again goes on from where it stood, without loss and without doubling.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

#[path = "support/postgres.rs"]
mod postgres;

use postgres::empty_schema;
use serde_json::Value;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

/// Pieces of a few thousand lines: enough of them that three kills fall between the first and the last.
const ITEMS: &str = "20000";

/// A data folder, and the database the program uses.
struct Place {
    folder: PathBuf,
    postgres: Option<String>,
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}

impl Place {
    fn new(name: &str, postgres: Option<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("wallclock-killed-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self { folder, postgres }
    }

    fn wallclock(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wallclock"));
        command.arg("--data-dir").arg(self.folder.join("data")).args(arguments);
        if let Some(url) = &self.postgres {
            command.env("WALLCLOCK_DATABASE_URL", url);
        }
        command
    }

    fn said(&self, arguments: &[&str]) -> Output {
        let output = self.wallclock(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.said(arguments).stdout).unwrap()
    }

    /// How much of the file lies in the database: a folder of SQLite is locked by the program, so that only its length tells.
    fn written(&self) -> u64 {
        if self.postgres.is_some() {
            let imports = self.json(&["imports", "list", "--json"]);
            return imports.pointer("/0/bytes_read").and_then(Value::as_u64).unwrap_or_default();
        }
        let length = |name: &str| fs::metadata(self.folder.join("data").join(name)).map_or(0, |file| file.len());
        length("wallclock.db") + length("wallclock.db-wal")
    }

    /// Starts an import and kills it once it has written so much more.
    fn killed(&self, arguments: &[&str], after: u64) {
        let mut least = self.written();
        let mut import = self.wallclock(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        loop {
            // What was left in the file beside the database moves into it.
            let written = self.written();
            least = least.min(written);
            if written >= least + after {
                break;
            }
            assert!(import.try_wait().unwrap().is_none(), "the import ended before it could be killed");
            sleep(Duration::from_millis(2));
        }
        import.kill().unwrap();
        import.wait().unwrap();
    }
}

fn goes_on(place: &Place) {
    let file = place.folder.join("events.ndjson");
    let events = place.said(&["sample", "--seed", "3", "--items", ITEMS]).stdout;
    let lines = events.iter().filter(|byte| **byte == b'\n').count() as u64;
    fs::write(&file, &events).unwrap();
    let (file, part) = (file.to_str().unwrap(), events.len() as u64 / 8);
    place.killed(&["import", file], part);
    place.killed(&["import", "--resume", "1"], part);
    place.killed(&["import", file], part);
    let imports = place.json(&["imports", "list", "--json"]);
    assert_eq!(imports.as_array().map(Vec::len), Some(1), "{imports}");
    assert_ne!(imports.pointer("/0/state"), Some(&Value::from("published")), "{imports}");
    let before = imports.pointer("/0/received").and_then(Value::as_u64).unwrap();
    assert!(before > 0 && before < lines, "{before} of {lines}");
    let summary = place.json(&["import", "--resume", "1", "--json"]);
    for (name, wanted) in [("received", lines), ("accepted", lines), ("duplicate", 0), ("quarantined", 0)] {
        assert_eq!(summary.get(name).and_then(Value::as_u64), Some(wanted), "{name} in {summary}");
    }
    let verified = String::from_utf8(place.said(&["verify"]).stdout).unwrap();
    assert!(verified.contains(&format!("agree: {lines} events")), "{verified}");
    let again = place.json(&["import", file, "--json"]);
    assert_eq!(again.get("duplicate").and_then(Value::as_u64), Some(lines), "{again}");
}

#[test]
fn a_killed_import_goes_on_without_loss_on_sqlite() {
    goes_on(&Place::new("sqlite", None));
}

#[test]
fn a_killed_import_goes_on_without_loss_on_postgres() {
    let url = empty_schema(&format!("killed_import_{}", std::process::id()));
    goes_on(&Place::new("postgres", Some(url)));
}
