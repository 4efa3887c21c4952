//! Which steps lead from the reported figure to the one in practice?

use super::axis::{Scale, in_words, real, round_end};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, TextSize, Tone, fitted, width_of, wrapped};

/// The first or the last bar, anchored at zero.
#[derive(Clone, Debug, PartialEq)]
pub struct WaterfallEnd {
    pub name: String,
    pub value: f64,
    /// `96.7 %`
    pub text: String,
}

/// One signed step. Steps over nobody are shown as `–`.
#[derive(Clone, Debug, PartialEq)]
pub struct WaterfallStep {
    pub name: String,
    pub change: f64,
    /// `−30.4`
    pub text: String,
}

/// Steps from paper to practice, in an order the caller fixes; they add up to the difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    pub title: String,
    pub description: String,
    pub paper: WaterfallEnd,
    pub steps: Vec<WaterfallStep>,
    pub practice: WaterfallEnd,
    /// From this size on a step is drawn dark.
    pub large_step: f64,
    /// Written behind the highest value of the scale: ` %` or ` days`.
    pub unit_text: String,
}

/// Draws columns side by side, or rows where the page is narrow.
#[must_use]
pub fn waterfall(model: &Waterfall, size: Size) -> Svg {
    if size.is_narrow() { rows(model, size) } else { columns(model, size) }
}

fn table(model: &Waterfall) -> TableTwin {
    let mut table = TableTwin::new(&["Step", "Change"]);
    table.push([&model.paper.name, &model.paper.text]);
    for step in &model.steps {
        table.push([&step.name, &step.text]);
    }
    table.push([&model.practice.name, &model.practice.text]);
    table
}

/// The value before and after each step.
fn running(model: &Waterfall) -> Vec<(f64, f64)> {
    let mut value = model.paper.value;
    let mut spans = Vec::new();
    for step in &model.steps {
        spans.push((value, value + step.change));
        value += step.change;
    }
    spans
}

fn top_value(model: &Waterfall) -> f64 {
    let inside = running(model).into_iter().map(|(from, to)| from.max(to));
    round_end(inside.fold(model.paper.value.max(model.practice.value), f64::max))
}

/// Large steps are dark; one that runs against the whole difference is hollow.
fn step_shape(model: &Waterfall, change: f64) -> Shape {
    let whole = model.practice.value - model.paper.value;
    match () {
        () if change * whole < 0.0 => Shape::BarBack,
        () if change.abs() >= model.large_step => Shape::BarStepStrong,
        () => Shape::BarStep,
    }
}

/// Where columns stand.
struct Frame {
    scale: Scale,
    slot: f64,
    bar: f64,
    width: f64,
    bottom: f64,
}

impl Frame {
    fn left_of(&self, column: usize) -> f64 {
        self.slot * real(column) + 0.75
    }
}

fn columns(model: &Waterfall, size: Size) -> Svg {
    let width = f64::from(size.width);
    let bar = width / real(model.steps.len() + 2) * 0.64;
    // The last column ends at the right edge.
    let slot = (width - bar - 1.5) / real(model.steps.len() + 1);
    let height = size.height.map_or(390.0, f64::from);
    let bottom = height - 66.0;
    let frame = Frame { scale: Scale::new(0.0, top_value(model), bottom, 34.0), slot, bar, width, bottom };
    let canvas = Canvas::new(size, height);
    draw_column_scale(&canvas, model, &frame);
    for (shape, column, value) in
        [(Shape::BarPaper, 0, model.paper.value), (Shape::BarPractice, model.steps.len() + 1, model.practice.value)]
    {
        let top = frame.scale.at(value);
        canvas.rect(shape, (frame.left_of(column), top), frame.bar, bottom - top);
    }
    draw_column_steps(&canvas, model, &frame);
    name_columns(&canvas, model, &frame);
    let paper = Look::tone(Tone::Paper).strong().sized(TextSize::S16);
    canvas.text(paper, (frame.left_of(0), frame.scale.at(model.paper.value) - 8.0), &model.paper.text);
    let practice = Look::tone(Tone::Practice).strong().sized(TextSize::S16).end().halo();
    canvas.text(practice, (width, frame.scale.at(model.practice.value) - 8.0), &model.practice.text);
    canvas.finish(&model.title, &model.description, table(model))
}

fn draw_column_scale(canvas: &Canvas, model: &Waterfall, frame: &Frame) {
    let values = frame.scale.round_values(5);
    let highest = values.iter().copied().fold(0.0, f64::max);
    for value in values {
        let y = frame.scale.at(value);
        let shape = if value < 1e-9 { Shape::Axis } else { Shape::Gridline };
        canvas.line(shape, &[(frame.bar, y), (frame.width, y)]);
        let beside_paper = (y - frame.scale.at(model.paper.value)).abs() < 24.0;
        if value > 0.0 && !beside_paper {
            let unit = if value >= highest { model.unit_text.as_str() } else { "" };
            canvas.text(Look::muted().halo(), (frame.bar + 6.0, y - 5.0), &format!("{}{unit}", in_words(value)));
        }
    }
}

fn draw_column_steps(canvas: &Canvas, model: &Waterfall, frame: &Frame) {
    for (at, (step, (before, after))) in model.steps.iter().zip(running(model)).enumerate() {
        let left = frame.left_of(at + 1);
        let (start, end) = (frame.scale.at(before), frame.scale.at(after));
        let (upper, lower) = (start.min(end), start.max(end));
        canvas.line(Shape::Connector, &[(frame.left_of(at) + frame.bar, start), (left, start)]);
        canvas.rect(step_shape(model, step.change), (left, upper), frame.bar, (lower - upper).max(1.0));
        canvas.line(Shape::Connector, &[(left + frame.bar, end), (frame.left_of(at + 2), end)]);
        let look = Look::ink().strong().halo().middle();
        let look = if step.change.abs() >= model.large_step { look.sized(TextSize::S16) } else { look };
        let y = if lower + 18.0 <= frame.bottom - 2.0 { lower + 18.0 } else { upper - 7.0 };
        canvas.text(look, (left + frame.bar / 2.0, y), &step.text);
    }
}

fn name_columns(canvas: &Canvas, model: &Waterfall, frame: &Frame) {
    let name = |look: Look, x: f64, words: &str, room: f64| {
        for (line, down) in wrapped(words, look, room).iter().take(3).zip([18.0, 34.0, 50.0]) {
            canvas.text(look, (x, frame.bottom + down), line);
        }
    };
    // The names of the ends begin and end with their bars, so their neighbours leave them less room.
    let end_room = f64::midpoint(frame.slot, frame.bar) - 6.0;
    name(Look::tone(Tone::Paper).strong(), frame.left_of(0), &model.paper.name, end_room);
    for (at, step) in model.steps.iter().enumerate() {
        name(Look::ink().middle(), frame.left_of(at + 1) + frame.bar / 2.0, &step.name, frame.slot - 6.0);
    }
    name(Look::tone(Tone::Practice).strong().end(), canvas.width, &model.practice.name, end_room);
}

fn rows(model: &Waterfall, size: Size) -> Svg {
    const ROW: f64 = 44.0;
    let width = f64::from(size.width);
    let scale = Scale::new(0.0, top_value(model), 1.0, width - 1.0);
    let canvas = Canvas::new(size, ROW * real(model.steps.len() + 2));
    let head = |row: usize, look: Look, name: &str, text: &str| {
        let y = ROW * real(row) + 14.0;
        let room = width - width_of(text, look.strong()) - 12.0;
        canvas.text(look.halo(), (0.0, y), &fitted(name, look, room));
        canvas.text(look.strong().end().halo(), (width, y), text);
    };
    let bar = |row: usize, shape: Shape, from: f64, to: f64| {
        let (left, right) = (scale.at(from.min(to)), scale.at(from.max(to)));
        canvas.rect(shape, (left, ROW * real(row) + 21.0), (right - left).max(1.0), 14.0);
    };
    head(0, Look::tone(Tone::Paper).strong(), &model.paper.name, &model.paper.text);
    bar(0, Shape::BarPaper, 0.0, model.paper.value);
    for (at, (step, (before, after))) in model.steps.iter().zip(running(model)).enumerate() {
        let row = at + 1;
        let x = scale.at(before);
        canvas.line(Shape::Connector, &[(x, ROW * real(at) + 35.0), (x, ROW * real(row) + 21.0)]);
        head(row, Look::ink(), &step.name, &step.text);
        bar(row, step_shape(model, step.change), before, after);
    }
    let last = model.steps.len() + 1;
    let x = scale.at(model.practice.value);
    canvas.line(Shape::Connector, &[(x, ROW * real(last - 1) + 35.0), (x, ROW * real(last) + 21.0)]);
    head(last, Look::tone(Tone::Practice).strong(), &model.practice.name, &model.practice.text);
    bar(last, Shape::BarPractice, 0.0, model.practice.value);
    canvas.finish(&model.title, &model.description, table(model))
}
