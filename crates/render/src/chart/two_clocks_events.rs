//! Where do the names of events stand so that none touches another?

use super::axis::Scale;
use super::axis::real;
use super::two_clocks::{ClockEvent, EventWeight, TwoClocks};
use super::two_clocks_wide::AXIS;
use crate::svg::{Anchor, Canvas, Look, Shape, TextBox, fitted, width_of};

const ROW_HEIGHT: f64 = 38.0;
/// Deeper than this, names are farther from their tick than they help; what is left is a tick, and a row of the table.
const ROWS_MAX: usize = 6;
const NAME: Look = Look::ink().strong().halo();
const DETAIL: Look = Look::muted().halo();

/// Longer details are cut; the table has them whole.
const DETAIL_WIDTH_MAX: f64 = 150.0;

struct Placed<'a> {
    event: &'a ClockEvent,
    detail: String,
    x: f64,
    row: usize,
    anchor: Anchor,
}

pub(super) struct EventRows<'a> {
    placed: Vec<Placed<'a>>,
    /// The lowest pixel used.
    pub(super) bottom: f64,
}

impl Placed<'_> {
    fn room(&self) -> TextBox {
        let long = width_of(&self.event.name, NAME).max(width_of(&self.detail, DETAIL));
        let top = AXIS + 16.0 + ROW_HEIGHT * real(self.row);
        let (left, right) = match self.anchor {
            Anchor::End => (self.x - 6.0 - long, self.x),
            Anchor::Start | Anchor::Middle => (self.x, self.x + 6.0 + long),
        };
        TextBox { left: left - 4.0, top, right: right + 4.0, bottom: top + 34.0 }
    }

    /// The line from the tick down to the words.
    fn leader(&self) -> TextBox {
        TextBox { left: self.x - 1.0, top: AXIS, right: self.x + 1.0, bottom: self.room().bottom }
    }

    fn touches(&self, other: &Self) -> bool {
        let (room, others) = (self.room(), other.room());
        room.meets(others) || self.leader().meets(others) || other.leader().meets(room)
    }
}

/// Gives each named event the highest row in which it touches nothing, from right to left: words begin at their tick,
/// so each may lie one row below the one to its right, and no leader runs through any words.
pub(super) fn event_rows<'a>(model: &'a TwoClocks, scale: &Scale, width: f64) -> EventRows<'a> {
    let named = |event: &&ClockEvent| event.weight == EventWeight::Named;
    let mut waiting: Vec<f64> = model.events.iter().filter(named).map(|event| scale.at(event.days)).collect();
    let mut placed: Vec<Placed<'a>> = Vec::new();
    for event in model.events.iter().rev().filter(named) {
        let x = scale.at(event.days);
        waiting.pop();
        let detail = fitted(&event.detail, DETAIL, DETAIL_WIDTH_MAX);
        let offers = (0..ROWS_MAX).flat_map(|row| {
            [Anchor::Start, Anchor::End].map(|anchor| Placed { event, detail: detail.clone(), x, row, anchor })
        });
        let best = offers.into_iter().find(|offer| {
            let room = offer.room();
            let inside = room.left >= -4.0 && room.right <= width + 4.0;
            let covers = |at: &f64| *at > room.left && *at < room.right;
            let leaves_way = offer.anchor != Anchor::End || !waiting.iter().any(covers);
            inside && leaves_way && placed.iter().all(|other| !offer.touches(other))
        });
        placed.extend(best);
    }
    let bottom = placed.iter().map(|each| each.room().bottom).fold(AXIS + 8.0, f64::max);
    EventRows { placed, bottom }
}

pub(super) fn draw_events(canvas: &Canvas, model: &TwoClocks, scale: &Scale, rows: &EventRows) {
    for event in &model.events {
        let x = scale.at(event.days);
        match event.between {
            None => canvas.line(Shape::Tick, &[(x, AXIS - 6.0), (x, AXIS + 6.0)]),
            Some(span) => {
                canvas.line(Shape::TickDotted, &[(x, AXIS - 6.0), (x, AXIS + 6.0)]);
                canvas.line(Shape::Tick, &[(scale.at(span.from), AXIS + 3.0), (scale.at(span.to), AXIS + 3.0)]);
            }
        }
    }
    for each in &rows.placed {
        let bottom = each.room().bottom - 2.0;
        canvas.line(Shape::Leader, &[(each.x, AXIS + 6.0), (each.x, bottom)]);
    }
    for each in &rows.placed {
        let bottom = each.room().bottom - 4.0;
        let side = if each.anchor == Anchor::End { -6.0 } else { 6.0 };
        canvas.text(NAME.anchored(each.anchor), (each.x + side, bottom - 16.0), &each.event.name);
        canvas.text(DETAIL.anchored(each.anchor), (each.x + side, bottom), &each.event.detail);
    }
}
