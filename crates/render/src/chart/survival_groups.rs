//! Up to five survival curves as series: strict only, told apart by dash, marker and a name at the line.

use super::place::{Place, Places, spread};
use super::survival::{CURVES_MAX, Curve, Frame, Survival};
use super::survival_curve::{height_at, samples, steps};
use crate::svg::{Canvas, Look, Shape, Tone, fitted, width_of};

/// Pixels between the baselines of two names.
const NAME_STEP: f64 = 17.0;

/// Line, marker and text of each series.
const SERIES: [(Shape, Shape, Marker, Tone); CURVES_MAX] = [
    (Shape::LineS1, Shape::MarkS1, Marker::Circle, Tone::Series1),
    (Shape::LineS2, Shape::MarkS2, Marker::Square, Tone::Series2),
    (Shape::LineS3, Shape::MarkS3, Marker::Triangle, Tone::Series3),
    (Shape::LineS4, Shape::MarkS4, Marker::Diamond, Tone::Series4),
    (Shape::LineS5, Shape::MarkS5, Marker::Cross, Tone::Series5),
];

pub(super) fn draw(canvas: &Canvas, model: &Survival, curves: &[Curve], frame: &Frame) {
    let mut places = Places::of(canvas);
    if let Some(promise) = &model.promise {
        let x = frame.days.at(promise.days);
        canvas.rect(Shape::Promise, (x - 1.5, frame.top - 8.0), 3.0, frame.bottom - frame.top + 8.0);
        let look = Look::ink().strong().halo();
        let offers = [(x + 8.0, frame.top - 12.0, look), (x - 8.0, frame.top - 12.0, look.end())];
        places.write(canvas, &promise.text, &offers.map(|(x, y, look)| Place { at: (x, y), look }));
    }
    let lines: Vec<Vec<(f64, f64)>> =
        curves.iter().take(CURVES_MAX).map(|curve| steps(&curve.strict, frame).line).collect();
    for line in &lines {
        places.dislike(&samples(line));
    }
    for (line, (shape, mark, marker, _)) in lines.iter().zip(SERIES) {
        canvas.line(shape, line);
        for part in [0.3, 0.62, 0.97] {
            let x = frame.left + (frame.right - frame.left) * part;
            draw_marker(canvas, marker, mark, (x, height_at(line, x)));
        }
    }
    name_lines(canvas, curves, &lines, frame);
    if let Some(reported) = &model.reported {
        let (x, y) = frame.at(reported.days, reported.share);
        canvas.circle(Shape::MarkInk, (x, y), 6.5);
        let look = Look::ink().halo();
        let offers = [-2.0, -16.0, -32.0].map(|down| Place { at: (x + 12.0, y + down), look });
        places.write(canvas, if frame.narrow { &reported.short_text } else { &reported.text }, &offers);
    }
}

#[derive(Clone, Copy)]
enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
}

fn draw_marker(canvas: &Canvas, marker: Marker, shape: Shape, (x, y): (f64, f64)) {
    const R: f64 = 5.0;
    match marker {
        Marker::Circle => canvas.circle(shape, (x, y), R),
        Marker::Square => canvas.rect(shape, (x - R, y - R), 2.0 * R, 2.0 * R),
        Marker::Triangle => canvas.polygon(shape, &[(x, y - R - 1.0), (x + R + 1.0, y + R), (x - R - 1.0, y + R)]),
        Marker::Diamond => canvas.diamond(shape, (x, y), R + 1.5),
        Marker::Cross => {
            let (w, r) = (2.0, R + 1.0);
            let upper = [(-r, -w), (-w, -w), (-w, -r), (w, -r), (w, -w), (r, -w)];
            let lower = upper.map(|(dx, dy)| (-dx, -dy));
            let corners: Vec<(f64, f64)> = upper.into_iter().chain(lower).map(|(dx, dy)| (x + dx, y + dy)).collect();
            canvas.polygon(shape, &corners);
        }
    }
}

/// Names at the right end, each as near to its line as its neighbours allow.
fn name_lines(canvas: &Canvas, curves: &[Curve], lines: &[Vec<(f64, f64)>], frame: &Frame) {
    let end_of = |line: &Vec<(f64, f64)>| line.last().map_or(frame.bottom, |(_, y)| *y);
    let series = curves.iter().zip(lines).zip(SERIES);
    let mut rows: Vec<(f64, &Curve, Tone)> =
        series.map(|((curve, line), (_, _, _, tone))| (end_of(line), curve, tone)).collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ends: Vec<f64> = rows.iter().map(|(y, _, _)| *y).collect();
    let x = frame.right + if frame.narrow { 6.0 } else { 12.0 };
    for ((_, curve, tone), y) in rows.into_iter().zip(spread(&ends, NAME_STEP, frame.top, frame.bottom)) {
        let look = Look::tone(tone).strong();
        let room = canvas.width - x;
        let name = fitted(&curve.name, look, room);
        canvas.text(look, (x, y + 4.5), &name);
        let after = x + width_of(&name, look) + 8.0;
        if after + width_of(&curve.end_text, Look::tone(tone)) <= canvas.width {
            canvas.text(Look::tone(tone), (after, y + 4.5), &curve.end_text);
        }
    }
}
