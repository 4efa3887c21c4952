//! How long does it really take? The share of weaknesses still open, by age.

use super::axis::{Scale, held, in_words, share_grid};
use super::{survival_groups, survival_single};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, TextBox, width_of};

/// The curve right after `days`, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    pub days: f64,
    /// Share still open, 0 to 1.
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// The age by which some share has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileMark {
    /// Share still open at the mark: 0.5 for the median.
    pub share: f64,
    /// `None`: not reached inside the observed time.
    pub days: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// `half still open after 197 days (181–209)`
    pub text: String,
    /// `half after 197 days`, where the page is narrow; the interval follows on its own line.
    pub short_text: String,
    /// `(181–209)`
    pub interval_text: String,
}

/// One curve. Points are ordered by age; the curve starts at (0, 1) whether or not that point is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub name: String,
    /// An unverified closure counts as still open.
    pub strict: Vec<CurvePoint>,
    /// An unverified closure counts as ended; empty where only the strict curve is shown.
    pub lenient: Vec<CurvePoint>,
    /// Ages of some of those still open: ticks on the curve.
    pub censored_days: Vec<f64>,
    /// The median first, then p75 and p90.
    pub marks: Vec<QuantileMark>,
    pub lenient_median_days: Option<f64>,
    /// `lenient: 135 days (126–145)`
    pub lenient_median_text: String,
    /// `31.6 % after a year`, and under it `strict: until verified`.
    pub end_text: String,
    pub end_note: String,
    /// `31.6 %`, where the page is narrow.
    pub end_short_text: String,
    /// `19.5 %, lenient:`, and under it `closures believed`.
    pub lenient_end_text: String,
    pub lenient_end_note: String,
    /// `lenient 19.5 %`
    pub lenient_end_short_text: String,
}

/// What the policy says aloud.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    pub days: f64,
    /// `promised: 47.9 days on average`
    pub text: String,
    /// Share of the strict curve still open on that day, with its words: `81 % still open`.
    pub still_open: Option<(f64, String)>,
}

/// Where the SLA report says the curve should be.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedPoint {
    pub days: f64,
    pub share: f64,
    /// `where the SLA report puts the curve: 3.3 % still open`
    pub text: String,
    /// `reported: 3.3 % open`, where the page is narrow.
    pub short_text: String,
    /// `77 points apart`; empty where no gap is shown by the evidence.
    pub gap_text: String,
}

/// How many were watched at an age.
#[derive(Clone, Debug, PartialEq)]
pub struct AtRisk {
    pub days: f64,
    /// `2 482`
    pub text: String,
}

/// Up to five curves from age zero to the horizon. One curve is drawn as practice, with its lenient edge;
/// several as series, and then promise and report are drawn in ink.
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    pub title: String,
    pub description: String,
    pub horizon_days: f64,
    pub curves: Vec<Curve>,
    pub promise: Option<Promise>,
    pub reported: Option<ReportedPoint>,
    pub at_risk: Vec<AtRisk>,
    /// `at risk`
    pub at_risk_text: String,
}

/// More lines than this cannot be told apart.
pub(super) const CURVES_MAX: usize = 5;

/// Ages written under the axis, as far as the horizon reaches.
const AGE_MARKS: [f64; 8] = [0.0, 30.0, 90.0, 180.0, 365.0, 730.0, 1095.0, 1825.0];

pub(super) struct Frame {
    pub(super) days: Scale,
    pub(super) share: Scale,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) narrow: bool,
}

impl Frame {
    pub(super) fn at(&self, days: f64, share: f64) -> (f64, f64) {
        (self.days.at(days), self.share.at(share))
    }
}

/// Draws the curve of one group or of several.
#[must_use]
pub fn survival(model: &Survival, size: Size) -> Svg {
    let frame = frame(model, size);
    let under = if model.at_risk.is_empty() { 30.0 } else { 56.0 };
    let canvas = Canvas::new(size, frame.bottom + under);
    share_grid(&canvas, &frame.share, frame.left, frame.right, if frame.narrow { "" } else { " %" });
    draw_ages(&canvas, model, &frame);
    draw_at_risk(&canvas, model, &frame);
    match model.curves.as_slice() {
        [one] => survival_single::draw(&canvas, model, one, &frame),
        several => survival_groups::draw(&canvas, model, several, &frame),
    }
    canvas.finish(&model.title, &model.description, table(model))
}

/// Room for words at the end of the lines. One curve on a narrow page writes them inside the plot.
fn room_beside(model: &Survival, size: Size) -> f64 {
    let narrow = size.is_narrow();
    let strong = Look::ink().strong();
    let of_curve = |curve: &Curve| {
        let name = width_of(&curve.name, strong);
        if model.curves.len() > 1 {
            return if narrow { name } else { name + 8.0 + width_of(&curve.end_text, Look::ink()) };
        }
        let words = [&curve.end_text, &curve.end_note, &curve.lenient_end_text, &curve.lenient_end_note];
        words.into_iter().map(|words| width_of(words, strong)).fold(0.0, f64::max)
    };
    if narrow && model.curves.len() < 2 {
        return 0.0;
    }
    model.curves.iter().map(of_curve).fold(0.0, f64::max)
}

fn frame(model: &Survival, size: Size) -> Frame {
    let width = f64::from(size.width);
    let narrow = size.is_narrow();
    let left = if narrow { 34.0 } else { 48.0 };
    let least = if narrow { 0.0 } else { 60.0 };
    let right = width - held(room_beside(model, size), least, width * 0.28) - if narrow { 10.0 } else { 14.0 };
    let top = 30.0;
    let wanted = size.height.map_or(if narrow { 360.0 } else { held(width * 0.4, 380.0, 508.0) }, f64::from);
    let bottom = (wanted - 56.0).max(top + 120.0);
    Frame {
        days: Scale::new(0.0, model.horizon_days.max(1.0), left, right),
        share: Scale::new(0.0, 1.0, bottom, top),
        left,
        right,
        top,
        bottom,
        narrow,
    }
}

fn draw_ages(canvas: &Canvas, model: &Survival, frame: &Frame) {
    let mut taken: Vec<TextBox> = Vec::new();
    let baseline = frame.bottom + 21.0;
    let inside = |age: &&f64| **age < model.horizon_days * 0.98;
    let mut ages: Vec<f64> = AGE_MARKS.iter().filter(inside).copied().collect();
    // Both ends first: what lies between gives way.
    ages.insert(1.min(ages.len()), model.horizon_days);
    for age in ages {
        let x = frame.days.at(age);
        canvas.line(Shape::Axis, &[(x, frame.bottom), (x, frame.bottom + 5.0)]);
        let is_first = age < 0.5;
        let words = if is_first && !frame.narrow { "0 days".to_owned() } else { in_words(age) };
        let look = Look::muted();
        let look = if is_first { look } else { look.middle() };
        let look = if (age - model.horizon_days).abs() < 0.5 { look.end() } else { look };
        let room = TextBox::of(&words, look, x, baseline);
        let wider = TextBox { left: room.left - 5.0, right: room.right + 5.0, ..room };
        if taken.iter().all(|other| !wider.meets(*other)) {
            canvas.text(look, (x, baseline), &words);
            taken.push(wider);
        }
    }
}

/// The counts under the axis, as many as stand side by side.
fn draw_at_risk(canvas: &Canvas, model: &Survival, frame: &Frame) {
    let baseline = frame.bottom + 45.0;
    let mut free_from = f64::NEG_INFINITY;
    let words_left = if frame.narrow { f64::INFINITY } else { frame.right + 12.0 };
    for risk in &model.at_risk {
        let x = frame.days.at(risk.days);
        let half = width_of(&risk.text, Look::ink()) / 2.0;
        let x = held(x, half.max(frame.left), (canvas.width - half).min(words_left - half - 6.0));
        if x - half >= free_from {
            canvas.text(Look::ink().middle(), (x, baseline), &risk.text);
            free_from = x + half + 8.0;
        }
    }
    if !frame.narrow {
        canvas.text(Look::muted(), (frame.right + 12.0, baseline), &model.at_risk_text);
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn share_at(points: &[CurvePoint], days: f64) -> f64 {
    points.iter().take_while(|point| point.days <= days).last().map_or(1.0, |point| point.share)
}

/// The curve at the ages under the axis, and the marks in words.
fn table(model: &Survival) -> TableTwin {
    let mut table = TableTwin::new(&["Curve", "Age in days", "Strict, still open", "Lenient, still open"]);
    for curve in &model.curves {
        for age in AGE_MARKS.iter().copied().filter(|age| *age <= model.horizon_days) {
            let lenient =
                if curve.lenient.is_empty() { "–".to_owned() } else { percent(share_at(&curve.lenient, age)) };
            table.push([&curve.name, &in_words(age), &percent(share_at(&curve.strict, age)), &lenient]);
        }
        for mark in &curve.marks {
            let days = mark.days.map_or_else(|| "not reached".to_owned(), in_words);
            table.push([&curve.name, &days, &percent(mark.share), &mark.text]);
        }
    }
    table
}
