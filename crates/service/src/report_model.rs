//! What does the board get to read? The answers of the pages, in the sentences and tables of one report.

mod printed;

use crate::{
    authorise::{Caller, Object, authorise, proof},
    error::ServiceError,
    question::{
        ask::Ask,
        clocks::Clocks,
        gap::{Gap, TimeSplit, largest},
    },
    services::Services,
};
use domain::{time::Timestamp, view::Verification};
use metrics::{answer::Answer, flow::age_bands::AgeBand, ledger::ItemSet, real::days as in_days};
use printed::{count, date, days, days_answer, share, share_answer, share_range, why_not};
use render::{
    chart::{LabelPart, LabelSplit, label_name, label_split},
    report::{CHART_WIDTH, Chart, Figure, Message, Model, Pair, SCHEMA_VERSION, Table, Watermark},
    svg::Size,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The version of the definitions the figures follow.
const DEFINITIONS: &str = "v1";
/// Digits of the report's own name: enough to tell the reports of an organisation apart.
const NAME_DIGITS: usize = 8;

/// What a report says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Whose report it is.
    pub organisation: String,
    /// Whether everything in it is fictional.
    pub watermark: Watermark,
    /// `internal`; empty for none.
    pub classification: String,
    /// When it was frozen.
    pub frozen_at: Timestamp,
}

impl Services {
    /// The board report of a view.
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn board_report(&self, caller: &Caller, ask: &Ask, about: &About) -> Result<Model, ServiceError> {
        authorise::<proof::ReportsRead>(caller, Object::OwnOrg)?;
        // One moment for the whole report: without it each question would take its own present.
        let view = self.view_of(caller.org, ask).await?;
        let ask = Ask {
            filter: ask.filter.clone(),
            as_of: Some(view.as_of),
            known_at: Some(view.known_at),
            observed_from: Some(view.observed_from),
        };
        let gap = self.gap(caller, &ask).await?;
        let clocks = self.clocks(caller, &ask).await?;
        Ok(board_model(&gap, &clocks, about))
    }
}

/// The report of two answers over the same view.
#[must_use]
pub fn board_model(gap: &Gap, clocks: &Clocks, about: &About) -> Model {
    let basis = &gap.basis;
    let period = format!("{} – {}", date(basis.observed_from), date(basis.as_of.plus(-1)));
    let is_empty = basis.items == 0;
    let mut model = Model {
        schema: SCHEMA_VERSION,
        title: format!("Board report, {}, {period}", about.organisation),
        organisation: about.organisation.clone(),
        subject: format!("Board report, {period}"),
        language: "en".to_owned(),
        report_id: String::new(),
        as_of: basis.as_of.to_string(),
        known_at: basis.known_at.to_string(),
        frozen_at: about.frozen_at.to_string(),
        data_hash: String::new(),
        definitions: DEFINITIONS.to_owned(),
        classification: about.classification.clone(),
        watermark: about.watermark,
        question: "Are we as safe as the report says?".to_owned(),
        verdict: verdict(gap),
        pair: (!is_empty).then(|| pair(gap)),
        messages_title: "Three messages".to_owned(),
        messages: if is_empty { Vec::new() } else { messages(gap, clocks) },
        charts: chart(&gap.time, basis.items).into_iter().collect(),
        tables_title: tables_title(gap),
        tables_note: (!is_empty)
            .then(|| "Strict: ended when verified. Lenient: ended when closed. Intervals are 90 %.".to_owned()),
        tables: if is_empty { Vec::new() } else { vec![wall_table(gap, clocks), open_table(gap)] },
        missing_title: "What cannot be said yet".to_owned(),
        missing: missing(gap),
        decisions_title: "Decisions asked".to_owned(),
        decisions: Vec::new(),
    };
    name(&mut model);
    model
}

/// The hash speaks of the figures alone, so the moment of freezing stays out of it.
fn name(model: &mut Model) {
    let timeless = Model { frozen_at: String::new(), ..model.clone() };
    // A model is plain data: it always has a JSON form.
    let bytes = serde_json::to_vec(&serde_json::to_value(&timeless).unwrap_or_default()).unwrap_or_default();
    let mut digits = String::new();
    for byte in Sha256::digest(&bytes) {
        let written = write!(digits, "{byte:02x}");
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
    let short: String = digits.chars().take(NAME_DIGITS).collect();
    model.report_id = format!("R-{}-{short}", model.as_of.get(..10).unwrap_or_default());
    model.data_hash = digits;
}

fn verdict(gap: &Gap) -> String {
    if gap.basis.items == 0 {
        return "There is nothing to report yet: no events have arrived.".to_owned();
    }
    let paper = match gap.reported {
        Answer::Known { value, .. } => format!("The report says {} on time.", share(value)),
        Answer::Unknown(why) => format!("The report says nothing about time: {}.", why_not(why)),
    };
    let practice = match gap.on_time {
        Answer::Known { value, .. } => {
            format!("Gone by the promised day: {}{}.", share(value), share_range(&gap.on_time))
        }
        Answer::Unknown(why) => format!("Gone by the promised day: {}.", why_not(why)),
    };
    format!("{paper} {practice}")
}

fn pair(gap: &Gap) -> Pair {
    Pair {
        paper: Figure {
            name: "On paper".to_owned(),
            share: gap.reported.value(),
            value: gap.reported.value().map_or_else(|| share_answer(&gap.reported), share),
            note: format!("of {} SLA records met their deadline, says the ticket tool", count(gap.records.of())),
        },
        practice: Figure {
            name: "In practice".to_owned(),
            share: gap.on_time.value(),
            value: gap.on_time.value().map_or_else(|| share_answer(&gap.on_time), share),
            note: format!(
                "of {} weaknesses were gone by the promised day{}",
                count(gap.promises.of()),
                range_note(&gap.on_time)
            ),
        },
        gap: apart(gap),
    }
}

fn range_note(answer: &Answer<f64>) -> String {
    let range = share_range(answer);
    let inside = range.trim_start_matches(" (").trim_end_matches(')');
    if inside.is_empty() { String::new() } else { format!(" (90 % interval {inside})") }
}

/// A gap may be called one only where its interval leaves 0 out.
fn apart(gap: &Gap) -> String {
    match (gap.apart.value(), gap.apart.interval().and_then(|range| range.lower)) {
        (Some(value), Some(lower)) if lower > 0.0 => format!("{:.1} points apart.", value * 100.0),
        (Some(_), _) => "No gap shown by the evidence.".to_owned(),
        (None, _) => "Too little evidence to compare the two.".to_owned(),
    }
}

fn messages(gap: &Gap, clocks: &Clocks) -> Vec<Message> {
    vec![long_life(gap, clocks), clock_off(&gap.time), backlog(gap)]
}

fn long_life(gap: &Gap, clocks: &Clocks) -> Message {
    let head = match gap.days.median_strict {
        Answer::Known { value, .. } => format!("Half live longer than {} days.", days(value)),
        Answer::Unknown(why) => format!("How long half of them live: {}.", why_not(why)),
    };
    let promised = gap.days.promised_mean.map(|mean| format!("Promised were {} days on average.", days(mean)));
    let year = clocks.strict.open_share.iter().find(|(age, _)| *age == 365).and_then(|(_, open)| open.value());
    let year = year.map(|open| format!("{} are still there after a year.", share(open)));
    Message { head, text: [promised, year].into_iter().flatten().collect::<Vec<_>>().join(" ") }
}

fn clock_off(time: &TimeSplit) -> Message {
    let shown = time.board_share.map_or_else(|| "no time has passed".to_owned(), share);
    let parts: Vec<String> = largest(time, 3)
        .iter()
        .map(|part| format!("{} {}", label_name(part.label), share(part.share.unwrap_or_default())))
        .collect();
    Message {
        head: format!("The report shows {shown} of the time."),
        text: format!("Largest parts of all days of exposure: {}.", parts.join(", ")),
    }
}

fn backlog(gap: &Gap) -> Message {
    let flow = &gap.flow;
    let head = match flow.net() {
        net if net > 0 => "The backlog grows.",
        0 => "The backlog stands still.",
        _ => "The backlog shrinks.",
    };
    let old = flow.age_bands.iter().find(|(band, _)| *band == AgeBand::Longer).map_or(0, |(_, count)| count);
    Message {
        head: head.to_owned(),
        text: format!(
            "{} arrived and {} ended in {} days: {} are open, {} of them for over a year.",
            count(flow.arrivals),
            count(flow.resolved),
            days(flow.window_days),
            count(flow.open_now),
            count(old)
        ),
    }
}

fn chart(time: &TimeSplit, items: u64) -> Option<Chart> {
    let parts: Vec<LabelPart> = time
        .parts
        .iter()
        .filter_map(|part| {
            let size = part.share.filter(|_| part.seconds > 0)?;
            let days_text = format!("{} days", days(in_days(part.seconds)));
            Some(LabelPart { label: part.label, share: size, share_text: share(size), days_text })
        })
        .collect();
    let spoken: Vec<String> =
        parts.iter().map(|part| format!("{} {}", label_name(part.label), part.share_text)).collect();
    let shown = share(time.board_share?);
    let split = LabelSplit {
        title: "Where the time went".to_owned(),
        description: format!("Days of exposure by label: {}.", spoken.join(", ")),
        parts,
    };
    let svg = label_split(&split, Size::of_width(CHART_WIDTH));
    let note = format!(
        "{} days of exposure, n = {} items; each second has one label.",
        days(in_days(time.total_seconds)),
        count(items)
    );
    Some(Chart::of(&svg, &format!("{shown} of the time that weaknesses existed was shown to the board."), &note))
}

fn tables_title(gap: &Gap) -> String {
    match gap.days.over_promise {
        Some(times) if times > 1.0 => format!("Half of all weaknesses live {times:.1} times as long as promised."),
        Some(_) => "Half of all weaknesses end within what was promised.".to_owned(),
        None => "How long it takes.".to_owned(),
    }
}

fn row<const N: usize>(cells: [String; N]) -> Vec<String> {
    cells.into()
}

fn wall_table(gap: &Gap, clocks: &Clocks) -> Table {
    let lived = |name: &str, answer: &Answer<f64>, rows: u64| row([name.to_owned(), days_answer(answer), count(rows)]);
    let (strict, lenient) = (&clocks.strict, &clocks.lenient);
    let mut rows = Vec::new();
    if let Some(promised) = gap.days.promised_mean {
        rows.push(row(["Promised, on average".to_owned(), days(promised), count(strict.rows)]));
    }
    let closed = gap.records.of().saturating_sub(gap.exempt_records);
    rows.push(lived("As reported, mean", &gap.days.tool_mean, closed));
    rows.push(lived("Half ended, closures believed", &lenient.median, lenient.rows));
    rows.push(lived("Half ended, until verified", &strict.median, strict.rows));
    rows.push(lived("Three quarters ended", &strict.p75, strict.rows));
    for (age, open) in strict.open_share.iter().filter(|(age, _)| [90, 365].contains(age)) {
        rows.push(row([format!("Still open after {age} days"), share_answer(open), count(strict.rows)]));
    }
    Table {
        caption: "How long it takes, days".to_owned(),
        weight: 5,
        header: row(["Days".to_owned(), "Value".to_owned(), "n".to_owned()]),
        rows,
    }
}

/// Counts a report leaves out.
fn open_table(gap: &Gap) -> Table {
    let sized = |wanted| gap.left_out.sets.iter().find(|(set, _)| *set == wanted).map_or(0, |(_, size)| *size);
    let rows = [
        ("Open", ItemSet::StillOpen),
        ("Open for longer than promised", ItemSet::Overdue),
        ("Open, and nobody has acted", ItemSet::NeverTouched),
        ("Under an exception", ItemSet::Exempt),
        ("Closed at least once and seen again", ItemSet::SeenAgain),
        ("Left out of the report by class", ItemSet::Excluded),
    ];
    let mut rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, set)| row([name.to_owned(), count(sized(set))])).collect();
    let kept = gap.left_out.exploited_on_time;
    if kept.of() > 0 {
        let name = "Known to be exploited, ended by the due date".to_owned();
        rows.push(row([name, format!("{} of {}", count(kept.part()), count(kept.of()))]));
    }
    Table {
        caption: "What the report leaves out, items".to_owned(),
        weight: 4,
        header: row(["Items".to_owned(), "Count".to_owned()]),
        rows,
    }
}

/// What cannot be said, and what would make it sayable.
fn missing(gap: &Gap) -> Vec<String> {
    let mut missing = Vec::new();
    let mut note = |answer: &Answer<f64>, what: &str, next: &str| {
        if let Some(why) = answer.why_not() {
            missing.push(format!("{what}: {}. {next}", why_not(why)));
        }
    };
    note(&gap.reported, "The share on time, as reported", "Import the ticket tool's export.");
    note(&gap.on_time, "The share gone by the promised day", "Import a scanner's findings, with their ends.");
    let median = match gap.basis.mode {
        Verification::Strict => &gap.days.median_strict,
        Verification::Lenient => &gap.days.median_lenient,
    };
    note(median, "The age by which half have ended", "It shows once half of those watched have ended.");
    let imputed = gap.basis.origin_imputed;
    if imputed.part() > 0 {
        let sizes = format!("{} of {} items", count(imputed.part()), count(imputed.of()));
        missing.push(format!("When {sizes} were first seen: their wall clocks are lower bounds."));
    }
    if let Some(from) = gap.days.conditional_from {
        missing.push(format!("How many end before day {}: too few were watched that young.", days(from)));
    }
    missing
}
