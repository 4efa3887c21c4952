//! Trends, slopes and change points, on series short enough for paper and pencil.

use crate::support::assert_close;
use metrics::{
    level::Level,
    rate::Rate,
    share::Share,
    trend::{change_point::change_point, mann_kendall::mann_kendall, theil_sen::theil_sen},
};
use proptest::{collection::vec, prelude::*};

fn share(part: u64, of: u64) -> Share {
    Share::new(part, of).unwrap()
}

/// Ten pairs of five values: nine rise, one falls (3 before 2): 8. Variance 5·4·15/18, z = 7/√(50/3).
#[test]
fn a_rising_series_worked_by_hand() {
    let found = mann_kendall(&[1.0, 3.0, 2.0, 4.0, 5.0]).unwrap();
    assert_eq!(found.score, 8);
    assert_close(found.z, 7.0 / (50.0_f64 / 3.0).sqrt());
    // Two-sided, from a table of the normal distribution: z = 1.7146 leaves 8.64 per cent.
    assert!((found.p - 0.0864).abs() < 5e-5, "{found:?}");
    assert_eq!(mann_kendall(&[1.0, 2.0]), None);
}

/// 2, 2, 1, 1: of six pairs four fall and two are equal. Variance (4·3·13 − 2·(2·1·9))/18 = 120/18.
#[test]
fn equal_values_are_no_trend_and_take_their_part() {
    let found = mann_kendall(&[2.0, 2.0, 1.0, 1.0]).unwrap();
    assert_eq!(found.score, -4);
    assert_close(found.z, -3.0 / (120.0_f64 / 18.0).sqrt());
    let level = mann_kendall(&[0.5; 9]).unwrap();
    assert_eq!(level.score, 0);
    assert_close(level.p, 1.0);
}

/// Slopes between (0, 0), (1, 1), (2, 2) and (3, 9): 1, 1, 3, 1, 4, 7, and the middle of 1 and 3.
#[test]
fn a_slope_is_the_median_of_all_slopes() {
    assert_close(theil_sen(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 9.0)]).unwrap(), 2.0);
    assert_close(theil_sen(&[(0.0, 5.0), (4.0, 3.0)]).unwrap(), -0.5);
    assert_eq!(theil_sen(&[(1.0, 2.0), (1.0, 3.0)]), None, "nothing lies between them");
    assert_eq!(theil_sen(&[]), None);
}

/// Five weeks of 9 in 10, five of 3 in 10: the split lies between them.
#[test]
fn a_change_is_found_where_it_is() {
    let series = [vec![share(9, 10); 5], vec![share(3, 10); 5]].concat();
    let found = change_point(&series, "agent").unwrap();
    assert_eq!((found.place, found.before, found.after), (5, share(45, 50), share(15, 50)));
    // Of the 252 ways to lay out five high and five low weeks two split as clearly: 0.8 per cent.
    assert!(found.p < 0.03, "{found:?}");
    assert_eq!(change_point(&series, "agent"), Some(found), "the drawn orders follow from the name");
}

#[test]
fn a_series_without_a_change_has_none() {
    assert_eq!(change_point(&[share(5, 10); 12], "agent"), None);
    assert_eq!(
        change_point(&[vec![share(9, 10); 4], vec![share(1, 10); 3]].concat(), "agent"),
        None,
        "three on one side"
    );
    assert_eq!(change_point(&[], "agent"), None);
    let noise: Vec<Share> = (0..12).map(|week| if week % 2 == 0 { share(6, 10) } else { share(5, 10) }).collect();
    assert!(change_point(&noise, "agent").is_none_or(|found| found.p > 0.2));
}

/// Three among 60: 50 a thousand. Garwood at 90 %: χ²(.05, 6)/2 = 0.8177 and χ²(.95, 8)/2 = 7.7537.
#[test]
fn a_rate_and_its_limits() {
    let rate = Rate { events: 3, of: 60 };
    assert_close(rate.per_thousand().unwrap(), 50.0);
    let (lower, upper) = rate.limits_per_thousand(Level::Ninety).unwrap();
    assert!((lower - 817.69 / 60.0).abs() < 1e-3 && (upper - 7_753.66 / 60.0).abs() < 1e-3, "{lower} {upper}");
    let none = Rate { events: 0, of: 60 }.limits_per_thousand(Level::Ninety).unwrap();
    assert_close(none.0, 0.0);
    assert!((none.1 - 1_000.0 * 20.0_f64.ln() / 60.0).abs() < 1e-9, "the rule of three at 90 %: −ln 0.05");
    let nobody = Rate::default();
    assert_eq!((nobody.per_thousand(), nobody.limits_per_thousand(Level::Ninety)), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_series_turned_round_trends_the_other_way(series in vec(0_u8..6, 3..15)) {
        let values: Vec<f64> = series.iter().map(|value| f64::from(*value)).collect();
        let turned: Vec<f64> = values.iter().rev().copied().collect();
        let (one, other) = (mann_kendall(&values).unwrap(), mann_kendall(&turned).unwrap());
        prop_assert_eq!(one.score, -other.score);
        prop_assert!((one.p - other.p).abs() < 1e-12 && (0.0..=1.0).contains(&one.p));
    }

    #[test]
    fn a_line_has_its_own_slope_and_one_odd_point_does_not_turn_it(slope in -5.0_f64..5.0, odd in 1_usize..8) {
        let mut points: Vec<(f64, f64)> = (0_u32..9).map(|x| (f64::from(x), 1.0 + slope * f64::from(x))).collect();
        prop_assert!((theil_sen(&points).unwrap() - slope).abs() < 1e-9);
        points[odd].1 = 1_000.0;
        prop_assert!((theil_sen(&points).unwrap() - slope).abs() < 1e-9);
    }

    #[test]
    fn both_sides_of_a_change_hold_all_weeks(series in vec((0_u64..6, 1_u64..6), 0..20)) {
        let series: Vec<Share> = series.iter().map(|(part, more)| share(*part, part + more)).collect();
        if let Some(found) = change_point(&series, "x") {
            prop_assert!((4..=series.len() - 4).contains(&found.place));
            let all = series.iter().fold(Share::default(), |all, one| all.joined(*one));
            prop_assert_eq!(found.before.joined(found.after), all);
            prop_assert!(found.p > 0.0 && found.p <= 1.0);
        }
    }
}
