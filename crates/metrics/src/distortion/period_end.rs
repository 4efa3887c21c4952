//! Are closures pressed in bulk when the quarter ends? Its last three working days against their share of all working
//! days, and whether what was closed there holds (D5).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{
    real::{count_of, ratio, real},
    recurrence::closure_rows,
    share::Share,
    survival::{life_table::LifeTable, log_rank::log_rank, row::Row},
};
use domain::{policy::Policy, time::Timestamp};

/// Working days at the end of a quarter.
const LAST_DAYS: usize = 3;

/// The date of a UTC day, `YYYY-MM-DD`.
fn date(day: i64) -> String {
    Timestamp::start_of_day(day).to_string().chars().take(10).collect()
}

fn quarter(date: &str) -> (String, u32) {
    let month: u32 = date.get(5..7).and_then(|month| month.parse().ok()).unwrap_or_default();
    (date.get(..4).unwrap_or_default().to_owned(), month.div_ceil(3))
}

/// Whether the policy works on a UTC day.
#[must_use]
pub fn is_working_day(day: i64, policy: &Policy) -> bool {
    // 1970-01-01 was a Thursday; Monday is 0.
    let weekday = u8::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
    policy.hours.weekdays.contains(&weekday) && !policy.hours.holidays.contains(&date(day))
}

/// Whether a day is one of the last three working days of its quarter.
#[must_use]
pub fn is_at_quarter_end(day: i64, policy: &Policy) -> bool {
    let own = quarter(&date(day));
    let rest = (day..).take_while(|later| quarter(&date(*later)) == own);
    is_working_day(day, policy)
        && rest.filter(|later| is_working_day(*later, policy)).take(LAST_DAYS + 1).count() <= LAST_DAYS
}

/// D5: closures at quarter ends among all of the window, what one would expect of as many working days, and how often
/// chance alone would set their holding as far apart.
#[must_use]
pub fn period_end(ground: &Ground<'_>) -> Vec<Size> {
    let (view, policy) = (&ground.frame.view, ground.frame.policy);
    let days = view.observed_from.day()..view.as_of.day();
    let working: Vec<i64> = days.filter(|day| is_working_day(*day, policy)).collect();
    let ends: Vec<i64> = working.iter().copied().filter(|day| is_at_quarter_end(*day, policy)).collect();
    let closures = || {
        let of_item = |facts: &'_ &domain::fact::ItemFacts| {
            let days: Vec<i64> = facts.closures.iter().map(|closure| closure.at.day()).collect();
            days.into_iter().zip(closure_rows(facts, view.as_of)).collect::<Vec<(i64, Row)>>()
        };
        let in_window = |(day, _): &(i64, Row)| view.observed_from.day() <= *day && *day < view.as_of.day();
        ground.facts.iter().flat_map(of_item).filter(in_window)
    };
    let at_end = Share::count(closures(), |(day, _)| ends.binary_search(day).is_ok());
    let expected = ratio(count_of(ends.len()), count_of(working.len()));
    let (last, rest): (Vec<_>, Vec<_>) = closures().partition(|(day, _)| ends.binary_search(day).is_ok());
    let table = |rows: Vec<(i64, Row)>| LifeTable::of(&rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>());
    let test = (!last.is_empty() && !rest.is_empty()).then(|| log_rank(&[table(last), table(rest)]).p);
    let times = at_end.value().zip(expected.filter(|share| *share > 0.0)).map(|(share, expected)| share / expected);
    vec![
        Size::new("d5", "closed_at_quarter_end", SizeUnit::Share, at_end.value(), at_end.of()),
        Size::new(
            "d5",
            "times_the_expected",
            SizeUnit::Ratio,
            times.filter(|times| *times < real(u64::MAX)),
            at_end.of(),
        ),
        Size::new("d5", "seen_again_by_chance_alone", SizeUnit::Probability, test, at_end.of()),
    ]
}
