//! Where did the time go? All seconds of all episodes, split into the ten labels.

use domain::label::Label;

use super::axis::{held, real};
use super::label_look::{DRAWING_ORDER, draw_label, label_letter, label_name, letter_look};
use crate::svg::{Canvas, Look, Shape, Size, Svg, TableTwin, TextBox, TextSize, Tone, width_of, wrapped};

/// One label's part of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelPart {
    pub label: Label,
    /// Part of all seconds, 0 to 1.
    pub share: f64,
    /// `25.4 %`
    pub share_text: String,
    /// `206 496 days`
    pub days_text: String,
}

/// The seconds of all episodes by label. Labels without a second may be left out.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSplit {
    pub title: String,
    pub description: String,
    pub parts: Vec<LabelPart>,
}

const BAR_HEIGHT: f64 = 56.0;
const SEGMENT_AIR: f64 = 1.5;
const ROW_STEP: f64 = 20.0;
/// Labels above the bar are stacked this high at most; four slivers side by side are the worst seen.
const ROWS_MAX: usize = 8;
/// A name under a segment may be broken once.
const NAME_LINES_MAX: usize = 2;
const LETTER_ROOM: f64 = 24.0;
const SLA_WORDS: &str = "the SLA clock ran; hatched: later reset";

/// Draws one bar of all labels, or one bar a label where the page is narrow.
#[must_use]
pub fn label_split(model: &LabelSplit, size: Size) -> Svg {
    if size.is_narrow() { narrow(model, size) } else { wide(model, size) }
}

fn table(model: &LabelSplit) -> TableTwin {
    let mut table = TableTwin::new(&["Label", "Share", "Exposure"]);
    for part in in_order(model) {
        let name = format!("{} {}", label_letter(part.label), label_name(part.label));
        table.push([&name, &part.share_text, &part.days_text]);
    }
    table
}

fn in_order(model: &LabelSplit) -> Vec<&LabelPart> {
    let part_of = |label: &Label| model.parts.iter().find(|part| part.label == *label);
    DRAWING_ORDER.iter().filter_map(part_of).collect()
}

struct Segment<'a> {
    part: &'a LabelPart,
    left: f64,
    width: f64,
}

impl Segment<'_> {
    fn centre(&self) -> f64 {
        self.left + self.width / 2.0
    }
}

fn segments<'a>(model: &'a LabelSplit, width: f64) -> Vec<Segment<'a>> {
    let parts: Vec<&LabelPart> = in_order(model).into_iter().filter(|part| part.share > 0.0).collect();
    let total: f64 = parts.iter().map(|part| part.share).sum();
    let mut left = 0.0;
    let mut segments = Vec::new();
    for part in parts {
        let long = part.share / total * width;
        segments.push(Segment { part, left: left + SEGMENT_AIR / 2.0, width: (long - SEGMENT_AIR).max(0.5) });
        left += long;
    }
    segments
}

/// The lines under a segment, each with its way down from the one above, if they fit into its width.
fn caption(segment: &Segment<'_>) -> Option<Vec<(String, Look, f64)>> {
    let part = segment.part;
    let (ink, strong, muted) = (Look::ink(), Look::ink().strong().sized(TextSize::S16), Look::muted());
    let room = segment.width - 4.0;
    let fits = |words: &str, look: Look| width_of(words, look) <= room;
    let whole = label_name(part.label);
    let is_reset = part.label == Label::OnClockReset;
    let name = if is_reset && !fits(whole, ink) { "reset" } else { whole };
    let lines = wrapped(name, ink, room);
    let short = part.days_text.trim_end_matches(" days");
    let days = if fits(&part.days_text, muted) { part.days_text.as_str() } else { short };
    let is_whole = lines.len() <= NAME_LINES_MAX && lines.iter().all(|line| !line.ends_with('…'));
    if !is_whole || !fits(&part.share_text, strong) || !fits(days, muted) {
        return None;
    }
    let names = lines.into_iter().zip([22.0, 16.0]).map(|(line, down)| (line, ink, down));
    Some(names.chain([(part.share_text.clone(), strong, 19.0), (days.to_owned(), muted, 18.0)]).collect())
}

/// From the bar down to the lowest caption.
fn captions_height(segments: &[Segment<'_>]) -> f64 {
    let heights = segments.iter().filter_map(caption).map(|lines| lines.iter().map(|(_, _, down)| down).sum::<f64>());
    heights.fold(0.0, f64::max)
}

/// A label above the bar for a segment too thin to hold one below it.
struct Flag {
    centre: f64,
    row: usize,
    name: &'static str,
    share: String,
    left: f64,
    right: f64,
}

const FLAG_AIR: f64 = 12.0;
const WORD_GAP: f64 = 4.0;

/// Gives each thin segment the lowest row in which its words and its leader touch nothing.
///
/// Words that begin at their leader form stairs: going left, each may lie one row above the one to its right, and no
/// leader crosses any words. Only where they would leave the page do they end at their leader, as stairs the other way.
fn flags(segments: &[Segment<'_>], width: f64) -> Vec<Flag> {
    let mut to_the_left = Vec::new();
    let mut to_the_right = Vec::new();
    for segment in segments.iter().filter(|segment| caption(segment).is_none()) {
        let flag = flag_of(segment);
        if flag.right <= width { to_the_right.push(flag) } else { to_the_left.push(flag) }
    }
    to_the_right.reverse();
    let mut waiting: Vec<f64> = to_the_left.iter().chain(&to_the_right).map(|flag| flag.centre).collect();
    let mut placed: Vec<Flag> = Vec::new();
    for flag in to_the_left.into_iter().chain(to_the_right) {
        waiting.retain(|centre| (centre - flag.centre).abs() > 0.01);
        let best = offers(&flag, width).into_iter().find(|offer| {
            let covers_waiting = waiting.iter().any(|centre| *centre > offer.left - 4.0 && *centre < offer.right + 4.0);
            let is_stair = offer.left > flag.centre - 10.0 || flag.right > width;
            (is_stair || !covers_waiting) && placed.iter().all(|other| !collides(other, offer))
        });
        placed.extend(best);
    }
    placed
}

fn flag_of(segment: &Segment<'_>) -> Flag {
    let (name, share) = (label_name(segment.part.label), segment.part.share_text.clone());
    let long = width_of(name, Look::ink()) + WORD_GAP + width_of(&share, Look::ink().strong());
    let left = (segment.centre() - 5.0).max(0.0);
    Flag { centre: segment.centre(), row: 0, name, share, left, right: left + long }
}

/// Places of a flag, the best first: low rows, and words that begin at the leader.
fn offers(flag: &Flag, width: f64) -> Vec<Flag> {
    let long = flag.right - flag.left;
    let ends_at_leader = held(flag.centre + 5.0 - long, 0.0, width - long);
    let mut offers = Vec::new();
    for row in 0..ROWS_MAX {
        for left in [flag.left, ends_at_leader] {
            if left + long <= width {
                let (name, share) = (flag.name, flag.share.clone());
                offers.push(Flag { centre: flag.centre, row, name, share, left, right: left + long });
            }
        }
    }
    offers
}

/// Whether the words touch, or one leader runs through the other's words.
fn collides(one: &Flag, other: &Flag) -> bool {
    let words_meet = one.row == other.row && one.left < other.right + FLAG_AIR && other.left < one.right + FLAG_AIR;
    let crosses =
        |high: &Flag, low: &Flag| high.row > low.row && high.centre > low.left - 4.0 && high.centre < low.right + 4.0;
    words_meet || crosses(one, other) || crosses(other, one)
}

/// Where the bracket over the SLA clock ends; none if it is too short, or a flag stands where its words would.
fn bracket_end(segments: &[Segment<'_>], flags: &[Flag]) -> Option<f64> {
    const SHORTEST: f64 = 40.0;
    let words_end = width_of(SLA_WORDS, Look::ink().strong()) + FLAG_AIR;
    let is_paper = |segment: &&Segment<'_>| matches!(segment.part.label, Label::OnClockFinal | Label::OnClockReset);
    let end = segments.iter().filter(is_paper).map(|segment| segment.left + segment.width).reduce(f64::max)?;
    let is_free = flags.iter().all(|flag| flag.centre > words_end && (flag.row > 0 || flag.left > words_end));
    (end >= SHORTEST && is_free).then_some(end)
}

fn wide(model: &LabelSplit, size: Size) -> Svg {
    let width = f64::from(size.width);
    let segments = segments(model, width);
    let flags = flags(&segments, width);
    let bracket_end = bracket_end(&segments, &flags);
    let rows = flags.iter().map(|flag| flag.row + 1).max().unwrap_or(0).max(usize::from(bracket_end.is_some()));
    let bar_top = 14.0 + ROW_STEP * real(rows);
    let canvas = Canvas::new(size, bar_top + BAR_HEIGHT + captions_height(&segments) + 5.0);
    for segment in &segments {
        draw_segment(&canvas, segment, bar_top);
    }
    for flag in &flags {
        let baseline = bar_top - 16.0 - ROW_STEP * real(flag.row);
        canvas.line(Shape::Leader, &[(flag.centre, bar_top - 2.0), (flag.centre, baseline + 5.0)]);
        canvas.text(Look::ink(), (flag.left, baseline), flag.name);
        let share_left = flag.right - width_of(&flag.share, Look::ink().strong());
        canvas.text(Look::ink().strong(), (share_left, baseline), &flag.share);
    }
    if let Some(end) = bracket_end {
        canvas.text(Look::tone(Tone::Paper).strong(), (0.0, bar_top - 18.0), SLA_WORDS);
        let line = [(0.5, bar_top - 5.0), (0.5, bar_top - 10.0), (end, bar_top - 10.0), (end, bar_top - 5.0)];
        canvas.line(Shape::Bracket, &line);
    }
    canvas.finish(&model.title, &model.description, table(model))
}

fn draw_segment(canvas: &Canvas, segment: &Segment<'_>, bar_top: f64) {
    let part = segment.part;
    draw_label(canvas, part.label, (segment.left, bar_top), segment.width, BAR_HEIGHT);
    if segment.width >= LETTER_ROOM {
        let at = (segment.centre(), bar_top + BAR_HEIGHT / 2.0 + 5.0);
        canvas.text(letter_look(part.label), at, label_letter(part.label));
    }
    let mut y = bar_top + BAR_HEIGHT;
    for (words, look, down) in caption(segment).into_iter().flatten() {
        y += down;
        canvas.text(look, (segment.left + 1.5, y), &words);
    }
}

fn narrow(model: &LabelSplit, size: Size) -> Svg {
    const ROW_HEIGHT: f64 = 46.0;
    let width = f64::from(size.width);
    let mut parts: Vec<&LabelPart> = in_order(model).into_iter().filter(|part| part.share > 0.0).collect();
    parts.sort_by(|one, other| other.share.total_cmp(&one.share));
    let largest = parts.first().map_or(1.0, |part| part.share);
    let canvas = Canvas::new(size, (ROW_HEIGHT * real(parts.len())).max(1.0));
    let days_room = parts.iter().map(|part| width_of(&part.days_text, Look::muted())).fold(0.0, f64::max);
    for (row, part) in parts.iter().enumerate() {
        let top = ROW_HEIGHT * real(row);
        canvas.text(Look::ink().strong(), (0.0, top + 14.0), label_letter(part.label));
        canvas.text(Look::ink(), (20.0, top + 14.0), label_name(part.label));
        canvas.text(Look::muted().end(), (width, top + 14.0), &part.days_text);
        let share_end = width - days_room - 14.0;
        let name_end = TextBox::of(label_name(part.label), Look::ink(), 20.0, 0.0).right;
        let share_room = width_of(&part.share_text, Look::ink().strong());
        if share_end - share_room > name_end {
            canvas.text(Look::ink().strong().end(), (share_end, top + 14.0), &part.share_text);
        }
        let long = (part.share / largest * (width - 1.5)).max(1.0);
        draw_label(&canvas, part.label, (0.75, top + 21.0), long, 12.0);
    }
    canvas.finish(&model.title, &model.description, table(model))
}
