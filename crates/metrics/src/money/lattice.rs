//! Where to look? Evenly spread points, so that the same question gives the same figure everywhere.

use crate::real::real;

/// How many points.
pub const POINTS: u64 = 20_000;
/// Coordinates of a point.
pub const COORDINATES: usize = 7;

/// Negative powers of 1.0969815577985598, the root of g^8 = g + 1. These very doubles: the second differs in its last
/// digit if it is computed otherwise, and the place of the point magnifies that.
const STEPS: [f64; COORDINATES] = [
    0.911_592_353_482_054_9,
    0.831_000_618_926_951_9,
    0.757_533_809_952_664_3,
    0.690_562_028_656_977,
    0.629_511_064_928_756,
    0.573_857_473_221_399_4,
    0.523_124_084_577_160_8,
];

/// The point with this number, counted from 1; every coordinate lies between 0 and 1.
#[must_use]
pub fn point(number: u64) -> [f64; COORDINATES] {
    STEPS.map(|step| {
        let place = 0.5 + real(number) * step;
        place - place.floor()
    })
}
