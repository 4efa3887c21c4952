//! Times, addresses of views and parameters: what is read prints as something that reads the same.

use app::filter::Filter;
use domain::time::Timestamp;
use fuzz::campaign;
use server::extract::query::pairs;

/// The first second of year 1 and the last that a calendar here can write.
const WRITTEN_SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_207_200;

#[test]
fn a_time_prints_as_a_time_that_is_the_same() {
    campaign::run("time", |input| {
        let Some(text) = crate::text(input) else { return };
        let Ok(moment) = Timestamp::parse(text) else { return };
        let printed = moment.to_string();
        assert!(printed.len() <= 20, "{printed}");
        if WRITTEN_SECONDS.contains(&moment.seconds()) {
            assert_eq!(Timestamp::parse(&printed), Ok(moment));
        }
    });
}

#[test]
fn an_address_prints_as_an_address_of_the_same_view() {
    campaign::run("filter", |input| {
        let Some(text) = crate::text(input) else { return };
        match Filter::parse(text) {
            Ok(filter) => {
                let printed = filter.print();
                // Each byte may need three, and a name is written where a shorter one stood.
                assert!(printed.len() <= 3 * text.len() + 256, "{printed}");
                if printed.len() <= app::filter::QUERY_BYTES_MAX {
                    assert_eq!(Filter::parse(&printed), Ok(filter), "{printed}");
                }
            }
            Err(error) => assert!(error.to_string().len() < 2_000, "{error}"),
        }
    });
}

#[test]
fn parameters_are_read_once_each_or_refused() {
    campaign::run("filter", |input| {
        let Some(text) = crate::text(input) else { return };
        let filled = text.split('&').filter(|pair| !pair.is_empty()).count();
        match pairs(text) {
            Ok(found) => assert_eq!(found.len(), filled),
            Err(problem) => assert!((400..500).contains(&problem.code.status().as_u16()), "{problem:?}"),
        }
    });
}
