//! How does an answer of the ledger read? Its value, its interval, or why there is neither.

use metrics::answer::{Answer, WhyNot};
use metrics::real::days as in_days;

use crate::components::{FigureValue, FigureView, Side};
use crate::format;

/// `too few (n = 4, needs 10)`, `not reached`, `no evidence`.
pub(crate) fn why(reason: WhyNot) -> String {
    match reason {
        WhyNot::TooFew { count, needed } => {
            format!("too few (n = {}, needs {})", format::count(count), format::count(needed))
        }
        WhyNot::NotReached { .. } => "not reached".to_owned(),
        WhyNot::NoEvidence => "no evidence".to_owned(),
    }
}

/// `14.2 %`, or why there is none.
pub(crate) fn share(answer: &Answer<f64>) -> String {
    text(answer, format::share)
}

/// `197`, or why there is none.
pub(crate) fn days(answer: &Answer<f64>) -> String {
    text(answer, format::days)
}

fn text(answer: &Answer<f64>, write: fn(f64) -> String) -> String {
    match answer {
        Answer::Known { value, .. } => write(*value),
        Answer::Unknown(reason) => why(*reason),
    }
}

/// `12.9–15.7`; empty without an interval.
pub(crate) fn share_range(answer: &Answer<f64>) -> String {
    match answer.interval().map(|range| (range.lower, range.upper)) {
        Some((Some(lower), Some(upper))) => format::share_interval(lower, upper),
        Some(_) | None => String::new(),
    }
}

/// `181–209`; empty without an interval.
pub(crate) fn days_range(answer: &Answer<f64>) -> String {
    match answer.interval().map(|range| (range.lower, range.upper)) {
        Some((Some(lower), upper)) => format::days_interval(lower, upper),
        Some((None, _)) | None => String::new(),
    }
}

/// How the interval of a share came about, for whoever asks what the figure means.
pub(crate) fn share_interval_words(answer: &Answer<f64>) -> String {
    interval_words(answer, format::share_interval)
}

/// How the interval of a figure in days came about.
pub(crate) fn days_interval_words(answer: &Answer<f64>) -> String {
    interval_words(answer, |lower, upper| format::days_interval(lower, Some(upper)))
}

fn interval_words(answer: &Answer<f64>, write: fn(f64, f64) -> String) -> String {
    let drawn = "90 % interval from 400 draws, in which whatever ended together is drawn together";
    let Some(batches) = answer.interval().and_then(|range| range.batches) else {
        return drawn.to_owned();
    };
    let few = if batches.are_few() {
        format!("; it rests on few batches: {}", format::count(batches.clusters))
    } else {
        String::new()
    };
    let beside = match (batches.formula, batches.design_effect) {
        (Some((Some(lower), Some(upper))), Some(effect)) => {
            format!("; counted one by one {} (design effect {effect:.1})", write(lower, upper))
        }
        (None, Some(effect)) => format!("; counted one by one it would be too narrow: design effect {effect:.1}"),
        _ => String::new(),
    };
    format!("{drawn}{few}{beside}")
}

/// The text in brackets after a space; nothing where there is none.
pub(crate) fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// What is said of an age that was not reached: for how long anybody was watched.
pub(crate) fn not_reached(answer: &Answer<f64>, left: &str) -> Option<String> {
    match answer.why_not()? {
        WhyNot::NotReached { observed_seconds } => {
            Some(format!("more than {left} still open after {} days", format::days(in_days(observed_seconds))))
        }
        WhyNot::TooFew { .. } | WhyNot::NoEvidence => None,
    }
}

/// A figure over days.
pub(crate) fn days_figure(label: &str, answer: &Answer<f64>, href: Option<String>, note: String) -> FigureView {
    figure(label, answer, format::days, "days", href, note)
}

/// A figure over a share.
pub(crate) fn share_figure(label: &str, answer: &Answer<f64>, href: Option<String>, note: String) -> FigureView {
    figure(label, answer, format::share, "", href, note)
}

fn figure(
    label: &str,
    answer: &Answer<f64>,
    write: fn(f64) -> String,
    unit: &str,
    href: Option<String>,
    note: String,
) -> FigureView {
    let value = match answer {
        Answer::Known { value, .. } => FigureValue::Known { text: write(*value), unit: unit.to_owned(), href },
        Answer::Unknown(reason) => FigureValue::Words(why(*reason)),
    };
    FigureView { label: label.to_owned(), value, note, side: Side::Neither, explain: None }
}
