//! What does an event say once its times are put right? The clock of its source ran so many seconds ahead.

use domain::time::Timestamp;

/// The first field of that name is the event's own: fields are sorted, those before it are texts, and in a text no quotation mark
/// stands without a backslash.
pub(super) const AT: &str = "\"at\":\"";
/// The field directly behind it.
pub(super) const LATEST: &str = ",\"at_latest\":\"";

/// The canonical line of the same event, told to have happened so many seconds earlier; nothing where the line is none.
///
/// ```
/// use formats::canonical::earlier;
///
/// let line = r#"{"at":"2026-03-01T10:00:00Z","event":"detected","item_id":"x"}"#;
/// let right = r#"{"at":"2026-03-01T09:58:00Z","event":"detected","item_id":"x"}"#;
/// assert_eq!(earlier(line, 120).as_deref(), Some(right));
/// assert_eq!(earlier("{}", 120), None);
/// ```
#[must_use]
pub fn earlier(canonical: &str, seconds: i64) -> Option<String> {
    let (before, rest) = canonical.split_once(AT)?;
    let (at, behind) = rest.split_once('"')?;
    let at = moved(at, seconds)?;
    // Not every event has one. Fields are sorted: what bears its name further behind is no field of the event.
    let latest = behind.strip_prefix(LATEST).and_then(|rest| rest.split_once('"'));
    Some(match latest.and_then(|(latest, behind)| Some((moved(latest, seconds)?, behind))) {
        Some((latest, behind)) => format!("{before}{AT}{at}\"{LATEST}{latest}\"{behind}"),
        None => format!("{before}{AT}{at}\"{behind}"),
    })
}

/// When the event of a canonical line happened, or the earliest it can have been.
#[must_use]
pub fn moment_of(canonical: &str) -> Option<Timestamp> {
    let (_, rest) = canonical.split_once(AT)?;
    Timestamp::parse(rest.split_once('"')?.0).ok()
}

fn moved(moment: &str, seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::parse(moment).ok()?.plus(seconds.saturating_neg()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{Outcome, read_line};

    #[test]
    fn what_bears_the_name_of_a_time_in_fields_of_others_stays() {
        let line = br#"{"item_id":"x","event":"seen","at":"2026-03-01T10:00:00Z","extra":{"at_latest":"2026-03-01T10:00:00Z"}}"#;
        let Outcome::Event(draft) = read_line(line) else { panic!("held") };
        let moved = earlier(&draft.canonical, 60).unwrap();
        assert!(moved.contains("\"at\":\"2026-03-01T09:59:00Z\""), "{moved}");
        assert!(moved.contains("{\"at_latest\":\"2026-03-01T10:00:00Z\"}"), "{moved}");
    }

    #[test]
    fn only_the_times_of_the_event_itself_move() {
        let line = br#"{"id":"a","item_id":"x","event":"seen","at":"2026-03-01T10:00:00+01:00","at_latest":"2026-03-01T10:00:00Z",
            "certainty":"inferred","actor":"\"at\":\"2026","expires_at":"2027-01-01T00:00:00Z","extra":{"at":"2026-01-01"}}"#;
        let Outcome::Event(draft) = read_line(&line.map(|byte| if byte == b'\n' { b' ' } else { byte })) else {
            panic!("held");
        };
        let moved = earlier(&draft.canonical, 3_700).unwrap();
        assert_eq!(moment_of(&moved), moment_of(&draft.canonical).map(|at| at.plus(-3_700)));
        assert!(moved.contains("\"at_latest\":\"2026-03-01T08:58:20Z\""), "{moved}");
        // Written anew, a time with an offset is one in UTC.
        let back = earlier(&moved, -3_700).unwrap();
        assert_eq!(back, draft.canonical.replace("10:00:00+01:00", "09:00:00Z"));
        assert!(moved.contains("2027-01-01T00:00:00Z") && moved.contains("{\"at\":\"2026-01-01\"}"), "{moved}");
    }
}
