//! Does a line say anything that the one which counts under its id does not?

use super::earlier::{AT, LATEST};
use domain::time::Timestamp;

/// Whether a canonical line tells nothing beside the one that counts: it is the same to the letter, or says of a moment nobody
/// recorded that it was not later than some later moment.
///
/// ```
/// use formats::canonical::is_told_again;
///
/// let counts = r#"{"at":"2026-03-01T10:00:00Z","at_latest":"2026-04-01T00:00:00Z","event":"closed","item_id":"x"}"#;
/// assert!(is_told_again(counts, &counts.replace("2026-04-01", "2026-05-01")));
/// assert!(!is_told_again(counts, &counts.replace("2026-04-01", "2026-03-05")), "it says more: it was earlier");
/// ```
#[must_use]
pub fn is_told_again(counts: &str, told: &str) -> bool {
    let is_no_closer = || {
        let ((known, by), (again, no_later_than)) = (window_of(counts)?, window_of(told)?);
        Some(known == again && by <= no_later_than)
    };
    counts == told || is_no_closer().unwrap_or_default()
}

/// How late the event of a line may have been, and all else the line says; nothing where its moment was recorded.
fn window_of(canonical: &str) -> Option<([&str; 3], Timestamp)> {
    let (before, rest) = canonical.split_once(AT)?;
    let (at, behind) = rest.split_once('"')?;
    let (latest, behind) = behind.strip_prefix(LATEST)?.split_once('"')?;
    Some(([before, at, behind], Timestamp::parse(latest).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: &str = r#"{"asset":"a","at":"2026-03-01T10:00:00Z","at_latest":"2026-04-01T00:00:00Z","event":"closed","item_id":"x","team":"web"}"#;

    #[test]
    fn only_a_later_end_of_the_same_window_tells_nothing() {
        assert!(is_told_again(COUNTS, COUNTS));
        for (from, to, is_again) in [
            ("2026-04-01T00:00:00Z", "2026-04-01T00:00:01Z", true),
            ("2026-04-01T00:00:00Z", "2026-04-01T01:00:00+01:00", true),
            ("2026-04-01T00:00:00Z", "2026-03-31T23:59:59Z", false),
            ("2026-03-01T10", "2026-03-01T11", false),
            ("\"web\"", "\"apps\"", false),
            (",\"at_latest\":\"2026-04-01T00:00:00Z\"", "", false),
        ] {
            let told = COUNTS.replace(from, to);
            assert_ne!(told, COUNTS, "{from}");
            assert_eq!(is_told_again(COUNTS, &told), is_again, "{told}");
        }
    }

    #[test]
    fn what_bears_the_name_of_a_time_in_fields_of_others_is_compared() {
        let counts = r#"{"at":"2026-03-01T10:00:00Z","event":"seen","extra":{"at":"1","at_latest":"2026-04-01T00:00:00Z"},"item_id":"x"}"#;
        assert!(!is_told_again(counts, &counts.replace("2026-04-01", "2026-05-01")));
        assert!(!is_told_again("", "{}"));
    }
}
