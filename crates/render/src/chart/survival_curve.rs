//! How does a step curve of a million points become a path of a few hundred?

use super::survival::{CurvePoint, Frame};

/// A curve as corners in pixels: level until an age, then down.
pub(super) struct Steps {
    /// Corners of the curve itself.
    pub(super) line: Vec<(f64, f64)>,
    /// Corners of its lower and its upper interval end.
    pub(super) low: Vec<(f64, f64)>,
    pub(super) high: Vec<(f64, f64)>,
}

/// At most one point a pixel column: the last one, since that is where the curve leaves the column.
pub(super) fn thinned(points: &[CurvePoint], frame: &Frame) -> Vec<CurvePoint> {
    let mut kept: Vec<CurvePoint> = Vec::new();
    let mut column = f64::NEG_INFINITY;
    for point in points.iter().filter(|point| frame.days.holds(point.days)) {
        let here = frame.days.at(point.days).floor();
        if here > column || kept.is_empty() {
            kept.push(*point);
        } else if let Some(last) = kept.last_mut() {
            *last = *point;
        }
        column = here;
    }
    kept
}

/// The corners of the thinned curve, from age zero to the end of the scale.
pub(super) fn steps(points: &[CurvePoint], frame: &Frame) -> Steps {
    let start = frame.at(0.0, 1.0);
    let mut steps = Steps { line: vec![start], low: vec![start], high: vec![start] };
    for point in thinned(points, frame) {
        step_to(&mut steps.line, frame.at(point.days, point.share));
        step_to(&mut steps.low, frame.at(point.days, point.low));
        step_to(&mut steps.high, frame.at(point.days, point.high));
    }
    for corners in [&mut steps.line, &mut steps.low, &mut steps.high] {
        if let Some((_, y)) = corners.last().copied() {
            corners.push((frame.right, y));
        }
    }
    steps
}

fn step_to(corners: &mut Vec<(f64, f64)>, (x, y): (f64, f64)) {
    if let Some((_, before)) = corners.last().copied() {
        corners.push((x, before));
    }
    corners.push((x, y));
}

/// The area between two edges, both from left to right.
pub(super) fn between(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> Vec<(f64, f64)> {
    upper.iter().chain(lower.iter().rev()).copied().collect()
}

/// The height of the curve at pixel `x`.
pub(super) fn height_at(line: &[(f64, f64)], x: f64) -> f64 {
    let before = line.iter().take_while(|(at, _)| *at <= x + 0.05).last();
    before.or(line.first()).map_or(0.0, |(_, y)| *y)
}

/// Points along a line, close enough that no label can hide between two of them.
pub(super) fn samples(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut samples = Vec::new();
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let count = (((to.0 - from.0).abs().max((to.1 - from.1).abs())) / 8.0).ceil().max(1.0);
        let mut step = 0.0;
        while step < count {
            let part = step / count;
            samples.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
            step += 1.0;
        }
    }
    samples
}
