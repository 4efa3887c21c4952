//! What do the usual figures of a report leave out? The open ones, those that came back, the closures just under the
//! deadline, the tail, and the same item counted twice (D1, D6, D9, D13, D14, D18).

use super::{
    bunching::Bunching,
    density::jump_at_deadline,
    ground::Ground,
    size::{Size, SizeUnit},
    time::items_with_records,
};
use crate::{
    answer::WhyNot,
    flow::{is_past_promised, open_age},
    real::{count_of, mean_days, real, whole},
    recurrence::Recurrence,
    survival::{curve::Curve, row::rows_of},
};
use domain::{fact::Outcome, label::Label};

const SEEN_AGAIN_DAYS: i64 = 90;

/// D1: items open for longer than promised, which an SLA report has no line for, and what counting them takes away.
#[must_use]
pub fn open_overdue(ground: &Ground<'_>) -> Vec<Size> {
    let (frame, mode) = (&ground.frame, ground.mode);
    let overdue = ground.facts.iter().filter(|facts| is_past_promised(facts, frame.policy, &frame.view, mode));
    let overdue = (ground.count() > 0).then(|| real(count_of(overdue.count())));
    let step = ground.points_step("open_overdue_counted");
    vec![
        Size::new("d1", "counted_as_late", SizeUnit::Points, step, ground.count()),
        Size::new("d1", "open_past_promised", SizeUnit::Count, overdue, ground.count()),
    ]
}

/// D6: closures that were seen again, and the time between.
#[must_use]
pub fn seen_again(ground: &Ground<'_>) -> Vec<Size> {
    let recurrence = Recurrence::of(ground.facts.iter().copied(), ground.frame.view.as_of);
    let within = recurrence.within_days(SEEN_AGAIN_DAYS);
    vec![
        Size::new("d6", "seen_again_in_90_days", SizeUnit::Share, within, recurrence.closures()),
        Size::new("d6", "falsely_closed", SizeUnit::Days, ground.label_days(Label::FalselyClosed), ground.count()),
    ]
}

/// D9: closures just under their target. Consistent with deadline-driven closing, and no more than that: deadlines that
/// bunch can still help.
#[must_use]
pub fn bunched(ground: &Ground<'_>) -> Vec<Size> {
    let bunching = Bunching::of(ground.facts.iter().copied(), ground.frame.policy);
    let near = bunching.below + bunching.above;
    let excess = (ground.report.closed > 0).then(|| bunching.excess());
    let shares: Vec<f64> = ground
        .records()
        .filter(|record| record.outcome == Outcome::Closed)
        .filter_map(|record| record.end)
        .map(|end| whole(end.elapsed_seconds) / whole(end.target_seconds))
        .collect();
    let jump = match jump_at_deadline(&shares) {
        Ok(jump) => Size::new("d9", "jump_of_density", SizeUnit::Ratio, Some(jump.theta), jump.count),
        Err(why) => Size::unknown("d9", "jump_of_density", SizeUnit::Ratio, why),
    };
    vec![
        Size::new("d9", "more_than_expected_below", SizeUnit::Count, excess, ground.report.closed),
        Size::new("d9", "chance_alone", SizeUnit::Probability, bunching.p_value(), near),
        jump,
    ]
}

/// D13: the tail beside the mean.
#[must_use]
pub fn means(ground: &Ground<'_>) -> Vec<Size> {
    let rows: Vec<_> = ground.facts.iter().flat_map(|facts| rows_of(facts, &ground.frame.view, ground.mode)).collect();
    let curve = Curve::of_rows(&rows);
    let of_curve = |part, value| Size::new("d13", part, SizeUnit::Days, value, curve.rows());
    let ages: Vec<i64> =
        ground.facts.iter().filter_map(|facts| open_age(facts, &ground.frame.view, ground.mode)).collect();
    let mean_age = mean_days(ages.iter().sum(), count_of(ages.len()));
    let nine_in_ten = match curve.quantile(0.9) {
        Some(age) => of_curve("nine_in_ten_ended", Some(crate::real::days(age))),
        None if curve.rows() == 0 => of_curve("nine_in_ten_ended", None),
        None => {
            let why = WhyNot::NotReached { observed_seconds: curve.last_age() };
            Size::unknown("d13", "nine_in_ten_ended", SizeUnit::Days, why)
        }
    };
    vec![
        Size::new("d13", "mean_as_reported", SizeUnit::Days, ground.report.tool_mean_days(), ground.report.closed),
        of_curve("mean_with_open_ones", ground.days_value("still_open_items")),
        nine_in_ten,
        Size::new("d13", "mean_age_of_open", SizeUnit::Days, mean_age, count_of(ages.len())),
    ]
}

/// D14: how much longer the mean is that counts the open ones than the mean of those that ended.
#[must_use]
pub fn survivors(ground: &Ground<'_>) -> Vec<Size> {
    let rows: Vec<_> = ground.facts.iter().flat_map(|facts| rows_of(facts, &ground.frame.view, ground.mode)).collect();
    let ended: Vec<i64> = rows.iter().filter(|row| row.ended).map(|row| row.exit).collect();
    let of_ended = mean_days(ended.iter().sum(), count_of(ended.len()));
    let of_all = ground.days_value("still_open_items");
    let longer = of_all.zip(of_ended).map(|(all, ended)| all - ended);
    vec![Size::new("d14", "mean_with_open_ones_beyond_mean_of_ended", SizeUnit::Days, longer, count_of(rows.len()))]
}

/// D18: records of the report for each item that has one: each green re-closure counts again.
#[must_use]
pub fn records_an_item(ground: &Ground<'_>) -> Vec<Size> {
    let (records, items) = (ground.report.met.of(), items_with_records(ground));
    let each = (items > 0).then(|| real(records) / real(items));
    vec![Size::new("d18", "records_an_item", SizeUnit::Ratio, each, items)]
}
