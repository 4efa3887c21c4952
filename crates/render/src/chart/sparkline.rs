//! In which direction does a number go? A line small enough to stand beside it; never shown alone.

use super::axis::{Scale, held, real};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, Tone, width_of};

/// A few values in order; a missing one is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparkline {
    pub title: String,
    pub description: String,
    /// Name of each point and its value in words, for the table.
    pub names: Vec<(String, String)>,
    pub values: Vec<Option<f64>>,
    /// `211` and `197`: the first and the last value.
    pub first_text: String,
    pub last_text: String,
}

/// Draws the line with its ends labelled.
#[must_use]
pub fn sparkline(model: &Sparkline, size: Size) -> Svg {
    let width = f64::from(size.width);
    let height = size.height.map_or(32.0, f64::from);
    let canvas = Canvas::new(size, height);
    let first_room = width_of(&model.first_text, Look::muted()) + 6.0;
    let last_room = width_of(&model.last_text, Look::ink().strong()) + 12.0;
    let known = || model.values.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let xs = Scale::new(0.0, real(model.values.len().saturating_sub(1)).max(1.0), first_room, width - last_room);
    let ys = if low.is_finite() && high > low {
        Scale::new(low, high, height - 8.0, 8.0)
    } else {
        Scale::new(0.0, 2.0, height - 8.0, 8.0)
    };
    let middle = if high > low { 0.0 } else { 1.0 };
    let mut stretch: Vec<(f64, f64)> = Vec::new();
    let mut ends = (None, None);
    for (at, value) in model.values.iter().enumerate() {
        match value {
            Some(value) => {
                let point = (xs.at(real(at)), ys.at(if middle > 0.0 { middle } else { *value }));
                ends = (ends.0.or(Some(point)), Some(point));
                stretch.push(point);
            }
            None => {
                canvas.line(Shape::LinePractice, &stretch);
                stretch.clear();
            }
        }
    }
    if stretch.len() > 1 {
        canvas.line(Shape::LinePractice, &stretch);
    }
    if let (Some((x, y)), Some(last)) = ends {
        canvas.text(Look::muted().end(), (x - 6.0, held(y + 4.5, 11.0, height - 3.0)), &model.first_text);
        canvas.diamond(Shape::MarkPractice, last, 5.0);
        let look = Look::tone(Tone::Practice).strong();
        canvas.text(look, (last.0 + 9.0, held(last.1 + 4.5, 11.0, height - 3.0)), &model.last_text);
    }
    let mut table = TableTwin::new(&["When", "Value"]);
    for (name, value) in &model.names {
        table.push([name, value]);
    }
    canvas.finish(&model.title, &model.description, table)
}
