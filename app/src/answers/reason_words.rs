//! What does a reason for holding a line mean, and what is the next step?

use domain::quarantine::Reason;

/// What a reason means, and the next step.
pub(super) const fn meaning(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Unreadable => ("not a record of its format", "Mend the line and send it again"),
        Reason::RecordTooLong => ("longer than a record may be", "Send it again in smaller records"),
        Reason::BadIdentifier => ("an id with hidden or control characters", "Release a mended copy"),
        Reason::MissingField => ("a field that is needed is absent", "Release a mended copy"),
        Reason::BadValue => ("a field holds what it cannot hold", "Release a mended copy"),
        Reason::UnknownEvent => ("a word outside the vocabulary", "Release a copy with a known event"),
        Reason::UnknownType => ("a CloudEvents type that is not ours", "Send it as wallclock.event.v1"),
        Reason::NaiveTime => ("a time without a zone", "Release a copy with an offset"),
        Reason::DateAmbiguous => ("a date that reads in two ways", "Release a copy with an RFC 3339 date"),
        Reason::DstGap => ("a local time that a clock change skipped", "Release a copy with an offset"),
        Reason::TimeRange => ("before the year 2000", "Look whether it marks a missing date"),
        Reason::Future => ("later than it was received", "Look at the clock of the sender"),
        Reason::EndsBeforeStart => ("it ends before it starts", "Look at the two dates"),
        Reason::EventConflict => ("the same id with other content", "Send a correction as an event of its own"),
        Reason::BelowScope => ("a severity below low", "Release it as low, or dismiss it"),
        Reason::NotPermitted => ("the sender may not write this", "Use a token of that source"),
        Reason::IllegalMerge => ("a merge of different weaknesses", "Dismiss it, or mend the target"),
        Reason::ChangelogTruncated => ("a history that is cut short", "Export the record with its whole history"),
        Reason::DisplayValues => ("labels and local dates", "Export raw values, or choose zone and order of dates"),
        Reason::NoTimestamp => ("an entry without a time", "Export the times with it"),
        Reason::UnmatchedState => ("a state that no list knows", "Say what it means, then release it"),
        Reason::NoResource => ("a finding without a resource", "Export it with its resources"),
        Reason::MassAbsence => ("too much is gone at once", "Look whether the export was whole"),
        Reason::ReportZone => ("a report without a zone", "Choose the zone of the source"),
        Reason::InternalFold => ("its item could not be folded", "Report it with the request id"),
        Reason::OutcomeContradicts => {
            ("its outcome and its alert contradict each other", "Mend the test case and send it again")
        }
        Reason::DetectionImplausible => {
            ("detected before it began or long after", "Look at the times of the test case")
        }
        Reason::ObservedBeforeInject => ("observed before it was injected", "Look at the two times"),
        Reason::DecidedBeforeAsked => ("decided before it was asked", "Look at the two times"),
        Reason::DueBeforeAdded => ("due before it was added", "Look at the two dates"),
        Reason::EpssWithoutDate => ("scores without a date", "Say the day of the scores"),
        Reason::DeviceVulnerabilityWithoutDates => ("a vulnerability without dates", "Export it with its sightings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_meaning_and_a_next_step() {
        for reason in Reason::ALL {
            let (words, next) = meaning(*reason);
            assert!(!words.is_empty() && !next.is_empty(), "{reason}");
        }
    }
}
