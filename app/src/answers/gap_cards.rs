//! Where the time went, and whether it is getting better.

use metrics::real::days as in_days;
use service::question::{
    gap::{Gap, TimePart},
    trend::TrendMonth as Month,
};

use super::answer::{bracketed, days, days_range};
use super::asking::Asking;
use super::chart::{Widths, drawn};
use super::explained_gap::explained;
use super::gap::first_part;
use crate::components::{CardView, Shown, StateView};
use crate::format;
use crate::sentence::Sentence;
use crate::words::gap as words;
use render::chart::label_name as label_words;
use render::chart::{LabelPart, LabelSplit, Trend, TrendMonth, label_split, trend};

/// A line through fewer months says nothing.
const TREND_MONTHS_MIN: usize = 3;

/// Every second of every spell by its label.
pub(crate) fn split(asking: &Asking, gap: &Gap) -> CardView {
    let board = gap.time.board_share.map_or_else(|| "none".to_owned(), format::share);
    let parts: Vec<&TimePart> = gap.time.parts.iter().filter(|part| part.seconds > 0).collect();
    let model = LabelSplit {
        title: "Where the time went".to_owned(),
        description: format!("Days of exposure by label; the report counts {board} of them."),
        parts: parts.iter().map(|part| label_part(part)).collect(),
    };
    let largest = first_part(gap).map_or_else(String::new, |part| {
        let share = part.share.map_or_else(String::new, format::share);
        format!(" The largest part, {share}, was {}.", label_words(part.label))
    });
    let mut caption = Sentence::plain(words::SPLIT_UNIT).and(" Items: ");
    for (place, part) in parts.iter().enumerate() {
        let lead = if place == 0 { "" } else { ", " };
        caption = caption
            .and(format!("{lead}{} ", label_words(part.label)))
            .link(format::count(part.items), asking.items(|filter| filter.label = Some(part.label)));
    }
    CardView {
        id: "time".to_owned(),
        title: format!("The report shows {board} of the time that weaknesses existed.{largest}"),
        note: Sentence::plain(format!(
            "{} days of exposure, {}; each second has one label.",
            format::days(in_days(gap.time.total_seconds)),
            format::counted(gap.basis.items, "item", "items"),
        )),
        chart: Shown::Ready(drawn(&model, label_split, Widths::FULL)),
        caption: caption.and("."),
        explain: explained(asking, gap, "label_seconds"),
    }
}

fn label_part(part: &TimePart) -> LabelPart {
    let share = part.share.unwrap_or_default();
    LabelPart {
        label: part.label,
        share,
        share_text: format::share(share),
        days_text: format!("{} days", format::days(in_days(part.seconds))),
    }
}

/// Medians and the mean of the report, month by month.
pub(crate) fn trend_card(asking: &Asking, gap: &Gap, months: &[Month]) -> CardView {
    let known = months
        .iter()
        .filter(|month| month.median_strict.value().is_some() || month.tool_mean.value().is_some())
        .count();
    let chart = if known < TREND_MONTHS_MIN {
        Shown::Note(StateView {
            state: format!("too few ({}, needs {TREND_MONTHS_MIN})", format::counted(known as u64, "month", "months")),
            next: Sentence::plain("The line begins when three month ends are known; ")
                .link("bring older events", "/sources#import")
                .and(" to see further back."),
        })
    } else {
        Shown::Ready(drawn(&model(gap, months), trend, Widths::FULL))
    };
    CardView {
        id: "trend".to_owned(),
        title: title(months),
        note: "Days, as of each month's end, over the twelve months before it.".into(),
        chart,
        caption: Sentence::plain(
            "Each month is told with all that is known today: a late event restates the months it touches.",
        ),
        explain: explained(asking, gap, "wall_median_strict"),
    }
}

fn title(months: &[Month]) -> String {
    let known: Vec<f64> = months.iter().filter_map(|month| month.median_strict.value()).collect();
    match (known.first(), known.last()) {
        (Some(first), Some(last)) if known.len() >= TREND_MONTHS_MIN => {
            let change = last - first;
            let word = if change > 0.0 { "longer" } else { "shorter" };
            format!(
                "The median life of a weakness is {} days {word} than {} months ago.",
                format::days(change.abs()),
                known.len() - 1
            )
        }
        _ => "Whether it gets better cannot be said yet.".to_owned(),
    }
}

fn model(gap: &Gap, months: &[Month]) -> Trend {
    let last = months.last();
    let end = |text: Option<String>, words: &str| text.map_or_else(String::new, |text| format!("{text} {words}"));
    let value = |pick: fn(&Month) -> Option<f64>| last.and_then(pick).map(format::days);
    Trend {
        title: "Median days until verified, and the mean as reported, by month".to_owned(),
        description: title(months),
        months: months.iter().map(month).collect(),
        promised_days: gap.days.promised_mean,
        promised_text: gap
            .days
            .promised_mean
            .map_or_else(String::new, |days| format!("promised, {}", format::promised_days(days))),
        strict_text: end(value(|month| month.median_strict.value()), "until verified"),
        lenient_text: end(value(|month| month.median_lenient.value()), "closures believed"),
        reported_text: end(value(|month| month.tool_mean.value()), "as reported"),
        breaks: Vec::new(),
    }
}

fn month(month: &Month) -> TrendMonth {
    let text = |answer| format!("{}{}", days(answer), bracketed(&days_range(answer)));
    TrendMonth {
        // A month is named after its last day, not after the midnight that ends it.
        name: format::month(month.as_of.plus(-1)),
        strict: month.median_strict.value(),
        lenient: month.median_lenient.value(),
        reported: month.tool_mean.value(),
        strict_text: text(&month.median_strict),
        lenient_text: text(&month.median_lenient),
        reported_text: text(&month.tool_mean),
    }
}
