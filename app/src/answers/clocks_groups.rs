//! How groups compare: one chart a grouping, with the list behind each group.

use metrics::answer::{Answer, WhyNot};
use metrics::real::days as in_days;
use metrics::survival::log_rank::LogRank;
use service::question::clocks::{Clocks, Comparison, Group as Compared, Grouping as By};

use super::answer::{bracketed, days, days_range};
use super::asking::Asking;
use super::chart::{Widths, drawn};
use super::explained_clocks::explained;
use crate::components::{CardView, Shown, StateView};
use crate::filter::{ClosedBy, Filter, Grouping};
use crate::format;
use crate::sentence::Sentence;
use render::chart::{Group, GroupIntervals, GroupMedian, group_intervals};

/// More rows than this need a list, not a chart.
const GROUPS_MAX: usize = 12;

/// The chosen grouping first, severities beside it.
pub(crate) fn cards(asking: &Asking, clocks: &Clocks) -> Vec<CardView> {
    let chosen = by(asking.filter.group.unwrap_or(Grouping::Team));
    let beside = if chosen == By::Severity { By::Team } else { By::Severity };
    [chosen, beside]
        .into_iter()
        .filter_map(|wanted| clocks.comparisons.iter().find(|comparison| comparison.by == wanted))
        .map(|comparison| card(asking, clocks, comparison))
        .collect()
}

const fn by(grouping: Grouping) -> By {
    match grouping {
        Grouping::Team => By::Team,
        Grouping::Severity => By::Severity,
        Grouping::Kind => By::Kind,
        Grouping::Actor => By::Actor,
    }
}

const fn words_of(by: By) -> (&'static str, &'static str) {
    match by {
        By::Team => ("by-team", "team"),
        By::Severity => ("by-severity", "severity"),
        By::Kind => ("by-kind", "kind"),
        By::Actor => ("by-actor", "who closed them, people or an agent"),
    }
}

fn card(asking: &Asking, clocks: &Clocks, comparison: &Comparison) -> CardView {
    let (id, word) = words_of(comparison.by);
    let mut groups: Vec<&Compared> = comparison.groups.iter().collect();
    if comparison.by != By::Severity {
        groups.sort_by(|one, other| lived(other).total_cmp(&lived(one)));
    }
    let hidden = groups.len().saturating_sub(GROUPS_MAX);
    groups.truncate(GROUPS_MAX);
    let mut caption = Sentence::plain("Items: ");
    for (place, group) in groups.iter().enumerate() {
        let lead = if place == 0 { "" } else { ", " };
        caption = caption.and(format!("{lead}{} ", name(group)));
        let items = format::count(group.items);
        // An address has no way to ask for "no team", so that count stands without a list.
        caption = if group.key.is_empty() {
            caption.and(items)
        } else {
            caption.link(items, asking.items(|filter| narrow(filter, comparison.by, &group.key)))
        };
    }
    if hidden > 0 {
        caption = caption.and(format!(", and {hidden} smaller groups not drawn"));
    }
    let chart = if groups.is_empty() {
        Shown::Note(StateView { state: "no evidence".to_owned(), next: Sentence::plain("No item passes this filter.") })
    } else {
        Shown::Ready(drawn(&model(clocks, comparison, &groups, word), group_intervals, Widths::HALF))
    };
    CardView {
        id: id.to_owned(),
        title: title(&groups, word),
        note: Sentence::plain(format!("Median days, 90\u{202f}% interval.{}", test(comparison.test.as_ref()))),
        chart,
        caption: caption.and("."),
        explain: explained(asking, clocks, "wall_log_rank"),
    }
}

/// How long half of a group lived; what was not reached lies beyond everything that was.
fn lived(group: &Compared) -> f64 {
    match &group.curve.median {
        Answer::Known { value, .. } => *value,
        Answer::Unknown(WhyNot::NotReached { .. }) => f64::MAX,
        Answer::Unknown(WhyNot::TooFew { .. } | WhyNot::NoEvidence) => -1.0,
    }
}

fn name(group: &Compared) -> String {
    if group.key.is_empty() { "none named".to_owned() } else { format::visible(&group.key) }
}

fn narrow(filter: &mut Filter, by: By, key: &str) {
    match by {
        By::Team => filter.team = Some(key.to_owned()),
        By::Severity => filter.severity = key.parse().ok(),
        By::Kind => filter.kind = key.parse().ok(),
        By::Actor => filter.actor = Some(if key == "agent" { ClosedBy::Agent } else { ClosedBy::Human }),
    }
}

fn title(groups: &[&Compared], word: &str) -> String {
    let known: Vec<&&Compared> = groups.iter().filter(|group| group.curve.median.value().is_some()).collect();
    let longest = known.iter().max_by(|one, other| lived(one).total_cmp(&lived(other)));
    let quickest = known.iter().min_by(|one, other| lived(one).total_cmp(&lived(other)));
    match (longest, quickest) {
        (Some(longest), Some(quickest)) if longest.key != quickest.key => format!(
            "By {word}: {} takes longest, {} days; {} is quickest, {}.",
            name(longest),
            days(&longest.curve.median),
            name(quickest),
            days(&quickest.curve.median),
        ),
        _ => format!("By {word}: too little is known to compare."),
    }
}

fn test(test: Option<&LogRank>) -> String {
    test.map_or_else(String::new, |test| {
        let p = if test.p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {:.4}", test.p) };
        let verdict = if test.p < 0.05 { "beyond chance" } else { "chance could explain it" };
        format!(" Log-rank χ² {:.1}, {} d.f., {p}: {verdict}.", test.chi_square, test.freedom)
    })
}

fn model(clocks: &Clocks, comparison: &Comparison, groups: &[&Compared], word: &str) -> GroupIntervals {
    let each_promised = comparison.by == By::Severity;
    let promised_text = if each_promised {
        let all: Vec<String> =
            groups.iter().filter_map(|group| group.promised_mean.map(format::promised_days)).collect();
        format!("promised: {}", all.join(", "))
    } else {
        clocks
            .promised_mean
            .map_or_else(String::new, |days| format!("promised, {} on average", format::promised_days(days)))
    };
    let spoken: Vec<String> =
        groups.iter().map(|group| format!("{} {}", name(group), days(&group.curve.median))).collect();
    GroupIntervals {
        title: format!("Median days until verified, by {word}"),
        description: format!("{}.", spoken.join(", ")),
        groups: groups.iter().map(|group| drawn_group(group, group.promised_mean.filter(|_| each_promised))).collect(),
        promised_days: clocks.promised_mean.filter(|_| !each_promised),
        promised_text,
    }
}

fn drawn_group(group: &Compared, promised_days: Option<f64>) -> Group {
    let median = &group.curve.median;
    let mark = match median {
        Answer::Known { value, interval, .. } => GroupMedian::Reached {
            days: *value,
            low: interval.and_then(|range| range.lower).unwrap_or(*value),
            high: interval.and_then(|range| range.upper),
        },
        Answer::Unknown(WhyNot::NotReached { observed_seconds }) => {
            GroupMedian::NotReached { observed_days: in_days(*observed_seconds) }
        }
        Answer::Unknown(WhyNot::TooFew { .. } | WhyNot::NoEvidence) => GroupMedian::TooFew,
    };
    let short = if median.value().is_some() { days(median) } else { "–".to_owned() };
    let words = match median.why_not() {
        Some(WhyNot::TooFew { .. }) => "too few".to_owned(),
        Some(_) | None => format!("{}{}", days(median), bracketed(&days_range(median))),
    };
    Group {
        name: name(group),
        median: mark,
        value_text: words,
        short_text: short,
        count_text: format!("n = {}", format::count(group.curve.rows)),
        promised_days,
    }
}
