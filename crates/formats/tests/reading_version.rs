//! Whoever changes what a line is read as must say so.

use formats::canonical::{Outcome, READING, read_line};
use sha2::{Digest, Sha256};

const LINES: [&str; 12] = [
    r#"{"id":"a","item_id":"CVE-2026-1@web-01","event":"detected","at":"2026-03-01T10:00:00Z","severity":"critical"}"#,
    r#"{"item_id":" spaced ","event":"ticketed","at":"2026-03-01T10:00:00+02:00","team":"Team É"}"#,
    r#"{"item_id":"i","event":"severity_changed","at":"2026-03-01T10:00:00Z","to":"High","colour":"red"}"#,
    r#"{"item_id":"i","event":"merged","at":"2026-03-01T10:00:00.999Z","to":"other"}"#,
    r#"{"item_id":"i","event":"closed","at":"2026-03-01T10:00:00Z","actor":"bot","actor_type":"agent","reported_sla":"met"}"#,
    r#"{"item_id":"i","event":"seen","at":"2026-03-01T10:00:00Z","cve":["CVE-2026-1","cve-2026-2"],"kev_due":"2026-04-01"}"#,
    r#"{"item_id":"i","event":"detected","at":"2026-03-01T10:00:00Z","severity":"quite bad","source":"jira"}"#,
    r#"{"item_id":"i","event":"paused","at":"2026-03-01 10:00:00"}"#,
    r#"{"item_id":"","event":"detected","at":"2026-03-01T10:00:00Z"}"#,
    r#"{"item_id":"i","event":"vanished","at":"2026-03-01T10:00:00Z"}"#,
    r#"{"item_id":"i","item_id":"j","event":"detected","at":"2026-03-01T10:00:00Z"}"#,
    "no json",
];

/// What decides whether a line is the same event as another, or held.
fn read(line: &str) -> String {
    match read_line(line.as_bytes()) {
        Outcome::Event(event) => format!("{} {:?}", event.canonical, event.key),
        Outcome::Held(held) => format!("held: {}", held.reason.as_str()),
    }
}

#[test]
fn a_line_read_in_another_way_is_another_version() {
    let read = LINES.map(read).join("\n");
    let hash: String = Sha256::digest(&read).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        (READING, hash.as_str()),
        (1, "be92147121566530"),
        "raise formats::canonical::READING and write the new hash here; what these lines are read as:\n{read}"
    );
}
