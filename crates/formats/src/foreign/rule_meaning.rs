//! What does each rule of data quality mean, and which figures could it move? The one registry of them.

use super::Rule;

/// A rule in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What it says of a record, as a sentence.
    pub sentence: &'static str,
    /// The figures it could move, by their ids in the catalogue of figures.
    pub moves: &'static [&'static str],
}

impl Rule {
    /// What the rule means; `None` for one that nobody has explained, which a test refuses.
    #[must_use]
    pub fn meaning(self) -> Option<Meaning> {
        let known = MEANINGS.iter().find(|(rule, ..)| *rule == self);
        known.map(|(_, sentence, moves)| Meaning { sentence, moves })
    }

    /// The rule of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.as_str() == word)
    }
}

const MEANINGS: &[(Rule, &str, &[&str])] = &[
    (
        Rule::NaiveTime,
        "A time came without an offset, and nobody has chosen a zone for the source.",
        &["wall_median_strict", "backlog_open"],
    ),
    (
        Rule::TimeRange,
        "A time lies before 2000; tools write such times where they mean that none is known.",
        &["wall_median_strict", "wall_p90"],
    ),
    (
        Rule::EndsBeforeStart,
        "It ended before it began: the end is held, the opening counts.",
        &["wall_open_share", "backlog_open"],
    ),
    (
        Rule::FirstAfterLast,
        "It was first seen after it was last seen: the earlier time is taken as the first.",
        &["wall_median_strict", "label_seconds"],
    ),
    (
        Rule::NullWord,
        "A word such as `N/A` or `null` stood where nothing is known; it is read as nothing.",
        &["quality_imputed"],
    ),
    (
        Rule::SeverityUnmapped,
        "The word of its severity stands on no list: it counts as medium until somebody says what the word means.",
        &["quality_imputed", "sla_percent"],
    ),
    (
        Rule::ZoneDisagrees,
        "The offset of a time and the name of its zone contradict each other; the offset counts.",
        &["wall_median_strict", "sla_percent"],
    ),
    (Rule::SelfVerified, "Whoever applied the fix also verified it.", &["guard_g2", "wall_median_strict"]),
    (
        Rule::VerifiedTooFast,
        "It was verified within a minute of its close: nobody can have looked.",
        &["guard_g5", "wall_median_strict"],
    ),
    (
        Rule::ClockSkew,
        "The clock of a source runs ahead: at least a hundredth of its events happened more than a minute after they were received.",
        &["wall_median_strict", "label_seconds"],
    ),
    (
        Rule::AbsenceUnproven,
        "It is gone from a snapshot that does not prove that it was looked for; it stays open.",
        &["wall_open_share", "backlog_open"],
    ),
    (
        Rule::ItemRenamed,
        "The same weakness of the same asset came under another id: the old one stays open until somebody merges them.",
        &["backlog_open", "wall_open_share"],
    ),
    (
        Rule::MassAbsence,
        "More than a fifth of the open items vanished at once: the import waits for a person.",
        &["backlog_open", "flow_resolutions"],
    ),
    (Rule::OffsetWithoutColon, "A time ends in `+0800`; it is read as `+08:00`.", &["wall_median_strict"]),
    (
        Rule::MixedDateShapes,
        "Times come in several shapes in one column; each is read by its own.",
        &["wall_median_strict"],
    ),
    (
        Rule::EpochUnit,
        "A number of seconds came in another unit than is usual; its length tells which.",
        &["wall_median_strict"],
    ),
    (
        Rule::DayPrecision,
        "A day came without a time: it may have been any second of that day.",
        &["wall_median_strict", "sla_percent"],
    ),
    (
        Rule::StatusByName,
        "A status is known by its name alone, which a team may change at any time.",
        &["label_seconds", "sla_percent"],
    ),
    (
        Rule::ChangelogTruncated,
        "The history of an issue is cut short: it is held until the rest arrives.",
        &["label_seconds", "process_handoffs"],
    ),
    (
        Rule::DoneWithoutResolution,
        "It is done, and nothing says how: fixed, accepted or never true.",
        &["exit_share", "items_exempt"],
    ),
    (
        Rule::BulkEdit,
        "One person changed twenty issues or more within one second.",
        &["distortion_d9", "flow_resolutions"],
    ),
    (Rule::DueDateMoved, "The due date of a ticket was moved.", &["sla_percent", "distortion_d3"]),
    (Rule::AcceptedWithoutEnd, "A risk was accepted without an end.", &["items_exempt", "label_seconds"]),
    (
        Rule::SlaFlagLate,
        "The tool's own verdict turns only when a record closes, so every open one looks on time.",
        &["sla_shown_open", "sla_percent"],
    ),
    (
        Rule::FutureColumns,
        "Every row of a record already carries the end of its story; it is used from the row that reaches it.",
        &["wall_median_strict", "label_seconds"],
    ),
    (Rule::DisplayValues, "Labels and local dates came instead of raw values.", &["wall_median_strict", "sla_percent"]),
    (Rule::ThousandsInNumber, "A number came with signs between its thousands; they are left out.", &["sla_tool_mean"]),
    (
        Rule::AutoCloseNotVerification,
        "A timer closed it: nobody verified anything.",
        &["wall_open_share", "exit_share"],
    ),
    (Rule::ResolvedMissing, "It is closed and was never resolved.", &["mttr_closed", "label_seconds"]),
    (
        Rule::RowsOutOfOrder,
        "Updates of one record came in another order than they were made: changes between them may be missing.",
        &["label_seconds", "process_handoffs"],
    ),
    (
        Rule::UpdatesInOneTick,
        "Several updates fall into one tick of the tool's clock; they are set apart by a second each.",
        &["process_handoffs"],
    ),
    (Rule::ReportZone, "The times of a report carry no zone.", &["wall_median_strict", "backlog_open"]),
    (Rule::ClosedCheckDisabled, "It was closed because nobody looks any more.", &["wall_open_share", "exit_share"]),
    (Rule::NoClosingDate, "It is closed, and no date says when.", &["mttr_closed", "flow_resolutions"]),
    (Rule::TicketUrls, "The address of a ticket stood where its key is meant; the key is taken.", &["sla_records"]),
    (
        Rule::FixedOmitted,
        "The export leaves fixed findings out, so that absence proves nothing.",
        &["wall_open_share", "flow_resolutions"],
    ),
    (Rule::RecastHidesSeverity, "The severity was changed by hand in the tool.", &["distortion_d4", "sla_percent"]),
    (
        Rule::StaleScan,
        "The asset was not scanned for two weeks: that it is open is not proved.",
        &["guard_g1", "backlog_open"],
    ),
    (
        Rule::CyclesLost,
        "The tool forgets earlier fixes: only the last one is known.",
        &["recurrence_90", "wall_median_strict"],
    ),
    (
        Rule::StatusByClass,
        "The same number means different things in different classes; each class has a table of its own.",
        &["label_seconds"],
    ),
    (Rule::DeletedNotFixed, "A finding was deleted by hand, not fixed.", &["wall_open_share", "exit_share"]),
    (Rule::NoResource, "A finding names no resource, so it belongs to no item.", &["items_known", "backlog_open"]),
    (Rule::ResolvedStillFailed, "A person resolved it while its check still fails.", &["sla_percent", "gap_points"]),
    (
        Rule::SuppressedBlind,
        "It is suppressed and no longer updated: nobody knows whether it is still there.",
        &["items_exempt", "wall_open_share"],
    ),
    (
        Rule::WorkflowReset,
        "The service turned a resolved finding back to new: the close is kept, and it counts as found again.",
        &["recurrence_90", "items_seen_again"],
    ),
    (
        Rule::ManyResources,
        "One finding speaks of several resources: each becomes an item of its own.",
        &["distortion_d12", "items_known"],
    ),
    (
        Rule::ClosingTimeGuessed,
        "The last change stands in for the close, which may have been earlier.",
        &["mttr_closed", "sla_percent"],
    ),
    (
        Rule::ClosedTimeIsLast,
        "Only the last close of a record is kept; earlier ones are lost.",
        &["recurrence_90", "mttr_closed"],
    ),
    (
        Rule::DeviceVulnerabilityWithoutDates,
        "A weakness of a device came without any date.",
        &["items_known", "backlog_open"],
    ),
    (
        Rule::DetectionOnUndetected,
        "A detection time stands on a test that was not detected; it is left out.",
        &["score_practice"],
    ),
    (Rule::OutcomeContradicts, "The outcome of a test and its alert contradict each other.", &["score_practice"]),
    (Rule::DetectionImplausible, "A test was detected before it began or long after it ended.", &["score_practice"]),
    (Rule::EpochDisagrees, "The same time came as text and as a number, and the two disagree.", &["score_practice"]),
    (
        Rule::RatingMissing,
        "An objective of an exercise came without a rating.",
        &["score_practice", "score_evidence_cover"],
    ),
    (Rule::ObservedBeforeInject, "Something was observed before it was injected.", &["score_practice"]),
    (Rule::ActionWithoutOwner, "Nobody owns a corrective action.", &["score_paper"]),
    (Rule::AttemptGap, "A second attempt was recorded without a first.", &["score_practice"]),
    (Rule::DecidedBeforeAsked, "A decision is older than its question.", &["decision_latency"]),
    (
        Rule::ObjectiveWithoutRating,
        "An objective of a drill came without a rating: it counts nowhere.",
        &["score_practice", "score_evidence_cover"],
    ),
    (Rule::FingerprintMissing, "A finding of a drill cannot be recognised when it comes back.", &["score_practice"]),
    (Rule::PlantedUnmarked, "A wrong recommendation is not marked as planted.", &["agent_acceptance", "agent_bias"]),
    (Rule::StepsOverlap, "Steps of an exercise overlap in time.", &["score_practice"]),
    (Rule::StatusUnknown, "No list knows the status.", &["score_evidence_cover"]),
    (Rule::NewestFirst, "Entries came from the newest to the oldest; they are put in order.", &["label_seconds"]),
    (Rule::DuplicateEntry, "The same entry came twice; it counts once.", &["flow_arrivals"]),
    (
        Rule::AutoResolved,
        "The service or a timer resolved it: nobody says that it is gone.",
        &["wall_open_share", "exit_share"],
    ),
    (Rule::EscalationExhausted, "Nobody was left to escalate to.", &["decision_latency"]),
    (Rule::AckTimedOut, "An acknowledgement ran out, and the incident was open again.", &["label_seconds"]),
    (Rule::DoneNotClosed, "It is done and was never closed.", &["backlog_open", "sla_records"]),
    (Rule::UnmatchedState, "No list knows the state.", &["label_seconds", "process_fitness"]),
    (Rule::NoTimestamp, "An entry came without a time.", &["process_fitness", "label_seconds"]),
    (
        Rule::VerifiedMeansTriaged,
        "The tool says `verified` and means that a finding is real, not that it is gone.",
        &["wall_median_strict"],
    ),
    (
        Rule::MitigatedByReimport,
        "It was closed because a later upload lacked it.",
        &["wall_open_share", "flow_resolutions"],
    ),
    (
        Rule::HistoryRewritten,
        "The tool took a close out of its history: the close is kept, and it counts as found again.",
        &["recurrence_90", "mttr_closed"],
    ),
    (Rule::SlaRestarted, "The promised time began again.", &["sla_percent", "distortion_d3"]),
    (
        Rule::KevCopyOld,
        "The list of exploited weaknesses is older than thirty days.",
        &["kev_on_time", "kev_open_past_due"],
    ),
    (
        Rule::DueBeforeAdded,
        "An entry of the list of exploited weaknesses is due before it was added.",
        &["kev_on_time"],
    ),
    (Rule::EpssWithoutDate, "Scores of exploitation came without their date.", &["risk_coverage"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_every_reader_is_explained_once_and_says_what_it_could_move() {
        for rule in Rule::ALL {
            let told = MEANINGS.iter().filter(|(known, ..)| known == rule).count();
            assert_eq!(told, 1, "{rule}");
            let meaning = rule.meaning().unwrap();
            assert!(meaning.sentence.ends_with('.') && !meaning.moves.is_empty(), "{rule}");
            assert_eq!(Rule::of_word(rule.as_str()), Some(*rule));
        }
        assert_eq!(MEANINGS.len(), Rule::ALL.len());
        assert_eq!(Rule::of_word("weather"), None);
    }
}
