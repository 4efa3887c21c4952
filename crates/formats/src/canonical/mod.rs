//! What does one line of canonical input say: an event, or a line held back with every fault it has?

mod again;
mod agency;
mod check;
mod claim;
mod draft;
mod earlier;
mod fields;
mod identifier;
mod item_event;
mod moment;

pub use again::is_told_again;
pub(crate) use agency::note;
pub(crate) use claim::note_claim;
pub use draft::{Draft, is_future};
pub use earlier::{earlier, moment_of};
pub(crate) use fields::Fields;
pub(crate) use identifier::identifier;
pub use identifier::is_invisible;
pub(crate) use item_event::ATTESTATION;
pub use item_event::{NotCanonical, item_event};

use crate::{
    held::{Fault, Held},
    json::JsonFault,
};
use domain::quarantine::Reason;

/// The version of what lines are read as. It rises with every change of that: what was kept about lines that an earlier version
/// read is then not taken for granted.
pub const READING: u32 = 1;

/// What became of a record: every record becomes exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can be put on a timeline.
    Event(Box<Draft>),
    /// It cannot, as it stands.
    Held(Held),
}

/// Reads one line (or one element of an array): a JSON object with the fields of a canonical event.
///
/// ```
/// use formats::canonical::{Outcome, read_line};
///
/// let line = br#"{"item_id":"CVE-2026-1@web-01","event":"detected","at":"2026-03-01T10:00:00Z","kind":"vuln"}"#;
/// let Outcome::Event(draft) = read_line(line) else { panic!("held") };
/// assert_eq!(
///     draft.canonical,
///     r#"{"at":"2026-03-01T10:00:00Z","event":"detected","item_id":"CVE-2026-1@web-01","kind":"vulnerability"}"#
/// );
/// ```
#[must_use]
pub fn read_line(line: &[u8]) -> Outcome {
    let text = match str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => return Outcome::Held(not_utf8(&error)),
    };
    read_text(text)
}

pub(crate) fn read_text(text: &str) -> Outcome {
    match Fields::from_json(text) {
        Ok(fields) => draft::of(fields),
        Err(fault) => Outcome::Held(not_json(&fault)),
    }
}

pub(crate) fn outcome_of(fields: Fields<'_>) -> Outcome {
    draft::of(fields)
}

pub(crate) fn not_utf8(error: &std::str::Utf8Error) -> Held {
    let detail = format!("not UTF-8 at byte {}", error.valid_up_to().saturating_add(1));
    Held::because(
        Fault::whole(Reason::Unreadable, detail).code("invalid_utf8").hint("save the file as UTF-8 and send it again"),
    )
}

pub(crate) fn not_json(fault: &JsonFault) -> Held {
    Held::because(
        Fault::whole(Reason::Unreadable, fault.detail())
            .code(fault.code())
            .hint("one JSON object a record, each key once"),
    )
}
