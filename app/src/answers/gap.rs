//! The answer of the page `gap`.

use domain::view::Verification;
use metrics::answer::Answer;
use service::question::gap::{Gap, largest};

use super::answer::{bracketed, days_figure, days_range, share, share_figure, share_range};
use super::asking::{Asking, told};
use super::chart::{Widths, drawn};
use super::claims;
use super::explained_gap::explained;
use super::gap_cards::{split, trend_card};
use super::gap_rail::rail;
use crate::components::{ChartView, EmptyView, FigureView, Side};
use crate::error::UiError;
use crate::filter::ItemSet;
use crate::format;
use crate::pages::gap::{DaysView, GapBody, GapProof, GapView};
use crate::sentence::{Piece, Sentence};
use crate::words::gap as words;
use render::chart::{PairBar, PairSide, pair_bar};

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<GapView, UiError> {
    let asking = Asking::of(query).await?;
    let gap = asking.services.gap(&asking.caller, &asking.ask).await.map_err(told)?;
    if gap.basis.of_items == 0 {
        return Ok(empty());
    }
    let months = asking.services.trend(&asking.caller, &asking.ask).await.map_err(told)?;
    Ok(GapView {
        answer: answer(&gap),
        body: GapBody::Full(Box::new(GapProof {
            paper: paper(&asking, &gap),
            practice: practice(&asking, &gap),
            claimed: claims::sentence(&asking, &gap),
            pair: pair(&gap),
            difference: difference(&asking, &gap),
            rail: rail(&asking, &gap),
            split: split(&asking, &gap),
            trend: trend_card(&asking, &gap, &months),
            days: days(&asking, &gap),
        })),
    })
}

fn empty() -> GapView {
    let steps = vec![
        Sentence::default().link("Import a file", "/sources#import").and(" with events: NDJSON, JSON or CSV."),
        Sentence::plain("Or send them as they happen: ").link("make a token", "/connect").and("."),
        Sentence::plain("Come back here: the first sentence needs one item that was seen and ticketed."),
    ];
    GapView {
        answer: vec![words::EMPTY_TITLE.to_owned()],
        body: GapBody::Empty(EmptyView {
            title: "What this page needs".to_owned(),
            why: words::EMPTY_WHY.to_owned(),
            steps,
        }),
    }
}

fn answer(gap: &Gap) -> Vec<String> {
    let reported = match &gap.reported {
        Answer::Known { .. } => format!("The report says {} on time.", share(&gap.reported)),
        Answer::Unknown(_) => format!("The report cannot say what was on time: {}.", share(&gap.reported)),
    };
    let range = bracketed(&share_range(&gap.on_time));
    let proven = match &gap.on_time {
        Answer::Known { .. } => format!("Proven gone by the promised day: {}{range}.", share(&gap.on_time)),
        Answer::Unknown(_) => format!("Proven gone by the promised day: {}.", share(&gap.on_time)),
    };
    vec![reported, proven]
}

fn paper(asking: &Asking, gap: &Gap) -> FigureView {
    let records = format::counted(gap.records.of(), "SLA record", "SLA records");
    let note = format!("of {records} met their deadline, says the report");
    FigureView {
        side: Side::Paper,
        explain: explained(asking, gap, "sla_percent"),
        ..share_figure("On paper", &gap.reported, Some(asking.set(ItemSet::Reported)), note)
    }
}

fn practice(asking: &Asking, gap: &Gap) -> FigureView {
    let due = format::counted(gap.promises.of(), "weakness was", "weaknesses were");
    let range = share_range(&gap.on_time);
    let range = if range.is_empty() { String::new() } else { format!("({range}) ") };
    let note = format!("{range}of {due} proven gone by the promised day");
    FigureView {
        side: Side::Practice,
        explain: explained(asking, gap, "on_time_matured"),
        ..share_figure("In practice", &gap.on_time, Some(asking.set(ItemSet::Kept)), note)
    }
}

fn pair(gap: &Gap) -> Option<ChartView> {
    let (reported, proven) = (gap.reported.value()?, gap.on_time.value()?);
    let side = |name: &str, answer: &Answer<f64>, with_range: bool| {
        let range = answer.interval().filter(|_| with_range);
        PairSide {
            name: name.to_owned(),
            share: answer.value(),
            low: range.and_then(|range| range.lower),
            high: range.and_then(|range| range.upper),
            value_text: share(answer),
            note: String::new(),
        }
    };
    let is_shown = gap.apart.interval().and_then(|range| range.lower).is_some_and(|lower| lower > 0.0);
    let points = (reported - proven) * 100.0;
    let gap_text =
        if is_shown { format!("{points:.1} points apart") } else { "no gap shown by the evidence".to_owned() };
    let model = PairBar {
        title: "On time as reported, and as proven".to_owned(),
        description: format!(
            "{} of SLA records met; {}{} of due weaknesses proven gone by the promised day.",
            share(&gap.reported),
            share(&gap.on_time),
            bracketed(&share_range(&gap.on_time)),
        ),
        paper: side("On paper", &gap.reported, false),
        practice: side("In practice", &gap.on_time, true),
        gap_text,
        gap_is_shown: is_shown,
    };
    Some(drawn(&model, pair_bar, Widths::BESIDE_RAIL))
}

fn difference(asking: &Asking, gap: &Gap) -> Sentence {
    let broken = gap.promises.of() - gap.promises.part();
    let list = asking.set(ItemSet::Broken);
    let still_there = |sentence: Sentence| {
        sentence.link(format::counted(broken, "item", "items"), list).and(if broken == 1 {
            " was still there on its promised day."
        } else {
            " were still there on their promised day."
        })
    };
    let (Some(reported), Some(proven)) = (gap.reported.value(), gap.on_time.value()) else {
        return still_there(Sentence::default());
    };
    let pieces = vec![
        Piece::Paper(format!("{:.1}", reported * 100.0)),
        Piece::Plain(" on paper, ".to_owned()),
        Piece::Practice(format!("{:.1}", proven * 100.0)),
        Piece::Plain(" in practice: ".to_owned()),
        Piece::Link {
            words: format!("{:.1} points", (reported - proven) * 100.0),
            href: asking.explanation("gap_points"),
        },
        Piece::Plain(" apart. ".to_owned()),
    ];
    still_there(Sentence(pieces))
}

fn days(asking: &Asking, gap: &Gap) -> DaysView {
    let lived = &gap.days;
    let over = lived.over_promise.map_or_else(String::new, |ratio| format!("; {ratio:.1} times the promise"));
    let rests_on = |answer: &Answer<f64>| {
        answer.count().map_or_else(String::new, |count| format!(", n = {}", format::count(count)))
    };
    let tool_note = format!(
        "working time of {}",
        format::counted(lived.tool_mean.count().unwrap_or(0), "closed record", "closed records")
    );
    let tool = FigureView {
        side: Side::Paper,
        explain: explained(asking, gap, "sla_tool_mean"),
        ..days_figure("mean as reported", &lived.tool_mean, Some(asking.set(ItemSet::Reported)), tool_note)
    };
    let promised = Answer::plain(lived.promised_mean, gap.basis.items);
    let watched = |mode| Some(asking.watched(mode));
    let promise_note = "mean over the same weaknesses, by severity at detection".to_owned();
    let lenient_note =
        format!("{}; closures believed{}", days_range(&lived.median_lenient), rests_on(&lived.median_lenient));
    let lenient_note = lenient_note.trim_start_matches("; ").to_owned();
    let strict_note = format!("{}{over}{}", days_range(&lived.median_strict), rests_on(&lived.median_strict));
    let strict = FigureView {
        side: Side::Practice,
        explain: explained(asking, gap, "wall_median_strict"),
        ..days_figure("median, strict", &lived.median_strict, watched(Verification::Strict), strict_note)
    };
    let lenient = FigureView {
        explain: explained(asking, gap, "wall_median_lenient"),
        ..days_figure("median, lenient", &lived.median_lenient, watched(Verification::Lenient), lenient_note)
    };
    let promise = FigureView {
        explain: explained(asking, gap, "promised_mean"),
        ..days_figure("promised on average", &promised, watched(asking.filter.mode), promise_note)
    };
    DaysView {
        title: days_title(gap),
        note: "Strict: ended when verified. Lenient: ended when closed. The truth lies between.".into(),
        figures: vec![tool, promise, lenient, strict],
    }
}

fn days_title(gap: &Gap) -> String {
    let lived = &gap.days;
    let reported = lived
        .tool_mean
        .value()
        .map_or_else(String::new, |mean| format!("Reported: {} days on average. ", format::days(mean)));
    let half = match &lived.median_strict {
        Answer::Known { value, .. } => {
            format!(
                "Half of all weaknesses live longer than {} days{}.",
                format::days(*value),
                bracketed(&days_range(&lived.median_strict))
            )
        }
        Answer::Unknown(_) => super::answer::not_reached(&lived.median_strict, "half").map_or_else(
            || "How long weaknesses live cannot be said yet.".to_owned(),
            |words| format!("{}.", format::capitalised(&words)),
        ),
    };
    format!("{reported}{half}")
}

/// The largest part of the time, for a title.
pub(crate) fn first_part(gap: &Gap) -> Option<service::question::gap::TimePart> {
    largest(&gap.time, 1).into_iter().next()
}
