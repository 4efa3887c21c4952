//! The log-log band around a share still open, S to the power of e to the ± z√g ÷ ln S (methods.md 2.1).

/// Where both exponents are no larger than this, nine terms of their series are as exact as the numbers themselves.
const NEAR: f64 = 1.0 / 16.0;
/// And here six, which is enough for most steps of a curve over many.
const VERY_NEAR: f64 = 1.0 / 256.0;

/// The series of e^x − 1, its odd and its even terms apart, the highest first: with another sign of x only the odd ones
/// change theirs.
struct Series<const ODD: usize, const EVEN: usize> {
    odd: [f64; ODD],
    even: [f64; EVEN],
}

const SIX_TERMS: Series<3, 3> =
    Series { odd: [1.0 / 120.0, 1.0 / 6.0, 1.0], even: [1.0 / 720.0, 1.0 / 24.0, 1.0 / 2.0] };
const NINE_TERMS: Series<5, 4> = Series {
    odd: [1.0 / 362_880.0, 1.0 / 5_040.0, 1.0 / 120.0, 1.0 / 6.0, 1.0],
    even: [1.0 / 40_320.0, 1.0 / 720.0, 1.0 / 24.0, 1.0 / 2.0],
};

/// The lower and the upper edge, from the share still open and the half width z√g of its logarithm's logarithm.
pub(super) fn band(open: f64, half: f64) -> (f64, f64) {
    if open <= 0.0 || open >= 1.0 {
        return (open, open);
    }
    let logarithm = libm::log(open);
    // Negative, as the logarithm is.
    let w = half / logarithm;
    let larger = half.max(-w);
    if larger <= VERY_NEAR {
        return near(open, logarithm, w, &SIX_TERMS);
    }
    if larger <= NEAR {
        return near(open, logarithm, w, &NINE_TERMS);
    }
    (libm::exp(logarithm * libm::exp(-w)), libm::exp(logarithm * libm::exp(w)))
}

/// S^e^±w = S · e^(ln S · (e^±w − 1)): what is added to S is small, and known to its own last digit.
#[inline(always)]
fn near<const ODD: usize, const EVEN: usize>(
    open: f64,
    logarithm: f64,
    w: f64,
    series: &Series<ODD, EVEN>,
) -> (f64, f64) {
    let (odd, even) = series.parts(w);
    let edge = |less_one: f64| {
        let (odd, even) = series.parts(logarithm * less_one);
        open + open * (odd + even)
    };
    (edge(even - odd), edge(even + odd))
}

impl<const ODD: usize, const EVEN: usize> Series<ODD, EVEN> {
    /// The two parts of e^x − 1 for small x.
    #[inline(always)]
    fn parts(&self, x: f64) -> (f64, f64) {
        let square = x * x;
        let sum = |terms: &[f64]| terms.iter().fold(0.0, |sum, term| sum * square + term);
        (x * sum(&self.odd), square * sum(&self.even))
    }
}

#[cfg(test)]
mod tests {
    use super::{NEAR, NINE_TERMS, SIX_TERMS, VERY_NEAR, band};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_series_is_as_exact_as_the_library(part in -1.1..1.1) {
            let (near, very_near) = (part * NEAR, part * VERY_NEAR);
            let found = [(near, NINE_TERMS.parts(near)), (very_near, SIX_TERMS.parts(very_near))];
            for (x, (odd, even)) in found {
                let got = odd + even;
                let want = libm::expm1(x);
                prop_assert!((got - want).abs() <= 4e-16 * want.abs(), "{} {}", got, want);
            }
        }

        #[test]
        fn the_band_is_the_one_of_the_definition(
            open in 0.0001..0.9999, half in prop_oneof![0.0..0.2, 0.0..0.004],
        ) {
            let (lower, upper) = band(open, half);
            let logarithm = libm::log(open);
            let edge = |w: f64| libm::exp(logarithm * libm::exp(w));
            let (want_lower, want_upper) = (edge(-half / logarithm), edge(half / logarithm));
            prop_assert!((lower - want_lower).abs() <= 1e-14 * want_lower, "{} {}", lower, want_lower);
            prop_assert!((upper - want_upper).abs() <= 1e-14 * want_upper, "{} {}", upper, want_upper);
            prop_assert!(lower <= open && open <= upper);
        }
    }
}
