//! What do the numbers of the page `gap` rest on?

use domain::view::Verification;
use metrics::answer::Answer;
use metrics::ledger::ItemSet as LedgerSet;
use render::chart::label_name;
use service::question::gap::Gap;

use super::answer::{days, days_interval_words, days_range, share, share_interval_words, share_range};
use super::asking::Asking;
use super::claims;
use super::explained::{About, count_plain};
use crate::components::{CountView, ExplainView};
use crate::filter::ItemSet;
use crate::format;

/// Where programs read the same figures.
const API: &str = "/api/v1/gap";
const WILSON: &str = "90 %, Wilson";
const UNVERIFIED: &str = "false positives, and spells that were over before the window began";

/// The explanation of one figure of the page; `None` for a figure it does not show.
pub(crate) fn explained(asking: &Asking, gap: &Gap, metric: &str) -> Option<ExplainView> {
    let about = of_report(asking, gap, metric)
        .or_else(|| claims::about(asking, gap, metric))
        .or_else(|| of_sets(asking, gap, metric))
        .or_else(|| of_days(asking, gap, metric))?;
    asking.explained(metric, API, about)
}

/// How many items are in a set.
pub(crate) fn size(gap: &Gap, wanted: LedgerSet) -> u64 {
    gap.left_out.sets.iter().find(|(set, _)| *set == wanted).map_or(0, |(_, size)| *size)
}

fn ranged(answer: &Answer<f64>, value: fn(&Answer<f64>) -> String, range: fn(&Answer<f64>) -> String) -> String {
    let range = range(answer);
    if range.is_empty() { value(answer) } else { format!("{} ({range})", value(answer)) }
}

fn of_report<'a>(asking: &Asking, gap: &Gap, metric: &str) -> Option<About<'a>> {
    let reported = || {
        vec![
            count_plain(gap.records.of(), "records of the report"),
            count_plain(gap.exempt_records, "of them under an exception, which counts as met"),
            asking.count_in(ItemSet::Reported, gap.reported_items),
        ]
    };
    Some(match metric {
        "sla_percent" => About {
            value: ranged(&gap.reported, share, share_range),
            counts: reported(),
            interval: share_interval_words(&gap.reported),
            exclusions: "records that still run, and asset classes that the policy leaves out",
            ..About::default()
        },
        "sla_tool_mean" => About {
            value: format!("{} days", days(&gap.days.tool_mean)),
            counts: reported(),
            interval: "none: a mean of records".to_owned(),
            exclusions: "exempt records, records that still run, and asset classes that the policy leaves out",
            caveat: "Hours outside the calendar and waits do not count, and a reset wipes what came before it."
                .to_owned(),
        },
        "on_time_matured" => About {
            value: ranged(&gap.on_time, share, share_range),
            counts: vec![
                asking.count_in(ItemSet::Kept, gap.promises.part()),
                asking.count_in(ItemSet::Due, gap.promises.of()),
                asking.count_imputed(gap.basis.origin_imputed),
            ],
            interval: share_interval_words(&gap.on_time),
            exclusions: "items whose promised day has not come, and false positives",
            ..About::default()
        },
        "gap_points" => About {
            value: format!("{} points", ranged(&gap.apart.map(|apart| apart * 100.0), days, |_| String::new())),
            counts: vec![
                asking.count_in(ItemSet::Reported, gap.reported_items),
                asking.count_in(ItemSet::Due, gap.promises.of()),
                asking.count_in(ItemSet::Broken, gap.promises.of() - gap.promises.part()),
            ],
            interval: share_interval_words(&gap.apart),
            caveat: "Records on one side, items on the other: the two sides are not taken over the same things."
                .to_owned(),
            ..About::default()
        },
        "sla_shown_open" => About {
            value: share(&gap.shown_open),
            counts: vec![
                asking.count_in(ItemSet::ShownInTime, gap.running_records.part()),
                asking.count_in(ItemSet::ClockRuns, gap.running_records.of()),
            ],
            interval: WILSON.to_owned(),
            exclusions: "records that have ended",
            ..About::default()
        },
        _ => return None,
    })
}

fn of_sets<'a>(asking: &Asking, gap: &Gap, metric: &str) -> Option<About<'a>> {
    let part = |set: ItemSet, known: LedgerSet, whole: CountView| About {
        value: format::count(size(gap, known)),
        counts: vec![asking.count_in(set, size(gap, known)), whole],
        interval: "none: a count".to_owned(),
        ..About::default()
    };
    let open = || asking.count_in(ItemSet::StillOpen, size(gap, LedgerSet::StillOpen));
    let all = || asking.count_all(gap.basis.items);
    Some(match metric {
        "backlog_open" => part(ItemSet::StillOpen, LedgerSet::StillOpen, all()),
        "backlog_past_promised" => part(ItemSet::Overdue, LedgerSet::Overdue, open()),
        "backlog_never_touched" => part(ItemSet::NeverTouched, LedgerSet::NeverTouched, open()),
        "items_exempt" => part(ItemSet::Exempt, LedgerSet::Exempt, all()),
        "items_excluded" => part(ItemSet::Excluded, LedgerSet::Excluded, all()),
        "items_seen_again" => part(ItemSet::SeenAgain, LedgerSet::SeenAgain, all()),
        "items_known" => About {
            value: format::count(gap.basis.items),
            counts: vec![all(), count_plain(gap.basis.of_items, "items of the organisation")],
            interval: "none: a count".to_owned(),
            ..About::default()
        },
        "quality_imputed" => About {
            value: gap.basis.origin_imputed.value().map_or_else(|| "no evidence".to_owned(), format::share),
            counts: vec![asking.count_imputed(gap.basis.origin_imputed), all()],
            interval: "none: a count".to_owned(),
            ..About::default()
        },
        "kev_on_time" => {
            let due = gap.left_out.exploited_on_time;
            About {
                value: format!("{} of {}", format::count(due.part()), format::count(due.of())),
                counts: vec![
                    asking.count_in(ItemSet::ExploitedMet, due.part()),
                    asking.count_in(ItemSet::ExploitedDue, due.of()),
                ],
                interval: "none: a count".to_owned(),
                exclusions: "exploited ones whose outside deadline has not come",
                caveat: deadlines_of(gap),
            }
        }
        "recurrence_90" => About {
            value: ranged(&gap.left_out.seen_again_in_90_days, share, share_range),
            counts: vec![
                count_plain(gap.left_out.closures, "presses of close"),
                count_plain(gap.left_out.closures_seen_again, "of them seen again so far"),
                asking.count_in(ItemSet::SeenAgain, size(gap, LedgerSet::SeenAgain)),
            ],
            interval: share_interval_words(&gap.left_out.seen_again_in_90_days),
            caveat: "Closes too young to tell count for as long as they have been watched.".to_owned(),
            ..About::default()
        },
        _ => return None,
    })
}

/// Where the deadlines of exploited ones come from.
fn deadlines_of(gap: &Gap) -> String {
    gap.catalogue.as_ref().map_or_else(
        || "No KEV catalogue is known in this view: the deadlines are those that events give.".to_owned(),
        |feed| {
            let version = feed.version.as_ref().map(|version| format!(", version {}", format::visible(version)));
            format!(
                "Deadlines are those that events give; where none does, that of the KEV catalogue of {}{}.",
                feed.published_on,
                version.unwrap_or_default(),
            )
        },
    )
}

fn of_days<'a>(asking: &Asking, gap: &Gap, metric: &str) -> Option<About<'a>> {
    let lived = &gap.days;
    let spells = |answer: &Answer<f64>| count_plain(answer.count().unwrap_or(0), "spells");
    let watched = |mode| match mode {
        Verification::Strict => asking.count_watched(gap.watched.strict, mode),
        Verification::Lenient => asking.count_watched(gap.watched.lenient, mode),
    };
    let curve = |answer: &Answer<f64>, mode| About {
        value: format!("{} days", ranged(answer, days, days_range)),
        counts: vec![spells(answer), watched(mode), asking.count_imputed(gap.basis.origin_imputed)],
        interval: days_interval_words(answer),
        exclusions: UNVERIFIED,
        caveat: lived.conditional_from.map_or_else(String::new, |day| {
            format!("Too few were watched before day {}: the curve is told from there on.", format::days(day))
        }),
    };
    Some(match metric {
        "wall_median_strict" => curve(&lived.median_strict, Verification::Strict),
        "wall_median_lenient" => curve(&lived.median_lenient, Verification::Lenient),
        "wall_over_promise" => About {
            value: lived.over_promise.map_or_else(|| "no evidence".to_owned(), |ratio| format!("{ratio:.1}")),
            interval: "none: a ratio of the two figures".to_owned(),
            ..curve(&lived.median_strict, asking.filter.mode)
        },
        "promised_mean" => About {
            value: lived
                .promised_mean
                .map_or_else(|| "no evidence".to_owned(), |mean| format!("{} days", format::days(mean))),
            counts: vec![watched(asking.filter.mode)],
            interval: "none: what the policy says".to_owned(),
            exclusions: UNVERIFIED,
            ..About::default()
        },
        "label_seconds" | "label_board_share" => About {
            value: if metric == "label_seconds" {
                format!("{} days", format::days(metrics::real::days(gap.time.total_seconds)))
            } else {
                gap.time.board_share.map_or_else(|| "no evidence".to_owned(), format::share)
            },
            counts: std::iter::once(asking.count_all(gap.basis.items))
                .chain(gap.time.parts.iter().filter(|part| part.seconds > 0).map(|part| {
                    let words = format!("with seconds {}", label_name(part.label));
                    asking.count_of(part.items, &words, |filter| filter.label = Some(part.label))
                }))
                .collect(),
            interval: "none: every second has one label".to_owned(),
            ..About::default()
        },
        "backlog_mean_age" => About {
            value: gap
                .flow
                .mean_open_age_days
                .map_or_else(|| "no evidence".to_owned(), |mean| format!("{} days", format::days(mean))),
            counts: vec![
                asking.count_in(ItemSet::StillOpen, size(gap, LedgerSet::StillOpen)),
                asking.count_imputed(gap.basis.origin_imputed),
            ],
            interval: "none: a mean of ages".to_owned(),
            ..About::default()
        },
        _ => return None,
    })
}
