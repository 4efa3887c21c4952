//! Both clocks with time running down, for a narrow page: the same marks, not a shrunken copy.

use super::axis::{Scale, in_words};
use super::label_look::{draw_label, label_letter, label_name};
use super::place::{Place, Places};
use super::two_clocks::{Ending, TwoClocks, mark_step, table};
use crate::svg::{Canvas, Look, Shape, Size, Svg, Tone, width_of};

const TOP: f64 = 56.0;
const LENGTH: f64 = 720.0;
const COLUMN: f64 = 28.0;
const SLA_LEFT: f64 = 8.0;
const WALL_LEFT: f64 = 78.0;
const BAND_LEFT: f64 = 118.0;
const NAMES_LEFT: f64 = 156.0;

pub(super) fn draw(model: &TwoClocks, size: Size) -> Svg {
    let bottom = TOP + LENGTH;
    let canvas = Canvas::new(size, bottom + 28.0);
    let scale = Scale::new(0.0, model.end_days.max(0.01), TOP, bottom);
    draw_heads(&canvas, model);
    let marks = draw_grid(&canvas, model, &scale);
    draw_columns(&canvas, model, &scale, bottom);
    let mut places = Places::of(&canvas);
    draw_promise(&canvas, model, &scale, &mut places);
    name_bands(&canvas, model, &scale, &mut places);
    name_records(&canvas, model, &scale, &mut places);
    for (y, words) in marks {
        let look = Look::muted().end().halo();
        places.write(&canvas, &words, &[Place { at: (canvas.width, y - 5.0), look }]);
    }
    canvas.text(Look::ink().strong().end(), (canvas.width, bottom + 18.0), &model.end_long_text);
    canvas.finish(&model.title, &model.description, table(model))
}

fn draw_heads(canvas: &Canvas, model: &TwoClocks) {
    canvas.text(Look::tone(Tone::Paper).strong(), (0.0, 14.0), "SLA clock");
    canvas.text(Look::tone(Tone::Paper), (0.0, 31.0), &model.sla_total.0);
    canvas.text(Look::tone(Tone::Practice).strong(), (WALL_LEFT, 14.0), "Wall clock");
    canvas.text(Look::tone(Tone::Practice), (WALL_LEFT, 31.0), &model.wall_total.0);
    canvas.text(Look::ink().strong().end(), (canvas.width, TOP - 8.0), "first evidence, day 0");
}

/// Lines of the scale; their words come last, since the names of the labels have the first choice.
fn draw_grid(canvas: &Canvas, model: &TwoClocks, scale: &Scale) -> Vec<(f64, String)> {
    let step = mark_step(model.end_days, 7.0);
    let mut marks = Vec::new();
    let mut day = 0.0;
    while day < model.end_days {
        let y = scale.at(day);
        canvas.line(Shape::Gridline, &[(0.0, y), (canvas.width, y)]);
        if day > 0.0 && scale.at(model.end_days) - y > 24.0 {
            marks.push((y, format!("day {}", in_words(day))));
        }
        day += step;
    }
    marks
}

fn draw_columns(canvas: &Canvas, model: &TwoClocks, scale: &Scale, bottom: f64) {
    for record in &model.records {
        let (from, to) = (scale.at(record.span.from), scale.at(record.span.to));
        canvas.rect(Shape::BarPaper, (SLA_LEFT, from), COLUMN, (to - from).max(2.0));
        for pause in &record.pauses {
            let (from, to) = (scale.at(pause.from), scale.at(pause.to));
            draw_label(canvas, domain::label::Label::Paused, (SLA_LEFT, from), COLUMN, (to - from).max(1.0));
        }
    }
    canvas.rect(Shape::BarPractice, (WALL_LEFT, TOP), COLUMN, LENGTH);
    if model.ending == Ending::StillOpen {
        let head = [(WALL_LEFT, bottom), (WALL_LEFT + COLUMN / 2.0, bottom + 12.0), (WALL_LEFT + COLUMN, bottom)];
        canvas.polygon(Shape::BarPractice, &head);
    }
    for band in &model.bands {
        let (from, to) = (scale.at(band.span.from), scale.at(band.span.to));
        draw_label(canvas, band.label, (BAND_LEFT, from + 0.6), COLUMN, (to - from - 1.2).max(0.8));
    }
}

fn draw_promise(canvas: &Canvas, model: &TwoClocks, scale: &Scale, places: &mut Places) {
    let Some((days, words)) = &model.promised else { return };
    if !scale.holds(*days) {
        return;
    }
    let y = scale.at(*days);
    canvas.rect(Shape::Promise, (0.0, y - 1.5), canvas.width, 3.0);
    let look = Look::ink().strong().halo().end();
    let offers = [-7.0, 18.0, 34.0].map(|down| Place { at: (canvas.width, y + down), look });
    places.write(canvas, words, &offers);
}

/// Letter, name and days beside each stretch; a thin one is named on one line or by its letter.
fn name_bands(canvas: &Canvas, model: &TwoClocks, scale: &Scale, places: &mut Places) {
    let strong = Look::ink().strong().halo();
    let muted = Look::muted().halo();
    for band in &model.bands {
        let (from, to) = (scale.at(band.span.from), scale.at(band.span.to));
        let name = format!("{}  {}", label_letter(band.label), label_name(band.label));
        let middle = f64::midpoint(from, to);
        let lines = [(name.clone(), strong), (band.days_text.clone(), muted)];
        let two = [0.0, 8.0, -8.0].map(|down| Place { at: (NAMES_LEFT, middle - 3.0 + down), look: strong });
        let one = [4.5, 10.0, 0.0].map(|down| Place { at: (NAMES_LEFT, middle + down), look: strong });
        let is_tall = to - from >= 34.0;
        if is_tall && places.write_lines(canvas, &lines, &two, 17.0) {
            continue;
        }
        if !places.write(canvas, &name, &one) {
            places.write(canvas, label_letter(band.label), &one);
        }
    }
}

fn name_records(canvas: &Canvas, model: &TwoClocks, scale: &Scale, places: &mut Places) {
    let look = Look::tone(Tone::Paper).halo();
    let words = model.records.iter().map(|record| (scale.at(record.span.to) + 15.0, &record.short_text));
    let notes = model.notes.iter().map(|note| (scale.at(note.days) + 15.0, &note.short_text));
    for (y, words) in words.chain(notes) {
        if width_of(words, look) <= WALL_LEFT - 4.0 {
            let offers = [0.0, 14.0, 28.0, 42.0].map(|down| Place { at: (0.0, y + down), look });
            places.write(canvas, words, &offers);
        }
    }
}
