//! The curve of all weaknesses, ready to be drawn.

use metrics::answer::Answer;
use service::question::clocks::{Clocks, CurveAnswer, CurvePoint as Point};

use super::answer::{bracketed, days_range, not_reached, share};
use crate::format;
use crate::words::clocks as words;
use render::chart::{AtRisk, Curve, CurvePoint, Promise, QuantileMark, ReportedPoint, Survival};

/// What a page shows of a curve: a year, or longer where the promise reaches further.
const HORIZON_DAYS: f64 = 365.0;

/// The survival chart of the answer.
pub(crate) fn model(clocks: &Clocks) -> Survival {
    let strict = &clocks.strict;
    Survival {
        title: words::SURVIVAL.to_owned(),
        description: description(strict),
        horizon_days: HORIZON_DAYS,
        curves: vec![curve(clocks)],
        promise: clocks.promised_mean.map(|days| Promise {
            days,
            text: format!("promised: {} days on average", format::promised_days(days)),
            still_open: clocks
                .open_at_promise
                .value()
                .map(|open| (open, format!("{} still open", format::share(open)))),
        }),
        reported: reported(clocks),
        at_risk: strict
            .at_risk
            .iter()
            .map(|(days, count)| AtRisk { days: metrics::real::whole(*days), text: format::count(*count) })
            .collect(),
        at_risk_text: "at risk".to_owned(),
    }
}

fn description(strict: &CurveAnswer) -> String {
    let half = match &strict.median {
        Answer::Known { value, .. } => {
            format!("half are still open after {} days{}", format::days(*value), bracketed(&days_range(&strict.median)))
        }
        Answer::Unknown(_) => not_reached(&strict.median, "half").unwrap_or_else(|| "too few for a median".to_owned()),
    };
    let year = strict
        .open_share
        .iter()
        .find(|(days, _)| *days == 365)
        .map_or_else(String::new, |(_, open)| format!("; after a year {}", share(open)));
    format!(
        "Of {}, {half}{year}; {} are open now and count for as long as they were watched.",
        format::counted(strict.rows, "spell", "spells"),
        format::count(strict.rows - strict.ended),
    )
}

fn reported(clocks: &Clocks) -> Option<ReportedPoint> {
    let (days, open) = (clocks.promised_mean?, clocks.reported_open_at_promise?);
    let apart = clocks
        .open_at_promise
        .value()
        .map_or_else(String::new, |real| format!("{:.0} points apart", (real - open) * 100.0));
    Some(ReportedPoint {
        days,
        share: open,
        text: format!("where the SLA report puts the curve: {} still open", format::share(open)),
        short_text: format!("reported: {} open", format::share(open)),
        gap_text: apart,
    })
}

fn curve(clocks: &Clocks) -> Curve {
    let (strict, lenient) = (&clocks.strict, &clocks.lenient);
    let inside = |points: &[Point]| points.iter().filter(|point| point.days <= HORIZON_DAYS).map(point).collect();
    let year = |curve: &CurveAnswer| {
        curve.open_share.iter().find(|(days, _)| *days == 365).map(|(_, open)| share(open)).unwrap_or_default()
    };
    let (own, believed) = (year(strict), year(lenient));
    Curve {
        name: "all".to_owned(),
        strict: inside(&strict.points),
        lenient: inside(&lenient.points),
        censored_days: strict.censored.iter().copied().filter(|days| *days <= HORIZON_DAYS).collect(),
        marks: vec![median_mark(strict)],
        lenient_median_days: lenient.median.value(),
        lenient_median_text: lenient.median.value().map_or_else(String::new, |days| {
            format!("lenient: {} days{}", format::days(days), bracketed(&days_range(&lenient.median)))
        }),
        end_text: format!("{own} after a year"),
        end_note: "strict: until verified".to_owned(),
        end_short_text: own,
        lenient_end_text: format!("{believed}, lenient:"),
        lenient_end_note: "closures believed".to_owned(),
        lenient_end_short_text: format!("lenient {believed}"),
    }
}

fn point(point: &Point) -> CurvePoint {
    CurvePoint { days: point.days, share: point.open, low: point.lower, high: point.upper }
}

fn median_mark(strict: &CurveAnswer) -> QuantileMark {
    let median = &strict.median;
    let range = median.interval();
    let interval_text = bracketed(&days_range(median)).trim().to_owned();
    let (text, short_text) = median.value().map_or_else(
        || {
            let words = not_reached(median, "half").unwrap_or_default();
            (words.clone(), "half: not reached".to_owned())
        },
        |days| {
            let days = format::days(days);
            (format!("half still open after {days} days {interval_text}"), format!("half after {days} days"))
        },
    );
    QuantileMark {
        share: 0.5,
        days: median.value(),
        low: range.and_then(|range| range.lower),
        high: range.and_then(|range| range.upper),
        text,
        short_text,
        interval_text,
    }
}
