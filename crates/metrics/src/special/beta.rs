//! Where does a share lie when so many of so many said yes? The incomplete beta function and its inverse.

/// Steps of the fraction; it converges in far fewer.
const STEPS_MAX: u32 = 100_000;
/// Terms below this share change nothing any more.
const PRECISION: f64 = 1e-16;
/// Stands for zero where a continued fraction must not divide by it.
const TINY: f64 = 1e-300;

/// Regularised incomplete beta I(x; a, b): how likely a beta variable stays at or below x.
#[must_use]
pub fn below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else if x < (a + 1.0) / (a + b + 2.0) {
        scale(x, a, b) * fraction(x, a, b) / a
    } else {
        // On this side of the middle the other tail converges fast.
        1.0 - scale(x, a, b) * fraction(1.0 - x, b, a) / b
    }
}

/// x^a (1 − x)^b / B(a, b)
fn scale(x: f64, a: f64, b: f64) -> f64 {
    let beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    libm::exp(a * libm::log(x) + b * libm::log1p(-x) - beta)
}

/// The continued fraction, from its first level to its last (Lentz).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..=STEPS_MAX {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = d * c;
            value *= change;
        }
        if (change - 1.0).abs() < PRECISION {
            break;
        }
    }
    value
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

/// The value a beta variable stays below with probability `share`, between 0 and 1.
///
/// Halving finds the neighbourhood, Newton steps the digits; a Newton step that leaves the bracket is replaced.
#[must_use]
pub fn quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high, mut x) = (0.0, 1.0, a / (a + b));
    for _ in 0..300 {
        let error = below(x, a, b) - share;
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = scale(x, a, b) / (x * (1.0 - x));
        let newton = x - error / slope;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 1e-16 * x {
            return next;
        }
        x = next;
    }
    x
}
