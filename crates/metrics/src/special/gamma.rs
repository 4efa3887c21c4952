//! How likely is a sum of squares this large? The incomplete gamma function and the chi-square distribution on top.

use crate::real::real;

/// Steps of a series or fraction; each converges in far fewer for the arguments in use.
const STEPS_MAX: u32 = 100_000;
/// Terms below this share of the sum change nothing any more.
const PRECISION: f64 = 1e-16;
/// Stands for zero where a continued fraction must not divide by it.
const TINY: f64 = 1e-300;

/// Regularised lower incomplete gamma P(a, x).
#[must_use]
pub fn lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x < a + 1.0 {
        series(a, x)
    } else {
        1.0 - fraction(a, x)
    }
}

/// Regularised upper incomplete gamma Q(a, x) = 1 − P(a, x), exact far into its tail.
#[must_use]
pub fn upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if x < a + 1.0 {
        1.0 - series(a, x)
    } else {
        fraction(a, x)
    }
}

/// x^a e^−x / Γ(a)
fn scale(a: f64, x: f64) -> f64 {
    libm::exp(a * libm::log(x) - x - libm::lgamma(a))
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut divisor) = (1.0 / a, 1.0 / a, a);
    for _ in 0..STEPS_MAX {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
        if term < sum * PRECISION {
            break;
        }
    }
    sum * scale(a, x)
}

/// The continued fraction of Q, from its first level to its last (Lentz).
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for step in 1..=STEPS_MAX {
        let i = f64::from(step);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < PRECISION {
            break;
        }
    }
    value * scale(a, x)
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

/// P(χ² with `freedom` degrees of freedom > `value`).
#[must_use]
pub fn chi_square_above(value: f64, freedom: u64) -> f64 {
    upper(real(freedom) / 2.0, value / 2.0)
}

/// The value that χ² with `freedom` degrees of freedom stays below with probability `share`, between 0 and 1.
///
/// Halving finds the neighbourhood, Newton steps the digits; a Newton step that leaves the bracket is replaced.
#[must_use]
pub fn chi_square_quantile(share: f64, freedom: u64) -> f64 {
    chi_square_quantile_real(share, real(freedom))
}

/// The same where the degrees of freedom are no whole number: twice a gamma variable of half that shape.
#[must_use]
pub fn chi_square_quantile_real(share: f64, freedom: f64) -> f64 {
    let a = freedom / 2.0;
    let (mut low, mut high) = (0.0, a.max(1.0));
    while lower(a, high) < share && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    let mut x = f64::midpoint(low, high);
    for _ in 0..200 {
        let error = lower(a, x) - share;
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = scale(a, x) / x;
        let newton = x - error / slope;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 1e-15 * x {
            return 2.0 * next;
        }
        x = next;
    }
    2.0 * x
}
