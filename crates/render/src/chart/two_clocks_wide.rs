//! Both clocks with time to the right: the SLA row above, the labels between, the wall row below.

use super::axis::{Scale, in_words};
use super::label_look::{draw_label, label_letter, label_name, letter_look};
use super::place::{Place, Places};
use super::two_clocks::{Band, Ending, TwoClocks, mark_step, table};
use super::two_clocks_events::{EventRows, draw_events, event_rows};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TextBox, TextSize, Tone, fitted, width_of, wrapped};

const LEFT: f64 = 132.0;
const SLA_TOP: f64 = 104.0;
const BAND_TOP: f64 = 172.0;
const BAND_HEIGHT: f64 = 36.0;
const ROW_HEIGHT: f64 = 28.0;
const WALL_TOP: f64 = 272.0;
pub(super) const AXIS: f64 = 336.0;
const LETTER_ROOM: f64 = 18.0;

pub(super) fn draw(model: &TwoClocks, size: Size) -> Svg {
    let width = f64::from(size.width);
    let sla = width_of(&model.sla_total.0, Look::ink().strong().sized(TextSize::S19));
    let wall = width_of(&model.wall_total.0, Look::ink().strong().sized(TextSize::S19));
    let right = (width - sla.max(wall).max(60.0) - 24.0).max(LEFT + 100.0);
    let scale = Scale::new(0.0, model.end_days.max(0.01), LEFT, right);
    let rows = event_rows(model, &scale, width);
    let canvas = Canvas::new(size, rows.bottom + 10.0);
    draw_scale(&canvas, model, &scale, right);
    draw_promise(&canvas, model, &scale);
    draw_wall(&canvas, model, right);
    draw_bands(&canvas, model, &scale);
    draw_sla(&canvas, model, &scale, right);
    draw_sla_words(&canvas, model, &scale, right);
    draw_totals(&canvas, model, width);
    finish(canvas, model, &scale, &rows)
}

fn finish(canvas: Canvas, model: &TwoClocks, scale: &Scale, rows: &EventRows) -> Svg {
    draw_events(&canvas, model, scale, rows);
    canvas.finish(&model.title, &model.description, table(model))
}

fn draw_scale(canvas: &Canvas, model: &TwoClocks, scale: &Scale, right: f64) {
    let end_look = Look::ink().strong().halo().middle();
    let end_room = TextBox::of(&model.end_text, end_look, right, 14.0);
    let step = mark_step(model.end_days, (right - LEFT) / 90.0);
    let mut day = 0.0;
    while day < model.end_days {
        let x = scale.at(day);
        canvas.line(Shape::Gridline, &[(x, 24.0), (x, AXIS)]);
        let look = if day < step / 2.0 { Look::muted() } else { Look::muted().middle() };
        let words = format!("day {}", in_words(day));
        if TextBox::of(&words, look, x, 14.0).right + 10.0 < end_room.left {
            canvas.text(look, (x, 14.0), &words);
        }
        day += step;
    }
    canvas.text(end_look, (right, 14.0), &model.end_text);
    canvas.line(Shape::Axis, &[(LEFT, AXIS), (right, AXIS)]);
}

fn draw_promise(canvas: &Canvas, model: &TwoClocks, scale: &Scale) {
    let Some((days, words)) = &model.promised else { return };
    if !scale.holds(*days) {
        return;
    }
    let x = scale.at(*days);
    canvas.rect(Shape::Promise, (x - 1.5, 24.0), 3.0, AXIS - 24.0);
    let look = Look::ink().strong().halo();
    let fits = x + 8.0 + width_of(words, look) <= canvas.width;
    if fits {
        canvas.text(look, (x + 8.0, 40.0), words);
    } else {
        canvas.text(look.end(), (x - 8.0, 40.0), words);
    }
}

fn draw_sla(canvas: &Canvas, model: &TwoClocks, scale: &Scale, right: f64) {
    let middle = SLA_TOP + ROW_HEIGHT / 2.0;
    canvas.line(Shape::Gridline, &[(LEFT, middle), (right, middle)]);
    for record in &model.records {
        let (from, to) = (scale.at(record.span.from), scale.at(record.span.to));
        canvas.rect(Shape::BarPaper, (from, SLA_TOP), (to - from).max(2.0), ROW_HEIGHT);
        for pause in &record.pauses {
            let (from, to) = (scale.at(pause.from), scale.at(pause.to));
            draw_label(canvas, domain::label::Label::Paused, (from, SLA_TOP), (to - from).max(1.0), ROW_HEIGHT);
        }
        canvas.line(Shape::LinePaper, &[(to, SLA_TOP), (to, SLA_TOP + ROW_HEIGHT + 10.0)]);
    }
}

/// Words over the records, lifted by a line where two would touch; notes stand on the row itself.
fn draw_sla_words(canvas: &Canvas, model: &TwoClocks, scale: &Scale, right: f64) {
    let mut places = Places::of(canvas);
    for record in &model.records {
        let (from, to) = (scale.at(record.span.from), scale.at(record.span.to));
        let middle = (f64::midpoint(from, to), SLA_TOP + ROW_HEIGHT / 2.0);
        places.keep_out(middle, ROW_HEIGHT / 2.0);
    }
    if let Some((days, _)) = &model.promised {
        let x = scale.at(*days);
        for step in 0..20 {
            places.keep_out((x, 28.0 + 4.0 * f64::from(step)), 2.0);
        }
    }
    let look = Look::tone(Tone::Paper).strong().halo();
    for record in &model.records {
        let (from, end) = (scale.at(record.span.from), scale.at(record.span.to));
        let ups = [10.0, 28.0, 46.0];
        let starts = ups.into_iter().flat_map(|up| [from, from + 6.0].map(|x| (x, SLA_TOP - up, look)));
        let ends = ups.into_iter().map(|up| (end, SLA_TOP - up, look.end()));
        let offers: Vec<Place> = starts.chain(ends).map(|(x, y, look)| Place { at: (x, y), look }).collect();
        if !places.write(canvas, &record.text, &offers) {
            places.write(canvas, &record.short_text, &offers);
        }
    }
    for note in &model.notes {
        let x = scale.at(note.days) + 6.0;
        let look = Look::tone(Tone::Paper).halo();
        let room = (right - x).max(0.0);
        let words = if width_of(&note.text, look) <= room { &note.text } else { &note.short_text };
        let y = SLA_TOP + ROW_HEIGHT / 2.0 + 5.0;
        let offers = [(x, y, look), (x, y + 26.0, look), (right, y + 26.0, look.end()), (right, y - 26.0, look.end())];
        places.write(canvas, words, &offers.map(|(x, y, look)| Place { at: (x, y), look }));
    }
}

fn draw_bands(canvas: &Canvas, model: &TwoClocks, scale: &Scale) {
    let mut free_from = LEFT;
    for (at, band) in model.bands.iter().enumerate() {
        let (from, to) = (scale.at(band.span.from), scale.at(band.span.to));
        let wide = (to - from - 1.2).max(0.8);
        draw_label(canvas, band.label, (from + 0.6, BAND_TOP), wide, BAND_HEIGHT);
        if wide >= LETTER_ROOM {
            let letter_at = (f64::midpoint(from, to), BAND_TOP + 23.0);
            canvas.text(letter_look(band.label), letter_at, label_letter(band.label));
        }
        let next = model.bands.iter().skip(at + 1).find(|next| next.span.to > next.span.from);
        let last_end = scale.at(model.end_days) + 40.0;
        let room = next.map_or(last_end, |next| scale.at(next.span.from)) - from - 8.0;
        if from >= free_from {
            let taken = caption(canvas, band, from + 4.0, room);
            free_from = if taken { from } else { free_from };
        }
    }
}

/// Name and days under a band, on as many lines as its width allows; `false` where they do not fit.
fn caption(canvas: &Canvas, band: &Band, x: f64, room: f64) -> bool {
    const LINES_MAX: usize = 3;
    let look = Look::ink().halo();
    let short = band.days_text.replace(" days", " d");
    let days = if width_of(&band.days_text, look.strong()) <= room { &band.days_text } else { &short };
    let name = wrapped(label_name(band.label), look, room);
    let is_whole = name.iter().all(|line| !line.ends_with('…'));
    if !is_whole || name.len() > LINES_MAX || width_of(days, look.strong()) > room {
        return false;
    }
    let mut y = BAND_TOP + BAND_HEIGHT + 18.0;
    for line in &name {
        canvas.text(look, (x, y), line);
        y += 16.0;
    }
    if name.len() < LINES_MAX {
        canvas.text(look.strong(), (x, y), days);
    }
    true
}

fn draw_wall(canvas: &Canvas, model: &TwoClocks, right: f64) {
    canvas.rect(Shape::BarPractice, (LEFT, WALL_TOP), right - LEFT, ROW_HEIGHT);
    if model.ending == Ending::StillOpen {
        let middle = WALL_TOP + ROW_HEIGHT / 2.0;
        let head = [(right, WALL_TOP), (right + 12.0, middle), (right, WALL_TOP + ROW_HEIGHT)];
        canvas.polygon(Shape::BarPractice, &head);
    }
    let look = Look::tone(Tone::OnPractice).strong();
    let words = fitted(&model.wall_text, look, right - LEFT - 24.0);
    if words.chars().count() > 4 {
        canvas.text(look, (LEFT + 12.0, WALL_TOP + 19.0), &words);
    }
}

fn draw_totals(canvas: &Canvas, model: &TwoClocks, width: f64) {
    let rows = [
        (Tone::Paper, SLA_TOP, "SLA clock", "on paper", &model.sla_total),
        (Tone::Practice, WALL_TOP, "Wall clock", "in practice", &model.wall_total),
    ];
    for (tone, top, name, side, total) in rows {
        canvas.text(Look::tone(tone).strong().sized(TextSize::S16), (0.0, top + 15.0), name);
        canvas.text(Look::tone(tone), (0.0, top + 34.0), side);
        canvas.text(Look::tone(tone).strong().sized(TextSize::S19).end(), (width, top + 21.0), &total.0);
        canvas.text(Look::tone(tone).end(), (width, top + 40.0), &total.1);
    }
    canvas.text(Look::ink().strong(), (0.0, BAND_TOP + 21.0), "Each second");
    canvas.text(Look::muted(), (0.0, BAND_TOP + 38.0), "has one label");
}
