//! Nothing that was acknowledged is lost when the process is killed in the middle of its work.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::{path::Path, process::Command};

/// Some rounds of the long run (`make soak-kill`), on one engine.
fn survives(engine: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/soak/kill.sh");
    let output = Command::new(script)
        .env("WALLCLOCK_BINARY", env!("CARGO_BIN_EXE_wallclock"))
        .env("ROUNDS", "20")
        .env("ENGINES", engine)
        .output()
        .unwrap();
    let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{said}");
    assert!(out.contains("20 kills") && !out.contains(" 0 events acknowledged"), "{out}{said}");
}

#[test]
fn twenty_kills_lose_nothing_on_sqlite() {
    survives("sqlite");
}

#[test]
fn twenty_kills_lose_nothing_on_postgres() {
    survives("postgres");
}
