//! What does a row say again in every export, although it happened once? What stands without a date of its own.

use crate::{
    canonical::Draft,
    json::{self, Rules},
};
use domain::{event::Certainty, event_name::EventName};

/// Events that hold until somebody undoes them: a row repeats them for as long as they do.
const HOLD: [EventName; 7] = [
    EventName::Triaged,
    EventName::SeverityChanged,
    EventName::Assigned,
    EventName::Reassigned,
    EventName::Paused,
    EventName::ExceptionGranted,
    EventName::Closed,
];

/// What describes the act itself.
const SAYS: [&str; 6] = ["to", "reason_code", "expires_at", "raw_status", "owner", "reason"];

/// What an event says without its moments, where a row tells it of a time that nobody recorded. Such a time ends with the last
/// change of the row, which moves: the next export would tell the same once more, as if it had happened twice.
#[must_use]
pub fn statement(draft: &Draft) -> Option<String> {
    if draft.certainty != Certainty::Inferred || !HOLD.contains(&draft.name) {
        return None;
    }
    let said = json::value(&draft.canonical, Rules::STORED).ok()?;
    let text = |field: &&str| said.text_at(&[field]).unwrap_or_default().to_owned();
    let says: Vec<String> = SAYS.iter().map(text).collect();
    Some(format!("{}\n{}\n{}", draft.item_id, draft.name.as_str(), says.join("\n")))
}
