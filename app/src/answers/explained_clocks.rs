//! What do the numbers of the page `clocks` rest on?

use domain::view::Verification;
use metrics::answer::Answer;
use service::question::clocks::{Clocks, CurveAnswer};

use super::answer::{bracketed, days, days_interval_words, days_range, share, share_interval_words, share_range};
use super::asking::Asking;
use super::explained::{About, count_plain};
use crate::components::ExplainView;
use crate::filter::ItemSet;
use crate::format;

/// Where programs read the same figures.
const API: &str = "/api/v1/clocks";
/// Ages whose open share stands on the page.
pub(crate) const OPEN_AGES: [i64; 3] = [30, 90, 365];

/// The explanation of one figure of the page; `None` for a figure it does not show.
pub(crate) fn explained(asking: &Asking, clocks: &Clocks, metric: &str) -> Option<ExplainView> {
    let strict = &clocks.strict;
    let in_days = |answer: &Answer<f64>| format!("{} days{}", days(answer), bracketed(&days_range(answer)));
    let quantile = |answer: &Answer<f64>| About {
        interval: days_interval_words(answer),
        ..curve(asking, clocks, in_days(answer))
    };
    let about = match metric {
        "wall_median_strict" => quantile(&strict.median),
        "wall_p75" => quantile(&strict.p75),
        "wall_p90" => quantile(&strict.p90),
        "wall_open_share" => {
            let told = OPEN_AGES.map(|age| {
                let open = open_at(strict, age);
                format!("{}{} after {age} days", share(&open), bracketed(&share_range(&open)))
            });
            let interval = share_interval_words(&open_at(strict, OPEN_AGES[0]));
            About { interval, ..curve(asking, clocks, told.join("; ")) }
        }
        "wall_rmst" => {
            let mean = &strict.mean_within_horizon;
            About { interval: days_interval_words(mean), ..curve(asking, clocks, in_days(mean)) }
        }
        "mttr_closed" => About {
            interval: "none: it leaves out those still open".to_owned(),
            exclusions: "spells that are still open",
            ..curve(asking, clocks, in_days(&strict.mean_of_ended))
        },
        "wall_log_rank" => About { interval: "none: a probability".to_owned(), ..curve(asking, clocks, tests(clocks)) },
        _ => return None,
    };
    asking.explained(metric, API, about)
}

fn curve<'a>(asking: &Asking, clocks: &Clocks, value: String) -> About<'a> {
    let strict = &clocks.strict;
    About {
        value,
        counts: vec![
            count_plain(strict.rows, "spells"),
            count_plain(strict.ended, "of them ended"),
            asking.count_watched(clocks.watched.strict, Verification::Strict),
            asking.count_in(ItemSet::OriginImputed, clocks.basis.origin_imputed.part()),
        ],
        exclusions: "false positives, and spells that were over before the window began",
        caveat: strict.conditional_from.map_or_else(String::new, |day| {
            format!("Too few were watched before day {}: the curve is told from there on.", format::days(day))
        }),
        ..About::default()
    }
}

/// The share still open at one of the ages that are always read off.
pub(crate) fn open_at(curve: &CurveAnswer, age: i64) -> Answer<f64> {
    curve.open_share.iter().find(|(days, _)| *days == age).map_or(Answer::plain(None, 0), |(_, share)| *share)
}

fn tests(clocks: &Clocks) -> String {
    let told = clocks.comparisons.iter().filter_map(|comparison| {
        let test = comparison.test.as_ref()?;
        Some(format!("{} groups: p = {:.4}", comparison.groups.len(), test.p))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "no evidence".to_owned() } else { told.join("; ") }
}
