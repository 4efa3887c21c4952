//! Which group takes longest? One median with its interval a row, and what was promised.

use super::axis::{Scale, held, in_words, real, round_end};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, TextSize, Tone, fitted, width_of};

/// The median of one group.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupMedian {
    /// Half of the group's episodes ended within `days`; `high` is missing where the interval has no upper end.
    Reached { days: f64, low: f64, high: Option<f64> },
    /// More than half are still open after `observed_days`: a result, drawn as an open mark with an arrow.
    NotReached { observed_days: f64 },
    /// Too few to say; only the words are written.
    TooFew,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub median: GroupMedian,
    /// `260 (219–301)`, `not reached`, `too few`
    pub value_text: String,
    /// `260`: what is written at the mark where the page is narrow.
    pub short_text: String,
    /// `n = 627`
    pub count_text: String,
    /// What was promised to this group; `None` where one promise holds for all.
    pub promised_days: Option<f64>,
}

/// Medians of groups on one scale that starts at zero.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupIntervals {
    pub title: String,
    pub description: String,
    pub groups: Vec<Group>,
    /// One promise over all groups, as a line.
    pub promised_days: Option<f64>,
    /// `promised, 47.9 on average` or `promised: 7, 28, 56, 84`
    pub promised_text: String,
}

const ROW_HEIGHT: f64 = 40.0;
const TOP: f64 = 28.0;
const MARK: f64 = 6.0;

struct Frame {
    scale: Scale,
    left: f64,
    right: f64,
    values_left: f64,
    bottom: f64,
    /// Right of the one promise over all rows, or the start of the scale.
    promise_end: f64,
}

/// Draws one row a group, in the order given.
#[must_use]
pub fn group_intervals(model: &GroupIntervals, size: Size) -> Svg {
    let bottom = TOP + ROW_HEIGHT * real(model.groups.len());
    let has_promise = !model.promised_text.is_empty();
    let canvas = Canvas::new(size, bottom + if has_promise { 24.0 } else { 6.0 });
    let frame = frame(model, size, bottom);
    draw_scale(&canvas, &frame);
    draw_promise(&canvas, model, &frame);
    for (row, group) in model.groups.iter().enumerate() {
        let y = TOP + ROW_HEIGHT * (real(row) + 0.5);
        let name_room = frame.left - 12.0;
        let name_look = Look::ink().sized(TextSize::S14);
        canvas.text(name_look, (0.0, y + 5.0), &fitted(&group.name, name_look, name_room));
        draw_own_promise(&canvas, group, &frame, y);
        draw_median(&canvas, group, &frame, y, size);
    }
    canvas.finish(&model.title, &model.description, table(model))
}

fn table(model: &GroupIntervals) -> TableTwin {
    let mut table = TableTwin::new(&["Group", "Median days", "Episodes", "Promised days"]);
    for group in &model.groups {
        let promised = group.promised_days.or(model.promised_days).map_or_else(|| "–".to_owned(), in_words);
        table.push([&group.name, &group.value_text, &group.count_text, &promised]);
    }
    table
}

fn frame(model: &GroupIntervals, size: Size, bottom: f64) -> Frame {
    let width = f64::from(size.width);
    let widest = |of: fn(&Group) -> &str, look: Look| {
        model.groups.iter().map(|group| width_of(of(group), look)).fold(0.0, f64::max)
    };
    let names = widest(|group| group.name.as_str(), Look::ink().sized(TextSize::S14));
    let left = held(names + 20.0, 60.0, width * 0.26);
    let values = widest(value_beside, Look::ink().strong());
    let counts = widest(|group| group.count_text.as_str(), Look::muted());
    let values_left = if size.is_narrow() { width } else { width - values - counts - 16.0 };
    let right = if size.is_narrow() { width - 14.0 } else { values_left - 20.0 };
    let ends = model.groups.iter().map(|group| match group.median {
        GroupMedian::Reached { days, high, .. } => high.unwrap_or(days),
        GroupMedian::NotReached { observed_days } => observed_days,
        GroupMedian::TooFew => 0.0,
    });
    let promises = model.groups.iter().filter_map(|group| group.promised_days).chain(model.promised_days);
    let largest = ends.chain(promises).fold(0.0, f64::max);
    let scale = Scale::new(0.0, round_end(largest), left, right.max(left + 40.0));
    let promise_end = model.promised_days.map_or(left, |days| scale.at(days));
    Frame { scale, left, right, values_left, bottom, promise_end }
}

/// What stands in the column of values: nothing where there are too few to say.
fn value_beside(group: &Group) -> &str {
    match group.median {
        GroupMedian::TooFew => "",
        GroupMedian::Reached { .. } | GroupMedian::NotReached { .. } => &group.value_text,
    }
}

fn draw_scale(canvas: &Canvas, frame: &Frame) {
    let marks = frame.scale.round_values(6);
    for value in marks {
        let x = frame.scale.at(value);
        canvas.line(Shape::Gridline, &[(x, TOP - 8.0), (x, frame.bottom)]);
        canvas.text(Look::muted().middle(), (x, 13.0), &in_words(value));
    }
}

fn draw_promise(canvas: &Canvas, model: &GroupIntervals, frame: &Frame) {
    let mut at = frame.left;
    if let Some(days) = model.promised_days {
        at = frame.scale.at(days);
        canvas.rect(Shape::Promise, (at - 1.5, TOP - 8.0), 3.0, frame.bottom - TOP + 8.0);
    }
    let look = Look::ink().strong().halo();
    let room = width_of(&model.promised_text, look);
    let x = (at - 2.0).min(canvas.width - room).max(0.0);
    canvas.text(look, (x, frame.bottom + 16.0), &model.promised_text);
}

fn draw_own_promise(canvas: &Canvas, group: &Group, frame: &Frame, y: f64) {
    if let Some(days) = group.promised_days {
        canvas.rect(Shape::Promise, (frame.scale.at(days) - 1.5, y - 9.0), 3.0, 18.0);
    }
}

fn draw_median(canvas: &Canvas, group: &Group, frame: &Frame, y: f64, size: Size) {
    let mut mark = None;
    match group.median {
        GroupMedian::Reached { days, low, high } => {
            let (from, at) = (frame.scale.at(low), frame.scale.at(days));
            match high {
                Some(high) => canvas.whisker(Shape::Whisker, from, frame.scale.at(high), y),
                None => {
                    canvas.line(Shape::Whisker, &[(from, y - 5.0), (from, y + 5.0)]);
                    arrow(canvas, from, frame.right, y);
                }
            }
            canvas.diamond(Shape::MarkPractice, (at, y), MARK);
            mark = Some(at);
        }
        GroupMedian::NotReached { observed_days } => {
            let at = frame.scale.at(observed_days);
            arrow(canvas, at, (at + 22.0).min(frame.right + 12.0), y);
            canvas.diamond(Shape::MarkOpen, (at, y), MARK);
            mark = Some(at);
        }
        GroupMedian::TooFew => {}
    }
    draw_words(canvas, group, frame, y, size, mark);
}

fn draw_words(canvas: &Canvas, group: &Group, frame: &Frame, y: f64, size: Size, mark: Option<f64>) {
    if !size.is_narrow() {
        canvas.text(Look::ink().strong(), (frame.values_left, y + 5.0), value_beside(group));
        canvas.text(Look::muted().end(), (canvas.width, y + 5.0), &group.count_text);
    }
    match mark {
        Some(at) if size.is_narrow() => {
            let look = Look::tone(Tone::Practice).strong().halo().middle();
            let half = width_of(&group.short_text, look) / 2.0;
            let x = held(at, frame.left + half, canvas.width - half);
            canvas.text(look, (x, y - 11.0), &group.short_text);
        }
        Some(_) => {}
        None => {
            let left = frame.promise_end + 8.0;
            let words = fitted(&group.value_text, Look::muted(), canvas.width - left);
            canvas.text(Look::muted().halo(), (left, y + 4.5), &words);
        }
    }
}

/// An interval without an upper end.
fn arrow(canvas: &Canvas, from: f64, to: f64, y: f64) {
    canvas.line(Shape::Whisker, &[(from, y), (to, y)]);
    canvas.line(Shape::Whisker, &[(to - 5.0, y - 5.0), (to, y), (to - 5.0, y + 5.0)]);
}
