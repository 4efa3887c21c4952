//! What does a reason to put an alert away come to? Most of them accept the risk by another name.

use super::super::Rule;
use domain::event_name::EventName;

/// What follows from a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) name: EventName,
    pub(super) code: Option<&'static str>,
    pub(super) rule: Option<Rule>,
}

impl End {
    pub(super) const fn plain(name: EventName) -> Self {
        Self { name, code: None, rule: None }
    }

    /// An acceptance of the risk, and none of them has an end.
    const fn accepted(code: &'static str) -> Self {
        Self { name: EventName::ExceptionGranted, code: Some(code), rule: Some(Rule::AcceptedWithoutEnd) }
    }

    const fn closed(code: &'static str, rule: Option<Rule>) -> Self {
        Self { name: EventName::Closed, code: Some(code), rule }
    }
}

const NO_BANDWIDTH: &[End] = &[End::accepted("capacity")];
const TOLERABLE: &[End] = &[End::accepted("tolerable")];
const NOT_USED: &[End] = &[End::accepted("context")];
const IN_TESTS: &[End] = &[End::accepted("out_of_scope")];
const WILL_NOT_FIX: &[End] = &[End::accepted("other")];
const FALSE: &[End] = &[End::plain(EventName::FalsePositive)];
/// Somebody says that work began, and the alert leaves the list: the weakness does not.
const FIX_STARTED: &[End] = &[End::plain(EventName::WorkStarted), End::closed("other", None)];
/// Whoever resolved it says so; nobody else looked.
const REVOKED: &[End] = &[End::plain(EventName::FixApplied), End::plain(EventName::Closed)];
const PATTERN_GONE: &[End] = &[End::closed("check_disabled", Some(Rule::ClosedCheckDisabled))];
const UNSAID: &[End] = &[End::closed("other", None)];

/// What follows from a reason; `None` for one no list knows.
pub(super) fn end_of(reason: Option<&str>) -> Option<&'static [End]> {
    let Some(reason) = reason else { return Some(UNSAID) };
    match reason.to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
        "no_bandwidth" => Some(NO_BANDWIDTH),
        "tolerable_risk" => Some(TOLERABLE),
        "not_used" => Some(NOT_USED),
        "used_in_tests" => Some(IN_TESTS),
        "won't_fix" | "wont_fix" => Some(WILL_NOT_FIX),
        "inaccurate" | "false_positive" => Some(FALSE),
        "fix_started" => Some(FIX_STARTED),
        "revoked" => Some(REVOKED),
        "pattern_deleted" | "pattern_edited" => Some(PATTERN_GONE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_comes_to_what_it_is() {
        for (reason, name, code) in [
            ("no_bandwidth", EventName::ExceptionGranted, Some("capacity")),
            ("tolerable_risk", EventName::ExceptionGranted, Some("tolerable")),
            ("not_used", EventName::ExceptionGranted, Some("context")),
            ("used in tests", EventName::ExceptionGranted, Some("out_of_scope")),
            ("used_in_tests", EventName::ExceptionGranted, Some("out_of_scope")),
            ("won't fix", EventName::ExceptionGranted, Some("other")),
            ("wont_fix", EventName::ExceptionGranted, Some("other")),
            ("inaccurate", EventName::FalsePositive, None),
            ("false positive", EventName::FalsePositive, None),
            ("fix_started", EventName::WorkStarted, None),
            ("revoked", EventName::FixApplied, None),
            ("pattern_deleted", EventName::Closed, Some("check_disabled")),
            ("pattern_edited", EventName::Closed, Some("check_disabled")),
        ] {
            let first = end_of(Some(reason)).unwrap()[0];
            assert_eq!((first.name, first.code), (name, code), "{reason}");
        }
        assert_eq!(end_of(None), Some(UNSAID));
        assert_eq!(end_of(Some("because")), None);
    }
}
