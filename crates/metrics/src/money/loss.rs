//! How likely is a year with a loss, and how large is it?

use super::lattice::{POINTS, point};
use crate::{
    real::{count_of, real},
    special::normal::quantile,
};

/// What is assumed, each as least, likely, most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Chance of an incident in a year.
    pub incident_a_year: [f64; 3],
    /// Share of incidents through a weakness that was known and open.
    pub through_open_weakness: [f64; 3],
    /// How frequency follows exposure.
    pub elasticity: [f64; 3],
    /// Half of all losses are larger.
    pub loss_median: f64,
    /// One in twenty is larger.
    pub loss_p95: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            incident_a_year: [0.03, 0.093, 0.25],
            through_open_weakness: [0.10, 0.20, 0.35],
            elasticity: [0.5, 0.8, 1.0],
            loss_median: 1e6,
            loss_p95: 15e6,
        }
    }
}

/// The normal quantile of 95 %.
const Z_95: f64 = 1.644_853_626_951_472_2;

/// A year's losses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// Exposure as a multiple of the promised one.
    pub ratio: f64,
    /// Mean number of losses.
    pub frequency_mean: f64,
    /// Chance of at least one.
    pub chance_of_a_loss_year: f64,
    /// Mean loss.
    pub expected_loss: f64,
    /// Nine in ten years lose no more.
    pub year_p90: f64,
    /// Of the years with a loss: a tenth, half, nine tenths lose no more. `None` where no year has one.
    pub if_it_happens: Option<[f64; 3]>,
}

/// The value of a triangular distribution at a share.
#[must_use]
pub fn triangle(share: f64, [least, likely, most]: [f64; 3]) -> f64 {
    let bend = (likely - least) / (most - least);
    if share < bend {
        least + (share * (most - least) * (likely - least)).sqrt()
    } else {
        most - ((1.0 - share) * (most - least) * (most - likely)).sqrt()
    }
}

/// A year's losses at a multiple of the promised exposure.
#[must_use]
pub fn losses(ratio: f64, assumed: &Assumptions) -> Losses {
    let mu = libm::log(assumed.loss_median);
    let sigma = (libm::log(assumed.loss_p95) - mu) / Z_95;
    let (mut frequencies, mut chances) = (0.0, 0.0);
    let mut totals: Vec<f64> = (1..=POINTS)
        .map(|number| {
            let [u0, u1, u2, u3, sizes @ ..] = point(number);
            let incident = triangle(u0, assumed.incident_a_year);
            let share = triangle(u1, assumed.through_open_weakness);
            let scale = libm::pow(ratio, triangle(u2, assumed.elasticity));
            let frequency = -libm::log(1.0 - incident) * share * scale;
            frequencies += frequency;
            chances += 1.0 - libm::exp(-frequency);
            total_of(frequency, u3, sizes, mu, sigma)
        })
        .collect();
    totals.sort_by(f64::total_cmp);
    let frequency_mean = frequencies / real(POINTS);
    let with_loss = totals.partition_point(|total| *total <= 0.0);
    let if_it_happens = totals.get(with_loss..).filter(|some| !some.is_empty());
    Losses {
        ratio,
        frequency_mean,
        chance_of_a_loss_year: chances / real(POINTS),
        expected_loss: frequency_mean * libm::exp(mu + sigma * sigma / 2.0),
        year_p90: number_at(&totals, 0.9),
        if_it_happens: if_it_happens.map(|some| [0.1, 0.5, 0.9].map(|share| number_at(some, share))),
    }
}

/// The losses of one year: up to three, as many as its share of the Poisson distribution says.
fn total_of(frequency: f64, share: f64, sizes: [f64; 3], mu: f64, sigma: f64) -> f64 {
    let (mut total, mut term, mut at_most) = (0.0, libm::exp(-frequency), 0.0);
    for (number, size) in (1_u64..).zip(sizes) {
        at_most += term;
        if share > at_most {
            total += libm::exp(mu + sigma * quantile(size));
        }
        term *= frequency / real(number);
    }
    total
}

/// The value with the number ⌈share · count⌉, counted from 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list of at most 20,000 values"
)]
fn number_at(sorted: &[f64], share: f64) -> f64 {
    let place = (share * real(count_of(sorted.len()))).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}
