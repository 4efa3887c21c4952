//! The board report of the same fictional organisation.

use domain::label::Label;
use render::chart::{LabelPart, LabelSplit, label_split};
use render::report::{CHART_WIDTH, Chart, Figure, Message, Model, Pair, SCHEMA_VERSION, Table, Watermark};
use render::svg::Size;

pub(crate) fn split() -> LabelSplit {
    let part = |label, share: f64, share_text: &str, days_text: &str| LabelPart {
        label,
        share,
        share_text: share_text.to_owned(),
        days_text: days_text.to_owned(),
    };
    LabelSplit {
        title: "Where the time went".to_owned(),
        description: "Days of exposure by label: off calendar 25.4 %, untracked 22.3 %, exception 12.8 %.".to_owned(),
        parts: vec![
            part(Label::OnClockFinal, 0.068, "6.8 %", "55 572 days"),
            part(Label::OnClockReset, 0.045, "4.5 %", "36 796 days"),
            part(Label::OffCalendar, 0.254, "25.4 %", "206 496 days"),
            part(Label::Paused, 0.116, "11.6 %", "94 539 days"),
            part(Label::Exception, 0.128, "12.8 %", "104 217 days"),
            part(Label::Untracked, 0.223, "22.3 %", "181 579 days"),
            part(Label::AwaitingVerification, 0.018, "1.8 %", "14 833 days"),
            part(Label::FalselyClosed, 0.038, "3.8 %", "30 582 days"),
            part(Label::ClosedUnverified, 0.109, "10.9 %", "88 977 days"),
        ],
    }
}

pub(crate) fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

pub(crate) fn message(head: &str, text: &str) -> Message {
    Message { head: head.to_owned(), text: text.to_owned() }
}

pub(crate) fn wall_table() -> Table {
    Table {
        caption: "How long it takes, days".to_owned(),
        weight: 5,
        header: words(["Days", "Median", "n"]),
        rows: vec![
            words(["Promised, on average", "47.9", "3 998"]),
            words(["As reported, mean of closed", "15.2", "4 203"]),
            words(["In practice, closures believed", "135 (126–145)", "3 973"]),
            words(["In practice, until verified", "197 (181–209)", "3 973"]),
            words(["p75, until verified", "449", "3 973"]),
            words(["Still open after 365 days", "31.6 %", "951"]),
        ],
    }
}

pub(crate) fn sample() -> Model {
    let svg = label_split(&split(), Size::of_width(CHART_WIDTH));
    let chart_title = "The SLA clock was running for 11 % of the time that weaknesses existed.";
    Model {
        schema: SCHEMA_VERSION,
        title: "Board report, Aldergate Mutual, 1 Jul 2025 – 30 Jun 2026".to_owned(),
        organisation: "Aldergate Mutual".to_owned(),
        subject: "Board report, 1 Jul 2025 – 30 Jun 2026".to_owned(),
        language: "en".to_owned(),
        report_id: "R-2026-0007".to_owned(),
        as_of: "2026-07-01T00:00:00Z".to_owned(),
        known_at: "2026-07-01T00:00:00Z".to_owned(),
        frozen_at: "2026-07-02T08:30:00Z".to_owned(),
        data_hash: "9f2c4e81d07ab3569f2c4e81d07ab356".to_owned(),
        definitions: "v1".to_owned(),
        classification: "internal".to_owned(),
        watermark: Watermark::Sample,
        question: "Are we as safe as the report says?".to_owned(),
        verdict: "The report says 96.7 % on time. Proven gone by the promised day: 14.2 % (12.9–15.7).".to_owned(),
        pair: Some(Pair {
            paper: Figure {
                name: "On paper".to_owned(),
                share: Some(0.967),
                value: "96.7 %".to_owned(),
                note: "of 4 203 SLA records met their deadline, says the ticket tool".to_owned(),
            },
            practice: Figure {
                name: "In practice".to_owned(),
                share: Some(0.142),
                value: "14.2 %".to_owned(),
                note: "of 2 309 weaknesses were gone by the promised day (95 % interval 12.9–15.7)".to_owned(),
            },
            gap: "82.5 points apart. Pauses and resets make up two thirds of it.".to_owned(),
        }),
        messages_title: "Three messages".to_owned(),
        messages: vec![
            message(
                "Half live longer than 197 days.",
                "Promised were 47.9 days on average. One in three is still there after a year.",
            ),
            message(
                "The clock was off most of the time.",
                "It ran for 11 % of the days of exposure; nights, waiting and exceptions make up half.",
            ),
            message(
                "The backlog grows.",
                "2 705 arrived and 2 037 ended in twelve months: 1 983 are open, 486 of them for over a year.",
            ),
        ],
        charts: vec![Chart::of(
            &svg,
            chart_title,
            "813 591 days of exposure, n = 3 998 items; each second has one label.",
        )],
        tables_title: "Half of all weaknesses live four times as long as promised.".to_owned(),
        tables_note: Some("Strict: ended when verified. Lenient: ended when closed. 95 % intervals.".to_owned()),
        tables: vec![wall_table(), Table::of(&svg.table, "Where the time went", 4)],
        missing_title: "What cannot be said yet".to_owned(),
        missing: Vec::new(),
        decisions_title: "Decisions asked".to_owned(),
        decisions: Vec::new(),
    }
}

/// An organisation without an event.
pub(crate) fn empty() -> Model {
    Model {
        verdict: "There is nothing to report yet: no events have arrived.".to_owned(),
        pair: None,
        messages: Vec::new(),
        charts: Vec::new(),
        tables: Vec::new(),
        missing: words([
            "The share on time, as reported: no SLA record has been seen. Import the ticket tool's export.",
            "The share verified by the promised day: no weakness has been seen. Import a scanner's findings.",
        ]),
        watermark: Watermark::Draft,
        ..sample()
    }
}
