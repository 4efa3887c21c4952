//! Where can a label stand without touching another one?

use super::axis::held;
use crate::svg::{Canvas, Look, TextBox, wrapped};

/// Air kept between two labels.
const AIR: f64 = 3.0;

/// The rooms already taken on a page. Labels are offered places in order of preference.
pub(super) struct Places {
    width: f64,
    height: f64,
    taken: Vec<TextBox>,
    /// Points of lines: a label may lie on them, but rather not.
    disliked: Vec<(f64, f64)>,
}

/// One place a label could have.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: (f64, f64),
    pub(super) look: Look,
}

impl Places {
    /// The free room of a page on which the canvas has already written its scale.
    pub(super) fn of(canvas: &Canvas) -> Self {
        Self { width: canvas.width, height: canvas.height, taken: canvas.texts(), disliked: Vec::new() }
    }

    pub(super) fn dislike(&mut self, points: &[(f64, f64)]) {
        self.disliked.extend_from_slice(points);
    }

    /// Keeps labels out of a mark's room.
    pub(super) fn keep_out(&mut self, (x, y): (f64, f64), radius: f64) {
        self.taken.push(TextBox { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
    }

    fn room(words: &str, place: Place) -> TextBox {
        let room = TextBox::of(words, place.look, place.at.0, place.at.1);
        TextBox { left: room.left - AIR, right: room.right + AIR, ..room }
    }

    fn is_free(&self, room: TextBox) -> bool {
        let inside = room.left >= -AIR - 0.05 && room.top >= 0.0 && room.right <= self.width + AIR + 0.05;
        inside && room.bottom <= self.height && self.taken.iter().all(|other| !room.meets(*other))
    }

    fn crossings(&self, room: TextBox) -> usize {
        let inside = |&&(x, y): &&(f64, f64)| x > room.left && x < room.right && y > room.top && y < room.bottom;
        self.disliked.iter().filter(inside).count()
    }

    /// Writes `words` at the free place that crosses the fewest lines, the first of equals; `false` if none is free.
    pub(super) fn write(&mut self, canvas: &Canvas, words: &str, offers: &[Place]) -> bool {
        let free = offers.iter().filter(|place| self.is_free(Self::room(words, **place)));
        let best = free.min_by_key(|place| self.crossings(Self::room(words, **place)));
        let Some(place) = best.copied() else { return false };
        self.taken.push(Self::room(words, place));
        canvas.text(place.look, place.at, words);
        true
    }

    /// The same for words on two lines or more, kept together.
    pub(super) fn write_lines(
        &mut self,
        canvas: &Canvas,
        lines: &[(String, Look)],
        offers: &[Place],
        step: f64,
    ) -> bool {
        let rooms_at = |place: &Place| -> Vec<(Place, TextBox)> {
            let mut y = place.at.1;
            let mut rooms = Vec::new();
            for (words, look) in lines {
                let line = Place { at: (place.at.0, y), look: look.anchored(place.look.anchor) };
                rooms.push((line, Self::room(words, line)));
                y += step;
            }
            rooms
        };
        let free = offers.iter().map(rooms_at).filter(|rooms| rooms.iter().all(|(_, room)| self.is_free(*room)));
        let best = free.min_by_key(|rooms| rooms.iter().map(|(_, room)| self.crossings(*room)).sum::<usize>());
        let Some(rooms) = best else { return false };
        for ((words, _), (line, room)) in lines.iter().zip(rooms) {
            self.taken.push(room);
            canvas.text(line.look, line.at, words);
        }
        true
    }
}

/// `words` in as many lines as `room` pixels need, all in one look.
pub(super) fn lines_of(words: &str, look: Look, room: f64) -> Vec<(String, Look)> {
    wrapped(words, look, room).into_iter().map(|line| (line, look)).collect()
}

/// Heights at least `step` apart and as near as possible to the wanted ones, which come in order: neighbours that would
/// touch move apart together, around their common middle.
pub(super) fn spread(wanted: &[f64], step: f64, low: f64, high: f64) -> Vec<f64> {
    // Each block is its middle and how many stand in it.
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for y in wanted {
        let mut block = (*y, 1.0);
        while let Some((middle, count)) = blocks.last().copied() {
            if block.0 - middle >= (count + block.1) * step / 2.0 {
                break;
            }
            blocks.pop();
            block = ((middle * count + block.0 * block.1) / (count + block.1), count + block.1);
        }
        let half = (block.1 - 1.0) * step / 2.0;
        block.0 = held(block.0, low + half, (high - half).max(low + half));
        blocks.push(block);
    }
    let mut heights = Vec::new();
    for (middle, count) in blocks {
        let mut at = 0.0;
        while at < count {
            heights.push(middle + (at - (count - 1.0) / 2.0) * step);
            at += 1.0;
        }
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_touch_move_apart_around_their_middle() {
        let heights = spread(&[100.0, 104.0, 200.0], 20.0, 0.0, 300.0);
        assert_eq!(heights, [92.0, 112.0, 200.0]);
    }

    #[test]
    fn names_stay_inside_the_plot() {
        let heights = spread(&[298.0, 299.0, 300.0], 20.0, 0.0, 300.0);
        assert_eq!(heights, [260.0, 280.0, 300.0]);
    }
}
