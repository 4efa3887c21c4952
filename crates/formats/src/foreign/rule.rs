//! Which lies are the tools known for? Each has a name, and what is done about it.

use std::fmt;

/// What is done where a rule is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// What cannot be trusted is held back.
    Held,
    /// It was put right, the same way each time.
    Repaired,
    /// It stays as it is, and is counted.
    Flagged,
}

impl Class {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Repaired => "repaired",
            Self::Flagged => "flagged",
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $word:literal $class:ident),+ $(,)?) => {
        /// A named rule of data quality.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule { $($(#[$doc])* $name),+ }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What is done where it is met.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Self::$name => Class::$class),+ }
            }
        }
    };
}

rules! {
    /// A time without an offset, and no zone was chosen.
    NaiveTime = "naive_time" Held,
    /// Before 2000; often a marker for "missing".
    TimeRange = "time_range" Held,
    /// It ends before it starts: the end is held, the opening stays.
    EndsBeforeStart = "ends_before_start" Held,
    /// First seen after last seen: the earlier one is taken.
    FirstAfterLast = "first_after_last" Repaired,
    /// A word that means "nothing".
    NullWord = "null_word" Repaired,
    /// A word of severity that no list knows counts as none.
    SeverityUnmapped = "severity_unmapped" Flagged,
    /// The offset and the name of the zone contradict each other: the offset counts.
    ZoneDisagrees = "zone_disagrees" Flagged,
    /// Verified by whoever fixed it.
    SelfVerified = "self_verified" Flagged,
    /// Verified within a minute of the close.
    VerifiedTooFast = "verified_too_fast" Flagged,
    /// The clock of a source runs ahead: its events happen after they were received.
    ClockSkew = "clock_skew" Flagged,
    /// It is gone from a snapshot that does not prove that it was looked for.
    AbsenceUnproven = "absence_unproven" Flagged,
    /// It is gone from a snapshot, and one that is like it is new under another id.
    ItemRenamed = "item_renamed" Flagged,
    /// Too much vanished at once to be believed.
    MassAbsence = "mass_absence" Held,
    /// A time that ends in `+0800`.
    OffsetWithoutColon = "offset_without_colon" Repaired,
    /// Times in several shapes in one column.
    MixedDateShapes = "mixed_date_shapes" Repaired,
    /// A number of milliseconds, microseconds or nanoseconds where another unit is usual.
    EpochUnit = "epoch_unit" Repaired,
    /// A day without a time.
    DayPrecision = "day_precision" Flagged,

    /// A status known only by its name, which a team may change.
    StatusByName = "status_by_name" Flagged,
    /// The history of an issue is cut short.
    ChangelogTruncated = "changelog_truncated" Held,
    /// Done, and no resolution says how.
    DoneWithoutResolution = "done_without_resolution" Flagged,
    /// Twenty issues or more changed by one person in one second.
    BulkEdit = "bulk_edit" Flagged,
    /// The due date was moved.
    DueDateMoved = "due_date_moved" Flagged,
    /// A risk accepted without an end.
    AcceptedWithoutEnd = "accepted_without_end" Flagged,

    /// The tool's own verdict turns only when a record closes.
    SlaFlagLate = "sla_flag_late" Flagged,
    /// Rows that already carry the end of the story.
    FutureColumns = "future_columns" Repaired,
    /// Labels and local dates instead of raw values.
    DisplayValues = "display_values" Held,
    /// A number with signs between its thousands.
    ThousandsInNumber = "thousands_in_number" Repaired,
    /// Closed by a timer: nobody verified anything.
    AutoCloseNotVerification = "auto_close_not_verification" Flagged,
    /// Closed, and never resolved.
    ResolvedMissing = "resolved_missing" Flagged,
    /// Updates of one record in another order than they were made: changes between them may be missed.
    RowsOutOfOrder = "rows_out_of_order" Flagged,
    /// Updates within one tick of the tool's clock: set apart by a second each, in their order.
    UpdatesInOneTick = "updates_in_one_tick" Repaired,

    /// A report whose times carry no zone.
    ReportZone = "report_zone" Held,
    /// Closed because nobody looks any more.
    ClosedCheckDisabled = "closed_check_disabled" Flagged,
    /// Closed, and no date says when.
    NoClosingDate = "no_closing_date" Flagged,
    /// An address of a ticket where its key is meant.
    TicketUrls = "ticket_urls" Repaired,
    /// Fixed findings are left out of the export.
    FixedOmitted = "fixed_omitted" Flagged,
    /// The severity was changed by hand.
    RecastHidesSeverity = "recast_hides_severity" Flagged,
    /// The asset was not scanned for two weeks.
    StaleScan = "stale_scan" Flagged,
    /// Earlier fixes are forgotten by the tool.
    CyclesLost = "cycles_lost" Flagged,

    /// The same number means different things in different classes.
    StatusByClass = "status_by_class" Flagged,
    /// Deleted by hand, not fixed.
    DeletedNotFixed = "deleted_not_fixed" Flagged,
    /// A finding without a resource.
    NoResource = "no_resource" Held,
    /// Resolved by a person while the check still fails.
    ResolvedStillFailed = "resolved_still_failed" Flagged,
    /// Suppressed, and no longer updated.
    SuppressedBlind = "suppressed_blind" Flagged,
    /// The service turned a resolved finding back to new.
    WorkflowReset = "workflow_reset" Repaired,
    /// One finding over several resources.
    ManyResources = "many_resources" Flagged,
    /// The last change stands in for the close.
    ClosingTimeGuessed = "closing_time_guessed" Flagged,
    /// Only the last close is kept.
    ClosedTimeIsLast = "closed_time_is_last" Flagged,
    /// A weakness without any date.
    DeviceVulnerabilityWithoutDates = "device_vulnerability_without_dates" Held,

    /// A detection time on what was not detected.
    DetectionOnUndetected = "detection_on_undetected" Repaired,
    /// The outcome and the alert contradict each other.
    OutcomeContradicts = "outcome_contradicts" Held,
    /// Detected before it began or long after it ended.
    DetectionImplausible = "detection_implausible" Held,
    /// A time as text and as a number that disagree.
    EpochDisagrees = "epoch_disagrees" Flagged,
    /// An objective without a rating.
    RatingMissing = "rating_missing" Flagged,
    /// Observed before it was injected.
    ObservedBeforeInject = "observed_before_inject" Held,
    /// A corrective action nobody owns.
    ActionWithoutOwner = "action_without_owner" Flagged,
    /// A second attempt without a first.
    AttemptGap = "attempt_gap" Flagged,
    /// Decided before it was asked.
    DecidedBeforeAsked = "decided_before_asked" Held,
    /// An objective of a drill without a rating.
    ObjectiveWithoutRating = "objective_without_rating" Flagged,
    /// A finding that cannot be recognised when it comes back.
    FingerprintMissing = "fingerprint_missing" Flagged,
    /// A wrong recommendation that is not marked as planted.
    PlantedUnmarked = "planted_unmarked" Flagged,
    /// Steps that overlap in time.
    StepsOverlap = "steps_overlap" Flagged,
    /// A status no list knows.
    StatusUnknown = "status_unknown" Flagged,

    /// Entries from the newest to the oldest.
    NewestFirst = "newest_first" Repaired,
    /// The same entry twice.
    DuplicateEntry = "duplicate_entry" Repaired,
    /// Resolved by the service or a timer.
    AutoResolved = "auto_resolved" Flagged,
    /// Nobody was left to escalate to.
    EscalationExhausted = "escalation_exhausted" Flagged,
    /// An acknowledgement that ran out.
    AckTimedOut = "ack_timed_out" Flagged,
    /// Done, and never closed.
    DoneNotClosed = "done_not_closed" Flagged,
    /// A state no list knows.
    UnmatchedState = "unmatched_state" Held,
    /// An entry without a time.
    NoTimestamp = "no_timestamp" Held,
    /// A word that says "verified" and means "triaged".
    VerifiedMeansTriaged = "verified_means_triaged" Flagged,
    /// Closed because a later upload lacked it.
    MitigatedByReimport = "mitigated_by_reimport" Flagged,
    /// A close that was taken out of the history.
    HistoryRewritten = "history_rewritten" Repaired,
    /// The promised time began again.
    SlaRestarted = "sla_restarted" Flagged,

    /// The catalogue of exploited weaknesses is older than a month.
    KevCopyOld = "kev_copy_old" Flagged,
    /// Due before it was added.
    DueBeforeAdded = "due_before_added" Held,
    /// Scores without a date.
    EpssWithoutDate = "epss_without_date" Held,
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_a_word_of_its_own() {
        let words: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
        assert_eq!(words.len(), Rule::ALL.len());
    }
}
