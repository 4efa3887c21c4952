//! Is it getting better? The median of the wall clock month by month, against what was reported and promised.

use super::axis::{Scale, evenly_thinned, in_words, real, round_end};
use super::place::{Place, Places};
use super::survival_curve::{between, samples};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, TextBox, Tone, width_of};

/// One month. A missing value is a gap in its line, never a zero.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendMonth {
    /// `Jul 2025`
    pub name: String,
    /// Median days until verified.
    pub strict: Option<f64>,
    /// Median days, closures believed.
    pub lenient: Option<f64>,
    /// Mean days of what the SLA report counts.
    pub reported: Option<f64>,
    /// What the table says: `197 (181–209)`, `too few (n = 4)`, `not reached`.
    pub strict_text: String,
    pub lenient_text: String,
    pub reported_text: String,
}

/// From this month on, another definition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendBreak {
    /// Position in `months`; the break is drawn before it.
    pub month: usize,
    /// `definition 2`
    pub text: String,
}

/// Lines over months, in days, on a scale that starts at zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub title: String,
    pub description: String,
    pub months: Vec<TrendMonth>,
    pub promised_days: Option<f64>,
    /// `promised, 47.9`
    pub promised_text: String,
    /// `197 until verified`
    pub strict_text: String,
    /// `135, closures believed`
    pub lenient_text: String,
    /// `15.2 as reported`
    pub reported_text: String,
    pub breaks: Vec<TrendBreak>,
}

struct Frame {
    months: Scale,
    days: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    narrow: bool,
}

/// Pixels between the names of two months, at the least.
const MONTH_GAP: f64 = 12.0;

type Value = fn(&TrendMonth) -> Option<f64>;

/// Draws practice as a strong line with its lenient edge, paper as a thin one, the promise as an outline.
#[must_use]
pub fn trend(model: &Trend, size: Size) -> Svg {
    let frame = frame(model, size);
    let canvas = Canvas::new(size, frame.bottom + 28.0);
    draw_scale(&canvas, &frame);
    draw_months(&canvas, model, &frame);
    draw_breaks(&canvas, model, &frame);
    draw_zone(&canvas, model, &frame);
    draw_promise(&canvas, model, &frame);
    let strict = draw_line(&canvas, model, &frame, Shape::LinePractice, |month| month.strict);
    let lenient = draw_line(&canvas, model, &frame, Shape::EdgeLenient, |month| month.lenient);
    let reported = draw_line(&canvas, model, &frame, Shape::LinePaper, |month| month.reported);
    if let Some(at) = reported.last() {
        canvas.circle(Shape::MarkPaper, *at, 5.0);
    }
    if let Some(at) = strict.last() {
        canvas.diamond(Shape::MarkPractice, *at, 7.0);
    }
    name_lines(&canvas, model, &frame, [&strict, &lenient, &reported]);
    canvas.finish(&model.title, &model.description, table(model))
}

fn table(model: &Trend) -> TableTwin {
    let mut table = TableTwin::new(&["Month", "Until verified", "Closures believed", "As reported", "Promised"]);
    let promised = model.promised_days.map_or_else(|| "–".to_owned(), in_words);
    for month in &model.months {
        table.push([&month.name, &month.strict_text, &month.lenient_text, &month.reported_text, &promised]);
    }
    table
}

fn frame(model: &Trend, size: Size) -> Frame {
    let width = f64::from(size.width);
    let narrow = size.is_narrow();
    let values = model.months.iter().flat_map(|month| [month.strict, month.lenient, month.reported]).flatten();
    let top_value = round_end(values.chain(model.promised_days).fold(0.0, f64::max));
    let left = width_of(&in_words(top_value), Look::muted()) + 14.0;
    let names = [&model.strict_text, &model.lenient_text, &model.reported_text, &model.promised_text];
    let beside = names.map(|words| width_of(words, Look::ink().strong())).into_iter().fold(0.0, f64::max);
    let right = if narrow { width - 12.0 } else { width - beside.min(width * 0.3) - 16.0 };
    let (top, height) = (22.0, size.height.map(f64::from).unwrap_or(if narrow { 280.0 } else { 300.0 }));
    let bottom = (height - 28.0).max(top + 80.0);
    let last = real(model.months.len().saturating_sub(1)).max(1.0);
    Frame {
        months: Scale::new(0.0, last, left, right),
        days: Scale::new(0.0, top_value, bottom, top),
        left,
        right,
        top,
        bottom,
        narrow,
    }
}

fn draw_scale(canvas: &Canvas, frame: &Frame) {
    for (at, value) in frame.days.round_values(5).into_iter().enumerate() {
        let y = frame.days.at(value);
        let shape = if at == 0 { Shape::Axis } else { Shape::Gridline };
        canvas.line(shape, &[(frame.left, y), (frame.right, y)]);
        canvas.text(Look::muted().end(), (frame.left - 8.0, y + 4.5), &in_words(value));
    }
    canvas.text(Look::muted(), (frame.left, frame.top - 9.0), "days");
}

fn draw_months(canvas: &Canvas, model: &Trend, frame: &Frame) {
    let marks: Vec<(f64, Look)> = model
        .months
        .iter()
        .enumerate()
        .map(|(at, month)| {
            let x = frame.months.at(real(at));
            let room = TextBox::of(&month.name, Look::muted().middle(), x, 0.0);
            let look = if room.left < 0.0 {
                Look::muted()
            } else if room.right > canvas.width {
                Look::muted().end()
            } else {
                Look::muted().middle()
            };
            (x, look)
        })
        .collect();
    let rooms: Vec<TextBox> =
        model.months.iter().zip(&marks).map(|(month, (x, look))| TextBox::of(&month.name, *look, *x, 0.0)).collect();
    for at in evenly_thinned(&rooms, MONTH_GAP) {
        if let (Some(month), Some((x, look))) = (model.months.get(at), marks.get(at)) {
            canvas.line(Shape::Axis, &[(*x, frame.bottom), (*x, frame.bottom + 5.0)]);
            canvas.text(*look, (*x, frame.bottom + 21.0), &month.name);
        }
    }
}

fn draw_breaks(canvas: &Canvas, model: &Trend, frame: &Frame) {
    for each in &model.breaks {
        let x = frame.months.at(real(each.month) - 0.5);
        canvas.line(Shape::ConnectorDotted, &[(x, frame.top), (x, frame.bottom)]);
        canvas.text(Look::muted().halo().middle(), (x, frame.top - 9.0), &each.text);
    }
}

/// Stretches of months without a gap, as points.
fn stretches(model: &Trend, frame: &Frame, value: Value) -> Vec<Vec<(f64, f64)>> {
    let mut all: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (at, month) in model.months.iter().enumerate() {
        match (value(month), all.last_mut()) {
            (Some(days), Some(open)) => open.push((frame.months.at(real(at)), frame.days.at(days))),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|stretch| !stretch.is_empty());
    all
}

fn draw_line(canvas: &Canvas, model: &Trend, frame: &Frame, shape: Shape, value: Value) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for stretch in stretches(model, frame, value) {
        if let [(x, y)] = stretch.as_slice() {
            canvas.line(shape, &[(x - 2.0, *y), (x + 2.0, *y)]);
        } else {
            canvas.line(shape, &stretch);
        }
        points.extend(stretch);
    }
    points
}

/// The area between strict and lenient, over the months that have both.
fn draw_zone(canvas: &Canvas, model: &Trend, frame: &Frame) {
    let strict = stretches(model, frame, |month| month.lenient.and(month.strict));
    let lenient = stretches(model, frame, |month| month.strict.and(month.lenient));
    for (upper, lower) in strict.iter().zip(&lenient).filter(|(upper, _)| upper.len() > 1) {
        canvas.polygon(Shape::ZonePractice, &between(upper, lower));
    }
}

fn draw_promise(canvas: &Canvas, model: &Trend, frame: &Frame) {
    if let Some(days) = model.promised_days {
        canvas.rect(Shape::Promise, (frame.left, frame.days.at(days) - 1.5), frame.right - frame.left, 3.0);
    }
}

/// A name at the end of each line, the highest first; on a narrow page above the line.
fn name_lines(canvas: &Canvas, model: &Trend, frame: &Frame, lines: [&Vec<(f64, f64)>; 3]) {
    let mut places = Places::of(canvas);
    let [strict, lenient, reported] = lines;
    for line in lines {
        places.dislike(&samples(line));
    }
    let end = |line: &[(f64, f64)]| line.last().copied();
    let practice = Look::tone(Tone::Practice);
    let promised = model.promised_days.map(|days| (frame.right, frame.days.at(days)));
    let mut names = vec![
        (end(strict), &model.strict_text, practice.strong()),
        (end(lenient), &model.lenient_text, practice),
        (promised, &model.promised_text, Look::ink().strong()),
        (end(reported), &model.reported_text, Look::tone(Tone::Paper).strong()),
    ];
    names.sort_by(|one, other| one.0.map_or(0.0, |at| at.1).total_cmp(&other.0.map_or(0.0, |at| at.1)));
    for (at, words, look) in names {
        let Some((x, y)) = at else { continue };
        let offers: Vec<Place> = if frame.narrow {
            let look = look.halo().end();
            [10.0, 18.0, -18.0, 26.0, -26.0, 40.0, -40.0]
                .map(|up| Place { at: (x.max(frame.left), y - up), look })
                .to_vec()
        } else {
            let x = frame.right + 14.0;
            [4.5, 12.0, -4.0, 20.0, -12.0, 28.0, 36.0, -20.0].map(|down| Place { at: (x, y + down), look }).to_vec()
        };
        places.write(canvas, words, &offers);
    }
}
