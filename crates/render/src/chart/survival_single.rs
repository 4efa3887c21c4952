//! One survival curve as practice: strict with its band, the lenient edge, and what was promised and reported.

use super::place::{Place, Places, lines_of};
use super::survival::{Curve, Frame, Promise, QuantileMark, ReportedPoint, Survival};
use super::survival_curve::{Steps, between, height_at, samples, steps};
use crate::svg::{Canvas, Look, Shape, TextSize, Tone};

/// Pixels between two ticks of the censored: enough to show that they are there, few enough to leave the line alone.
const TICK_STEP: f64 = 16.0;
/// From the reported point to the bracket of the gap.
const BRACKET_RIGHT: f64 = 18.0;
const PRACTICE: Look = Look::tone(Tone::Practice);

pub(super) fn draw(canvas: &Canvas, model: &Survival, curve: &Curve, frame: &Frame) {
    let strict = steps(&curve.strict, frame);
    let lenient = steps(&curve.lenient, frame);
    let has_lenient = !curve.lenient.is_empty();
    if has_lenient {
        canvas.polygon(Shape::ZonePractice, &between(&strict.line, &lenient.line));
    }
    canvas.polygon(Shape::BandInterval, &between(&strict.high, &strict.low));
    if has_lenient {
        canvas.line(Shape::EdgeLenient, &lenient.line);
    }
    canvas.line(Shape::LinePractice, &strict.line);
    draw_censored(canvas, curve, &strict, frame);

    let mut places = Places::of(canvas);
    places.dislike(&samples(&strict.line));
    if has_lenient {
        places.dislike(&samples(&lenient.line));
    }
    if let Some(promise) = &model.promise {
        draw_promise(canvas, promise, frame, &mut places);
    }
    keep_marks_free(curve, model, frame, &mut places);
    draw_quantiles(canvas, curve, frame, &mut places);
    if let Some(reported) = &model.reported {
        draw_reported(canvas, model, reported, frame, &strict, &mut places);
    }
    if let Some(promise) = &model.promise {
        draw_open_at_promise(canvas, promise, frame, &mut places);
    }
    draw_ends(canvas, curve, &strict, has_lenient.then_some(&lenient), frame, &mut places);
}

/// Ticks where episodes are still open, far enough apart to be counted as ticks.
fn draw_censored(canvas: &Canvas, curve: &Curve, strict: &Steps, frame: &Frame) {
    let mut free_from = f64::NEG_INFINITY;
    for days in curve.censored_days.iter().filter(|days| frame.days.holds(**days)) {
        let x = frame.days.at(*days);
        if x >= free_from {
            let y = height_at(&strict.line, x);
            canvas.line(Shape::Tick, &[(x, y - 6.0), (x, y - 1.0)]);
            free_from = x + TICK_STEP;
        }
    }
}

fn draw_promise(canvas: &Canvas, promise: &Promise, frame: &Frame, places: &mut Places) {
    let x = frame.days.at(promise.days);
    canvas.rect(Shape::Promise, (x - 1.5, frame.top - 8.0), 3.0, frame.bottom - frame.top + 8.0);
    let look = Look::ink().strong().halo();
    let offers = [
        Place { at: (x + 8.0, frame.top + 4.0), look },
        Place { at: (x + 8.0, frame.top - 12.0), look },
        Place { at: (x - 8.0, frame.top - 12.0), look: look.end() },
        Place { at: (x - 8.0, frame.top + 22.0), look: look.end() },
        Place { at: (x.min(canvas.width - 4.0), frame.top - 12.0), look: look.middle() },
    ];
    places.write(canvas, &promise.text, &offers);
}

fn keep_marks_free(curve: &Curve, model: &Survival, frame: &Frame, places: &mut Places) {
    for mark in &curve.marks {
        if let Some(days) = mark.days.filter(|days| frame.days.holds(*days)) {
            places.keep_out(frame.at(days, mark.share), 9.0);
        }
    }
    if curve.marks.first().is_some_and(|median| median.days.is_none()) {
        places.keep_out((frame.right - 12.0, frame.share.at(0.5)), 9.0);
    }
    if let Some(reported) = &model.reported {
        places.keep_out(frame.at(reported.days, reported.share), 8.0);
        let (x, y) = frame.at(reported.days, reported.share);
        let upper = frame.share.at(open_at_promise(model).unwrap_or(1.0));
        places.dislike(&samples(&[(x + BRACKET_RIGHT, upper + 12.0), (x + BRACKET_RIGHT, y)]));
    }
    if let Some((share, _)) = model.promise.as_ref().and_then(|promise| promise.still_open.as_ref()) {
        let days = model.promise.as_ref().map_or(0.0, |promise| promise.days);
        places.keep_out(frame.at(days, *share), 7.0);
    }
}

/// The median is the headline; p75 and p90 are marked smaller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Median,
    Tail,
}

/// Share of the curve still open on the promised day.
fn open_at_promise(model: &Survival) -> Option<f64> {
    let (share, _) = model.promise.as_ref()?.still_open.as_ref()?;
    Some(*share)
}

fn draw_quantiles(canvas: &Canvas, curve: &Curve, frame: &Frame, places: &mut Places) {
    for (at, mark) in curve.marks.iter().enumerate() {
        let rank = if at == 0 { Rank::Median } else { Rank::Tail };
        match mark.days.filter(|days| frame.days.holds(*days)) {
            Some(days) => draw_reached(canvas, mark, days, rank, frame, places),
            None if rank == Rank::Median => draw_not_reached(canvas, mark, frame, places),
            None => {}
        }
    }
    if let Some(days) = curve.lenient_median_days.filter(|days| frame.days.holds(*days)) {
        let (x, y) = frame.at(days, 0.5);
        canvas.line(Shape::ConnectorDotted, &[(x, y), (x, frame.bottom)]);
        if !frame.narrow {
            let look = PRACTICE.halo();
            let down = [38.0, 56.0, 74.0, 92.0].map(|down| Place { at: (x - 8.0, y + down), look: look.end() });
            let right = [64.0, 82.0, 100.0, 118.0].map(|down| Place { at: (x + 8.0, y + down), look });
            let offers: Vec<Place> = down.into_iter().chain(right).collect();
            places.write(canvas, &curve.lenient_median_text, &offers);
        }
    }
}

fn draw_reached(canvas: &Canvas, mark: &QuantileMark, days: f64, rank: Rank, frame: &Frame, places: &mut Places) {
    let is_median = rank == Rank::Median;
    let (x, y) = frame.at(days, mark.share);
    if is_median {
        canvas.line(Shape::ConnectorDotted, &[(x, y), (x, frame.bottom)]);
    }
    if let (Some(low), Some(high)) = (mark.low, mark.high) {
        canvas.whisker(Shape::Whisker, frame.days.at(low), frame.days.at(high), y);
    }
    canvas.diamond(Shape::MarkPractice, (x, y), if is_median { 7.0 } else { 5.0 });
    let look = PRACTICE.strong().halo();
    let look = if is_median && !frame.narrow { look.sized(TextSize::S16) } else { look };
    if frame.narrow && is_median {
        let mut lines = vec![(mark.short_text.clone(), look)];
        if !mark.interval_text.is_empty() {
            lines.push((mark.interval_text.clone(), PRACTICE.halo()));
        }
        let offers = [(x + 4.0, y - 26.0, look), (x + 4.0, y - 44.0, look), (x - 10.0, y + 30.0, look.end())];
        let offers = offers.map(|(left, top, look)| Place { at: (left, top), look });
        places.write_lines(canvas, &lines, &offers, 16.0);
        return;
    }
    if frame.narrow && !is_median {
        return;
    }
    let offers: Vec<Place> = [26.0, 36.0, 16.0, 50.0]
        .into_iter()
        .map(|up| Place { at: (x + 12.0, y - up), look })
        .chain([24.0, 40.0].map(|down| Place { at: (x - 12.0, y + down), look: look.end() }))
        .collect();
    places.write(canvas, &mark.text, &offers);
}

/// The median lies outside what was observed: an open mark at the edge, with an arrow to the right.
fn draw_not_reached(canvas: &Canvas, mark: &QuantileMark, frame: &Frame, places: &mut Places) {
    let y = frame.share.at(mark.share);
    let x = frame.right - 16.0;
    canvas.line(Shape::Whisker, &[(x, y), (frame.right, y)]);
    canvas.line(Shape::Whisker, &[(frame.right - 5.0, y - 5.0), (frame.right, y), (frame.right - 5.0, y + 5.0)]);
    canvas.diamond(Shape::MarkOpen, (x, y), 6.0);
    let look = PRACTICE.strong().halo().end();
    let room = frame.right - frame.left - 40.0;
    let lines = lines_of(&mark.text, look, room);
    let offers = [20.0, 40.0, 64.0, -14.0].map(|down| Place { at: (frame.right - 2.0, y + down), look });
    places.write_lines(canvas, &lines, &offers, 17.0);
}

fn draw_reported(
    canvas: &Canvas,
    model: &Survival,
    reported: &ReportedPoint,
    frame: &Frame,
    strict: &Steps,
    places: &mut Places,
) {
    let (x, y) = frame.at(reported.days, reported.share);
    canvas.circle(Shape::MarkPaper, (x, y), 6.5);
    let curve = model.promise.as_ref().and_then(|promise| promise.still_open.as_ref());
    let upper = curve.map_or_else(|| height_at(&strict.line, x), |(share, _)| frame.share.at(*share));
    let bracket_x = x + BRACKET_RIGHT;
    let has_bracket = !reported.gap_text.is_empty() && !frame.narrow && y - upper > 40.0;
    if has_bracket {
        let (from, to) = (upper + 12.0, y - 10.0);
        canvas.line(
            Shape::Bracket,
            &[(bracket_x - 6.0, from), (bracket_x, from), (bracket_x, to), (bracket_x - 6.0, to)],
        );
    }
    let look = Look::tone(Tone::Paper).strong().halo();
    let words = if frame.narrow { &reported.short_text } else { &reported.text };
    let offers: Vec<Place> = [-2.0, -16.0, -32.0, -48.0]
        .into_iter()
        .map(|down| Place { at: (if has_bracket { bracket_x + 8.0 } else { x + 12.0 }, y + down), look })
        .chain([Place { at: (x - 12.0, y - 8.0), look: look.end() }])
        .collect();
    places.write(canvas, words, &offers);
    if has_bracket {
        let look = Look::ink().halo();
        let middle = (upper + y) / 2.0;
        let offers: Vec<Place> = [40.0, 20.0, 60.0, 0.0, 80.0, -20.0]
            .into_iter()
            .map(|down| Place { at: (bracket_x + 8.0, middle + down), look })
            .collect();
        places.write(canvas, &reported.gap_text, &offers);
    }
}

fn draw_open_at_promise(canvas: &Canvas, promise: &Promise, frame: &Frame, places: &mut Places) {
    let Some((share, words)) = &promise.still_open else {
        return;
    };
    let (x, y) = frame.at(promise.days, *share);
    canvas.diamond(Shape::MarkPractice, (x, y), 6.0);
    let look = PRACTICE.strong().halo();
    let up = [8.0, 16.0, 26.0, -18.0].map(|up| Place { at: (x + 12.0, y - up), look });
    let left = [-22.0, -40.0].map(|up| Place { at: (x - 10.0, y - up), look: look.end() });
    let offers: Vec<Place> = up.into_iter().chain(left).collect();
    if !frame.narrow {
        places.write(canvas, words, &offers);
    }
}

/// What is left at the end of the scale, written at the end of the lines.
fn draw_ends(
    canvas: &Canvas,
    curve: &Curve,
    strict: &Steps,
    lenient: Option<&Steps>,
    frame: &Frame,
    places: &mut Places,
) {
    let end = |steps: &Steps| steps.line.last().map_or(frame.bottom, |(_, y)| *y);
    let strong = PRACTICE.strong();
    if frame.narrow {
        let right = frame.right;
        let look = strong.end().halo();
        let ups = [10.0, 16.0, 24.0, 34.0, 46.0, -18.0].map(|up| Place { at: (right, end(strict) - up), look });
        places.write(canvas, &curve.end_short_text, &ups);
        if let Some(lenient) = lenient {
            let look = PRACTICE.end().halo();
            let downs = [18.0, 26.0, 40.0, -8.0].map(|down| Place { at: (right, end(lenient) + down), look });
            places.write(canvas, &curve.lenient_end_short_text, &downs);
        }
        return;
    }
    let x = frame.right + 12.0;
    let room = canvas.width - x;
    let mut write = |y: f64, words: &str, note: &str, look: Look| {
        let mut lines = lines_of(words, look, room);
        lines.extend(lines_of(note, PRACTICE, room));
        let downs = [4.0, -8.0, 16.0, -20.0, 28.0, 40.0, 52.0, 64.0];
        let offers = downs.map(|down| Place { at: (x, y + down), look });
        places.write_lines(canvas, &lines, &offers, 17.0);
    };
    write(end(strict), &curve.end_text, &curve.end_note, strong);
    if let Some(lenient) = lenient {
        write(end(lenient), &curve.lenient_end_text, &curve.lenient_end_note, PRACTICE);
    }
}
