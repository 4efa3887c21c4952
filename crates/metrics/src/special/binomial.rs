//! How likely are so many heads? The upper tail of a fair coin, exact down to the smallest number there is.

use crate::real::real;

/// P(X ≥ `least`) for `tosses` of a fair coin.
///
/// The largest term is taken from logarithms, the others follow by their ratio, so that nothing is lost to cancelling.
#[must_use]
pub fn fair_coin_at_least(least: u64, tosses: u64) -> f64 {
    if least == 0 {
        return 1.0;
    }
    if least > tosses {
        return 0.0;
    }
    if 2 * least < tosses {
        // Below the middle the other side is the small one.
        return 1.0 - fair_coin_at_least(tosses - least + 1, tosses);
    }
    let (n, k) = (real(tosses), real(least));
    let logarithm =
        libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0) - n * core::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for heads in least..tosses {
        term *= real(tosses - heads) / real(heads + 1);
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    libm::exp(logarithm + libm::log(sum)).min(1.0)
}
