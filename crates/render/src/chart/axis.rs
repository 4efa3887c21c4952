//! Where does a value lie, and which round values mark the scale?

use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;

use crate::svg::{Canvas, Look, Shape, TextBox};

/// Precision of a place: tenths of a pixel, as the backend writes them.
const PLACES_PER_PIXEL: f64 = 10.0;

/// A scale from values to CSS pixels.
pub(super) struct Scale {
    values: RangedCoordf64,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Values from `low` to `high` laid out from pixel `from` to pixel `to`.
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let low = if low.is_finite() { low } else { 0.0 };
        let high = if high.is_finite() && high > low { high } else { low + 1.0 };
        Self { values: RangedCoordf64::from(low..high), low, high, from, to }
    }

    /// The pixel of `value`; what lies outside is held at the end of the scale, what is no number at its start.
    pub(super) fn at(&self, value: f64) -> f64 {
        let held = if value.is_finite() { held(value, self.low, self.high) } else { self.low };
        let length = units((self.to - self.from).abs());
        let along = f64::from(self.values.map(&held, (0, length))) / PLACES_PER_PIXEL;
        if self.to >= self.from { self.from + along } else { self.from - along }
    }

    /// Whether `value` lies on the scale.
    pub(super) fn holds(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    /// Round values inside the scale, about `wanted` of them.
    pub(super) fn round_values(&self, wanted: usize) -> Vec<f64> {
        let mut marks = self.values.key_points(BoldPoints(wanted.max(2)));
        marks.retain(|mark| *mark >= self.low && *mark <= self.high);
        marks
    }
}

/// `value` kept between two ends. Unlike `clamp` it does not panic when a narrow page turns the ends around: the lower
/// one then wins.
pub(super) fn held(value: f64, low: f64, high: f64) -> f64 {
    value.min(high).max(low)
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and no page is that wide")]
fn units(pixels: f64) -> i32 {
    (pixels * PLACES_PER_PIXEL).round() as i32
}

/// A count as a number to draw with; counts in a chart stay far below 2^32.
pub(super) fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// The next round value a scale may end at, so that `largest` lies inside.
pub(super) fn round_end(largest: f64) -> f64 {
    const STEPS: [f64; 9] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    if !largest.is_finite() || largest <= 0.0 {
        return 1.0;
    }
    let mut decade = 1.0;
    while decade * 10.0 < largest {
        decade *= 10.0;
    }
    while decade > largest {
        decade /= 10.0;
    }
    STEPS.iter().map(|step| step * decade).find(|end| *end >= largest).unwrap_or(decade * 10.0)
}

/// A value of a scale in words: thin spaces between thousands, a decimal only where the values need one.
pub(super) fn in_words(value: f64) -> String {
    if value.fract().abs() > 1e-9 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 && digits.len() > 3 {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    if value < 0.0 { format!("−{grouped}") } else { grouped }
}

/// Which marks of a scale get their name, so that at least `gap` pixels lie between two of them: every one, every second,
/// every third and so on, counted back from the last, which says up to when the chart goes.
pub(super) fn evenly_thinned(names: &[TextBox], gap: f64) -> Vec<usize> {
    let every = |step: usize| (0..names.len()).rev().step_by(step);
    let fits = |step: &usize| {
        let mut named = every(*step).filter_map(|at| names.get(at)).peekable();
        std::iter::from_fn(|| Some((named.next()?, *named.peek()?))).all(|(later, one)| one.right + gap <= later.left)
    };
    let step = (1..names.len()).find(fits).unwrap_or(names.len().max(1));
    let mut thinned: Vec<usize> = every(step).collect();
    thinned.reverse();
    thinned
}

/// Faint horizontal lines at 0, 25, 50, 75 and 100 per cent; zero is the axis.
pub(super) fn share_grid(canvas: &Canvas, scale: &Scale, left: f64, right: f64, unit: &str) {
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let y = scale.at(percent / 100.0);
        let shape = if percent < 1.0 { Shape::Axis } else { Shape::Gridline };
        canvas.line(shape, &[(left, y), (right, y)]);
        let unit = if percent > 99.0 { unit } else { "" };
        canvas.text(Look::muted().end(), (left - 8.0, y + 4.5), &format!("{}{unit}", in_words(percent)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_outside_the_scale_is_held_at_its_end() {
        let scale = Scale::new(0.0, 100.0, 10.0, 110.0);
        assert!((scale.at(50.0) - 60.0).abs() < 0.11);
        assert!((scale.at(500.0) - 110.0).abs() < 0.11);
        assert!((scale.at(f64::NAN) - 10.0).abs() < 0.11);
    }

    #[test]
    fn a_scale_may_run_upwards() {
        let scale = Scale::new(0.0, 1.0, 300.0, 100.0);
        assert!((scale.at(1.0) - 100.0).abs() < 0.11);
    }

    #[test]
    fn a_scale_ends_at_a_round_value_that_holds_the_largest() {
        let ends = [0.0, 0.03, 7.2, 301.0, 12_001.0].map(round_end);
        for (end, wanted) in ends.into_iter().zip([1.0, 0.03, 8.0, 400.0, 15_000.0]) {
            assert!((end - wanted).abs() < 1e-6 * wanted.max(1.0), "{end} instead of {wanted}");
        }
    }

    #[test]
    fn names_are_thinned_evenly_back_from_the_last_and_never_touch() {
        for count in [0, 1, 2, 3, 7, 12, 13, 36] {
            for apart in [3.0, 17.0, 40.0, 71.9, 72.0, 500.0] {
                let names: Vec<TextBox> =
                    (0..count).map(|at| TextBox::of("Jul 2025", Look::muted(), real(at) * apart, 0.0)).collect();
                let kept = evenly_thinned(&names, 12.0);
                assert_eq!(kept.last().copied(), count.checked_sub(1), "{count} names, {apart} apart");
                let steps: Vec<usize> = kept.windows(2).map(|pair| pair[1] - pair[0]).collect();
                assert!(steps.windows(2).all(|pair| pair[0] == pair[1]), "{steps:?}");
                assert!(kept.windows(2).all(|pair| names[pair[0]].right + 12.0 <= names[pair[1]].left), "{kept:?}");
                if let (Some(step @ 2..), [.., before, last]) = (steps.first().copied(), names.as_slice()) {
                    let closer = real(step - 1) * (last.left - before.left) - (last.right - last.left);
                    assert!(closer < 12.0, "every {step}th is fewer than fit");
                }
            }
        }
    }

    #[test]
    fn thousands_are_set_apart_by_thin_spaces() {
        assert_eq!(in_words(1234.0), "1\u{2009}234");
        assert_eq!(in_words(999.0), "999");
        assert_eq!(in_words(-0.5), "-0.5");
    }
}
