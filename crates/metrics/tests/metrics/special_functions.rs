//! Distribution functions against values known from elsewhere, and against each other.

use crate::support::assert_close;
use metrics::special::{
    binomial::fair_coin_at_least,
    gamma::{chi_square_above, chi_square_quantile, lower, upper},
};
use proptest::prelude::*;

fn assert_digits(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-12 * want.abs(), "got {got:e}, expected {want:e}");
}

/// With one degree of freedom χ² is a squared normal, with two an exponential: P(χ²₂ > x) = e^(−x/2).
#[test]
fn chi_square_tails_have_twelve_digits() {
    assert_digits(chi_square_above(1.0, 1), 0.317_310_507_862_914_15);
    assert_digits(chi_square_above(3.841_458_820_694_124, 1), 0.05);
    for x in [0.1, 1.0, 7.5, 40.0, 700.0] {
        assert_digits(chi_square_above(x, 2), (-x / 2.0_f64).exp());
    }
    assert_close(chi_square_above(0.0, 3), 1.0);
}

/// With four degrees of freedom the tail is e^(−x/2) (1 + x/2), far out too.
#[test]
fn tails_stay_exact_where_they_are_tiny() {
    for x in [2.0, 20.0, 200.0, 1200.0] {
        assert_digits(chi_square_above(x, 4), (-x / 2.0_f64).exp() * (1.0 + x / 2.0));
    }
}

#[test]
fn quantiles_known_from_tables() {
    assert_digits(chi_square_quantile(0.95, 1), 3.841_458_820_694_124);
    assert_digits(chi_square_quantile(0.5, 2), 2.0 * core::f64::consts::LN_2);
    assert_digits(chi_square_quantile(0.975, 2), -2.0 * 0.025_f64.ln());
}

/// Three heads of four: 5 of 16; a row of a thousand heads: 2^−1000.
#[test]
fn coins_are_counted_exactly() {
    assert_digits(fair_coin_at_least(3, 4), 5.0 / 16.0);
    assert_digits(fair_coin_at_least(2, 4), 11.0 / 16.0);
    assert_digits(fair_coin_at_least(1, 4), 15.0 / 16.0);
    assert_close(fair_coin_at_least(0, 4), 1.0);
    assert_close(fair_coin_at_least(5, 4), 0.0);
    let rare = fair_coin_at_least(1_000, 1_000);
    assert!((rare.ln() + 1_000.0 * core::f64::consts::LN_2).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_two_sides_of_a_distribution_add_up_to_one(a in 0.1_f64..200.0, x in 0.0_f64..400.0) {
        prop_assert!((lower(a, x) + upper(a, x) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_quantile_is_where_its_share_lies_below(share in 0.001_f64..0.999, freedom in 1_u64..300) {
        let x = chi_square_quantile(share, freedom);
        prop_assert!((1.0 - chi_square_above(x, freedom) - share).abs() < 1e-11, "{} {} {}", share, freedom, x);
    }

    /// The sum of all terms, straight from Pascal's triangle.
    #[test]
    fn coins_agree_with_the_triangle_of_pascal(tosses in 1_usize..50, least in 0_usize..50) {
        let mut row = vec![1.0_f64];
        for _ in 0..tosses {
            let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
            row = std::iter::once(1.0).chain(inner).chain([1.0]).collect();
        }
        let want: f64 = row.iter().skip(least).sum::<f64>() / 2.0_f64.powi(i32::try_from(tosses).unwrap());
        let got = fair_coin_at_least(least as u64, tosses as u64);
        prop_assert!((got - want).abs() < 1e-12, "{} of {}: {} against {}", least, tosses, got, want);
    }
}
