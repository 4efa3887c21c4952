//! What does the report say, and what happened? Two shares on one scale from 0 to 100.

use super::axis::{Scale, held, in_words, real};
use crate::svg::{Anchor, Canvas, Look, Shape, Size, Svg, TableTwin, TextSize, Tone, width_of, wrapped};

/// One of the two shares.
#[derive(Clone, Debug, PartialEq)]
pub struct PairSide {
    /// `On paper`
    pub name: String,
    /// 0 to 1; `None` where there is no evidence.
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// `96.7 %` or `no evidence`
    pub value_text: String,
    /// `of 4 203 SLA records met their deadline`
    pub note: String,
}

/// Paper above, practice below, and the size of the gap in words.
#[derive(Clone, Debug, PartialEq)]
pub struct PairBar {
    pub title: String,
    pub description: String,
    pub paper: PairSide,
    pub practice: PairSide,
    /// `82.5 points apart`, or `no gap shown by the evidence`; a bracket is drawn only where a gap is shown.
    pub gap_text: String,
    pub gap_is_shown: bool,
}

const BAR: f64 = 26.0;
const GAP_BAND: f64 = 32.0;
const LINE: f64 = 18.0;
/// From the practice bar down to its value, past its interval.
const VALUE_DOWN: f64 = 40.0;

/// Where the rows lie: notes take as many lines as the width makes them need.
struct Rows {
    paper_note: Vec<String>,
    practice_note: Vec<String>,
    paper_top: f64,
    practice_top: f64,
    scale: f64,
}

fn rows(model: &PairBar, width: f64) -> Rows {
    let paper_note = note_lines(&model.paper, width);
    let practice_note = note_lines(&model.practice, width);
    let paper_top = 36.0 + LINE * real(paper_note.len());
    let practice_top = paper_top + BAR + GAP_BAND;
    let scale = practice_top + BAR + VALUE_DOWN + LINE * real(practice_note.len()) + 22.0;
    Rows { paper_note, practice_note, paper_top, practice_top, scale }
}

/// The lines of a note that does not fit beside the value; none if it does.
fn note_lines(side: &PairSide, width: f64) -> Vec<String> {
    let beside = note_left(side) + width_of(&side.note, Look::muted());
    if beside <= width { Vec::new() } else { wrapped(&side.note, Look::muted(), width) }
}

fn note_left(side: &PairSide) -> f64 {
    name_left(side) + width_of(&side.name, Look::ink().strong()) + 10.0
}

fn name_left(side: &PairSide) -> f64 {
    width_of(&side.value_text, Look::ink().strong().sized(TextSize::S19)) + 10.0
}

/// Draws both shares with the interval of each and the bracket between them.
#[must_use]
pub fn pair_bar(model: &PairBar, size: Size) -> Svg {
    let rows = rows(model, f64::from(size.width));
    let canvas = Canvas::new(size, rows.scale + 26.0);
    let scale = Scale::new(0.0, 1.0, 1.0, canvas.width - 1.0);
    draw_scale(&canvas, &scale, rows.scale);
    draw_paper(&canvas, &model.paper, &scale, &rows);
    draw_practice(&canvas, &model.practice, &scale, &rows);
    draw_gap(&canvas, model, &scale, rows.paper_top + BAR + GAP_BAND / 2.0);
    let mut table = TableTwin::new(&["", "Share", "Of what"]);
    for side in [&model.paper, &model.practice] {
        table.push([&side.name, &side.value_text, &side.note]);
    }
    canvas.finish(&model.title, &model.description, table)
}

fn draw_scale(canvas: &Canvas, scale: &Scale, y: f64) {
    canvas.line(Shape::Axis, &[(scale.at(0.0), y), (scale.at(1.0), y)]);
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let x = scale.at(percent / 100.0);
        canvas.line(Shape::Axis, &[(x, y), (x, y + 5.0)]);
        let look = match percent {
            _ if percent < 1.0 => Look::muted(),
            _ if percent > 99.0 => Look::muted().end(),
            _ => Look::muted().middle(),
        };
        let unit = if percent > 99.0 { " %" } else { "" };
        canvas.text(look, (x, y + 20.0), &format!("{}{unit}", in_words(percent)));
    }
}

/// Outlined bar with a circle at its end; its words stand above.
fn draw_paper(canvas: &Canvas, side: &PairSide, scale: &Scale, rows: &Rows) {
    let (top, zero) = (rows.paper_top, scale.at(0.0));
    match side.share.map(|share| scale.at(share)) {
        None => canvas.rect(Shape::Unknown, (zero, top), scale.at(1.0) - zero, BAR),
        Some(x) => {
            canvas.rect(Shape::BarPaper, (zero, top), (x - zero).max(1.0), BAR);
            canvas.circle(Shape::MarkPaper, (x, top + BAR / 2.0), 6.5);
        }
    }
    draw_words(canvas, side, Tone::Paper, top - 12.0);
    for (line, up) in rows.paper_note.iter().rev().zip(1u8..) {
        canvas.text(Look::muted(), (0.0, top - 16.0 - LINE * f64::from(up)), line);
    }
}

/// Solid bar; the interval stands under it, since it would not show on it.
fn draw_practice(canvas: &Canvas, side: &PairSide, scale: &Scale, rows: &Rows) {
    let (top, zero) = (rows.practice_top, scale.at(0.0));
    match side.share.map(|share| scale.at(share)) {
        None => canvas.rect(Shape::Unknown, (zero, top), scale.at(1.0) - zero, BAR),
        Some(x) => {
            canvas.rect(Shape::BarPractice, (zero, top), (x - zero).max(1.0), BAR);
            let middle = top + BAR + 11.0;
            if let (Some(low), Some(high)) = (side.low, side.high) {
                canvas.whisker(Shape::Whisker, scale.at(low), scale.at(high), middle);
            }
            canvas.diamond(Shape::MarkPractice, (x, middle), 6.0);
        }
    }
    let baseline = top + BAR + VALUE_DOWN;
    draw_words(canvas, side, Tone::Practice, baseline);
    for (line, down) in rows.practice_note.iter().zip(1u8..) {
        canvas.text(Look::muted(), (0.0, baseline + LINE * f64::from(down)), line);
    }
}

/// Value and name, and the note where it fits beside them.
fn draw_words(canvas: &Canvas, side: &PairSide, tone: Tone, baseline: f64) {
    canvas.text(Look::tone(tone).strong().sized(TextSize::S19), (0.0, baseline), &side.value_text);
    canvas.text(Look::tone(tone).strong(), (name_left(side), baseline), &side.name);
    if note_left(side) + width_of(&side.note, Look::muted()) <= canvas.width {
        canvas.text(Look::muted(), (note_left(side), baseline), &side.note);
    }
}

fn draw_gap(canvas: &Canvas, model: &PairBar, scale: &Scale, middle: f64) {
    let look = Look::ink().strong().halo().middle();
    let half = width_of(&model.gap_text, look) / 2.0 + 6.0;
    let (Some(paper), Some(practice)) = (model.paper.share, model.practice.share) else {
        return canvas.text(look.anchored(Anchor::Start), (0.0, middle + 4.5), &model.gap_text);
    };
    let (from, to) = (scale.at(paper.min(practice)), scale.at(paper.max(practice)));
    let x = held(f64::midpoint(from, to), half, canvas.width - half);
    if model.gap_is_shown {
        let rise = if paper > practice { (5.0, -5.0) } else { (-5.0, 5.0) };
        canvas.line(Shape::Bracket, &[(from, middle + rise.0), (from, middle), (to, middle), (to, middle + rise.1)]);
    }
    canvas.text(look, (x, middle + 4.5), &model.gap_text);
}
