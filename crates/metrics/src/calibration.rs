//! Did what was given so many chances in ten come so many times in ten? What was said beside what came (Brier).

use crate::{
    real::{count_of, real},
    share::Share,
};

/// Bands in which what was said is compared with what came.
const BANDS: u32 = 5;

/// A chance that was given, and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// What was said, 0 to 1.
    pub said: f64,
    /// Whether it came.
    pub came: bool,
}

impl Settled {
    fn as_number(self) -> f64 {
        f64::from(u8::from(self.came))
    }
}

/// The Brier score: mean squared distance between what was said and what came, 0 is best; `None` without any.
#[must_use]
pub fn brier(settled: &[Settled]) -> Option<f64> {
    mean(settled.iter().map(|one| (one.said - one.as_number()) * (one.said - one.as_number())), settled.len())
}

/// The Brier score of somebody who always gives the chance that came on average: what any forecast has to beat.
#[must_use]
pub fn brier_of_average(settled: &[Settled]) -> Option<f64> {
    mean(settled.iter().map(|one| one.as_number()), settled.len()).map(|came| came * (1.0 - came))
}

/// How much of the score of the average is gained: 1 is perfect, 0 no better than the average, below 0 worse. `None`
/// without any, or where all came or none did.
#[must_use]
pub fn skill(settled: &[Settled]) -> Option<f64> {
    let average = brier_of_average(settled).filter(|score| *score > 0.0)?;
    brier(settled).map(|score| 1.0 - score / average)
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> Option<f64> {
    (count > 0).then(|| values.sum::<f64>() / real(count_of(count)))
}

/// Chances that were about the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Chances from, to; the last band holds its upper edge.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// Mean of what was said; `None` where nothing was.
    pub said: Option<f64>,
    /// How many of them came.
    pub came: Share,
}

/// What was said against what came, in five bands of chance.
#[must_use]
pub fn bands(settled: &[Settled]) -> Vec<Band> {
    let edge = |number: u32| f64::from(number) / f64::from(BANDS);
    let band = |number: u32| {
        let (from, to) = (edge(number), edge(number + 1));
        let is_last = number + 1 == BANDS;
        let inside = || settled.iter().filter(|one| one.said >= from && (one.said < to || is_last));
        let said = mean(inside().map(|one| one.said), inside().count());
        Band { from, to, said, came: Share::count(inside(), |one| one.came) }
    };
    (0..BANDS).map(band).collect()
}
