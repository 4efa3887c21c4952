//! The charts of one fictional organisation, as the pages would ask for them.

use domain::label::Label;
use render::chart::*;

pub(crate) fn label_split_model() -> LabelSplit {
    let parts = [
        (Label::OnClockFinal, 0.068, "6.8 %", "55 572 days"),
        (Label::OnClockReset, 0.045, "4.5 %", "36 796 days"),
        (Label::OffCalendar, 0.254, "25.4 %", "206 496 days"),
        (Label::Paused, 0.116, "11.6 %", "94 539 days"),
        (Label::Exception, 0.128, "12.8 %", "104 217 days"),
        (Label::Untracked, 0.223, "22.3 %", "181 579 days"),
        (Label::AwaitingVerification, 0.018, "1.8 %", "14 833 days"),
        (Label::FalselyClosed, 0.038, "3.8 %", "30 582 days"),
        (Label::ClosedUnverified, 0.109, "10.9 %", "88 977 days"),
        (Label::RecurrenceGap, 0.001, "0.1 %", "813 days"),
    ];
    LabelSplit {
        title: "The SLA clock was running for 11 % of the time that weaknesses existed".to_owned(),
        description: "813 591 days of exposure by label. Off calendar 25.4 %, untracked 22.3 %, exception 12.8 %."
            .to_owned(),
        parts: parts
            .into_iter()
            .map(|(label, share, share_text, days_text)| LabelPart {
                label,
                share,
                share_text: share_text.to_owned(),
                days_text: days_text.to_owned(),
            })
            .collect(),
    }
}

/// Nearly everything in one label, the rest slivers side by side.
pub(crate) fn label_split_of_slivers() -> LabelSplit {
    let mut model = label_split_model();
    const SLIVERS: f64 = 9.0;
    for part in &mut model.parts {
        part.share = if part.label == Label::Paused { 0.955 } else { 0.045 / SLIVERS };
        part.share_text = format!("{:.1} %", part.share * 100.0);
    }
    model
}

/// A decaying step curve: share `left` remains after a year.
pub(crate) fn curve_points(left: f64) -> Vec<CurvePoint> {
    (1..=1_460)
        .map(|quarter_day| {
            let days = f64::from(quarter_day) / 4.0;
            let part = days / 365.0;
            let share = 1.0 - (1.0 - left) * part * 1.75 / (part + 0.75);
            let spread = 0.004 + 0.012 * days / 365.0;
            CurvePoint { days, share, low: share - spread, high: (share + spread).min(1.0) }
        })
        .collect()
}

pub(crate) fn curve(name: &str, left: f64) -> Curve {
    Curve {
        name: name.to_owned(),
        strict: curve_points(left),
        lenient: Vec::new(),
        censored_days: (0..130).map(|at| f64::from(at) * 2.8 + 1.0).collect(),
        marks: Vec::new(),
        lenient_median_days: None,
        lenient_median_text: String::new(),
        end_text: format!("{:.1} % after a year", left * 100.0),
        end_note: String::new(),
        end_short_text: format!("{:.1} %", left * 100.0),
        lenient_end_note: String::new(),
        lenient_end_short_text: String::new(),
        lenient_end_text: String::new(),
    }
}

pub(crate) fn survival_model() -> Survival {
    let mark = |share: f64, days: Option<f64>, text: &str| QuantileMark {
        share,
        days,
        low: days.map(|days| days - 16.0),
        high: days.map(|days| days + 12.0),
        text: text.to_owned(),
        short_text: "half after 197 days".to_owned(),
        interval_text: "(181–209)".to_owned(),
    };
    let one = Curve {
        lenient: curve_points(0.195),
        marks: vec![
            mark(0.5, Some(197.0), "half still open after 197 days (181–209)"),
            mark(0.25, None, "p75 not reached"),
        ],
        lenient_median_days: Some(151.0),
        lenient_median_text: "lenient: 151 days (142–161)".to_owned(),
        end_note: "strict: until verified".to_owned(),
        lenient_end_text: "19.5 %, lenient:".to_owned(),
        lenient_end_note: "closures believed".to_owned(),
        lenient_end_short_text: "lenient 19.5 %".to_owned(),
        ..curve("all", 0.316)
    };
    Survival {
        title: "Share of weaknesses still open by age".to_owned(),
        description:
            "Strict median 197 days, 95 per cent interval 181 to 209; 31.6 per cent still open after 365 days; \
                      1 983 still open and thus censored."
                .to_owned(),
        horizon_days: 365.0,
        curves: vec![one],
        promise: Some(Promise {
            days: 47.9,
            text: "promised: 47.9 days on average".to_owned(),
            still_open: Some((0.822, "82 % still open".to_owned())),
        }),
        reported: Some(ReportedPoint {
            days: 47.9,
            share: 0.033,
            text: "where the SLA report puts the curve: 3.3 % still open".to_owned(),
            short_text: "reported: 3.3 % open".to_owned(),
            gap_text: "79 points apart".to_owned(),
        }),
        at_risk: [(0.0, "2 482"), (30.0, "2 260"), (90.0, "2 043"), (180.0, "1 559"), (365.0, "951")]
            .into_iter()
            .map(|(days, text)| AtRisk { days, text: text.to_owned() })
            .collect(),
        at_risk_text: "at risk".to_owned(),
    }
}

/// More than half are still open at the end of what was observed.
pub(crate) fn survival_not_reached() -> Survival {
    let mut model = survival_model();
    if let Some(one) = model.curves.first_mut() {
        one.strict = curve_points(0.62);
        one.lenient = curve_points(0.55);
        one.end_text = "62.0 % after a year".to_owned();
        one.end_short_text = "62.0 %".to_owned();
        one.lenient_end_text = "55.0 %, lenient:".to_owned();
        one.lenient_end_short_text = "lenient 55.0 %".to_owned();
        one.lenient_median_days = None;
        one.marks = vec![QuantileMark {
            share: 0.5,
            days: None,
            low: None,
            high: None,
            text: "not reached: more than half still open after 365 days".to_owned(),
            short_text: "half not reached".to_owned(),
            interval_text: String::new(),
        }];
    }
    if let Some(promise) = &mut model.promise {
        promise.still_open = Some((0.901, "90 % still open".to_owned()));
    }
    model
}

pub(crate) fn survival_groups() -> Survival {
    let teams = [("network", 0.41), ("apps", 0.36), ("identity", 0.335), ("platform", 0.3), ("endpoint", 0.22)];
    Survival { curves: teams.into_iter().map(|(name, left)| curve(name, left)).collect(), ..survival_model() }
}

pub(crate) fn group_intervals_model() -> GroupIntervals {
    let group = |name: &str, days: f64, low: f64, high: f64, count: &str, promised: Option<f64>| Group {
        name: name.to_owned(),
        median: GroupMedian::Reached { days, low, high: Some(high) },
        value_text: format!("{days} ({low}–{high})"),
        short_text: format!("{days}"),
        count_text: format!("n = {count}"),
        promised_days: promised,
    };
    GroupIntervals {
        title: "Network takes longest, endpoint is quickest, none keeps the promise".to_owned(),
        description: "Medians with 95 per cent intervals by team.".to_owned(),
        groups: vec![
            group("network", 260.0, 219.0, 301.0, "627", None),
            group("apps", 222.0, 173.0, 257.0, "404", None),
            group("identity and access of the whole group", 201.0, 164.0, 238.0, "607", None),
            Group {
                median: GroupMedian::NotReached { observed_days: 365.0 },
                value_text: "not reached".to_owned(),
                short_text: "not reached".to_owned(),
                ..group("platform", 0.0, 0.0, 0.0, "1 407", None)
            },
            Group {
                median: GroupMedian::TooFew,
                value_text: "too few (n = 4, needs 10)".to_owned(),
                short_text: "too few".to_owned(),
                ..group("endpoint", 0.0, 0.0, 0.0, "4", None)
            },
        ],
        promised_days: Some(47.9),
        promised_text: "promised, 47.9 on average".to_owned(),
    }
}

pub(crate) fn group_intervals_by_severity() -> GroupIntervals {
    let rows = [
        ("critical", 55.9, 49.0, 67.3, "385", 7.0),
        ("high", 156.0, 141.0, 173.0, "1 242", 28.0),
        ("medium", 253.0, 229.0, 275.0, "1 584", 56.0),
        ("low", 359.0, 315.0, 409.0, "762", 84.0),
    ];
    GroupIntervals {
        title: "Critical ones go first, and still take eight times what was promised".to_owned(),
        groups: rows
            .into_iter()
            .map(|(name, days, low, high, count, promised)| Group {
                name: name.to_owned(),
                median: GroupMedian::Reached { days, low, high: Some(high) },
                value_text: format!("{days} ({low}–{high})"),
                short_text: format!("{days}"),
                count_text: format!("n = {count}"),
                promised_days: Some(promised),
            })
            .collect(),
        promised_days: None,
        promised_text: "promised: 7, 28, 56, 84".to_owned(),
        ..group_intervals_model()
    }
}

fn event(days: f64, name: &str, detail: &str, weight: EventWeight) -> ClockEvent {
    ClockEvent { days, between: None, name: name.to_owned(), detail: detail.to_owned(), weight }
}

pub(crate) fn two_clocks_model() -> TwoClocks {
    use EventWeight::{Named, TickOnly};
    let band =
        |label, from: f64, to: f64, text: &str| Band { label, span: Span { from, to }, days_text: text.to_owned() };
    TwoClocks {
        title: "Two clocks of one item, to scale".to_owned(),
        description: "SLA clock 6.7 days reported; wall clock 97.6 days.".to_owned(),
        end_days: 97.6,
        end_text: "day 97.6".to_owned(),
        end_long_text: "verified, day 97.6".to_owned(),
        ending: Ending::Ended,
        promised: Some((7.0, "promised: gone by day 7".to_owned())),
        records: vec![
            Record {
                span: Span { from: 7.0, to: 13.7 },
                pauses: Vec::new(),
                text: "6.7 days, met".to_owned(),
                short_text: "met".to_owned(),
            },
            Record {
                span: Span { from: 19.2, to: 26.0 },
                pauses: Vec::new(),
                text: "from zero again: 6.8 days, then paused".to_owned(),
                short_text: "paused".to_owned(),
            },
        ],
        notes: vec![SlaNote {
            days: 32.3,
            text: "exempt from here: counts as compliant".to_owned(),
            short_text: "exempt".to_owned(),
        }],
        bands: vec![
            band(Label::Untracked, 0.0, 7.0, "7.0 days"),
            band(Label::OnClockReset, 7.0, 13.7, "6.7 days"),
            band(Label::FalselyClosed, 13.7, 19.2, "5.6 days"),
            band(Label::OnClockFinal, 19.2, 26.0, "6.8 days"),
            band(Label::Paused, 26.0, 32.3, "6.3 days"),
            band(Label::Exception, 32.3, 91.6, "59.3 days"),
            band(Label::AwaitingVerification, 91.6, 97.6, "5.9 days"),
        ],
        events: vec![
            event(0.0, "detected", "5 Nov, scanner", Named),
            event(7.0, "ticketed", "12 Nov, soc", Named),
            event(7.01, "assigned", "12 Nov, network-2", TickOnly),
            event(13.7, "closed", "19 Nov, network-0", Named),
            event(19.2, "seen again", "25 Nov, scanner", Named),
            event(20.1, "authorised", "25 Nov, crisis-team", TickOnly),
            event(26.0, "paused", "1 Dec, network-0", Named),
            event(32.3, "exception granted", "8 Dec, risk-board", Named),
            ClockEvent {
                between: Some(Span { from: 88.0, to: 91.6 }),
                ..event(91.6, "closed", "5 Feb, network-0", Named)
            },
            event(97.6, "verified", "11 Feb, scanner", Named),
        ],
        sla_total: ("6.7 days".to_owned(), "reported".to_owned()),
        wall_total: ("97.6 days".to_owned(), "lived".to_owned()),
        wall_text: "exposed without a break from the first evidence until an independent scan found it gone".to_owned(),
    }
}

/// Everything at once: many events in an hour, thin bands, still open after two years.
pub(crate) fn two_clocks_crowded() -> TwoClocks {
    let mut model = two_clocks_model();
    model.end_days = 731.0;
    model.end_text = "day 731".to_owned();
    model.end_long_text = "still open, day 731".to_owned();
    model.ending = Ending::StillOpen;
    model.wall_total = ("731 days".to_owned(), "and counting".to_owned());
    model.events = (0..24)
        .map(|at| {
            event(f64::from(at) * 0.7, "reassigned", "12 Nov, a-very-long-actor-name-of-a-service", EventWeight::Named)
        })
        .collect();
    if let Some(last) = model.bands.last_mut() {
        last.span.to = 731.0;
        last.label = Label::ClosedUnverified;
        last.days_text = "639 days".to_owned();
    }
    model.records.push(Record {
        span: Span { from: 40.0, to: 60.0 },
        pauses: vec![Span { from: 45.0, to: 50.0 }],
        text: "from zero a third time: 15 days, missed".to_owned(),
        short_text: "missed".to_owned(),
    });
    model
}

pub(crate) fn trend_model() -> Trend {
    let months = [
        "Jul 2025", "Aug 2025", "Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026",
        "Apr 2026", "May 2026", "Jun 2026",
    ];
    let strict = [142.0, 149.0, 151.0, 158.0, 163.0, 171.0, 170.0, 178.0, 183.0, 186.0, 192.0, 197.0];
    Trend {
        title: "The wall clock rises while the reported mean stands still".to_owned(),
        description: "Median days by month: 142 in July 2025, 197 in June 2026; reported mean about 15.".to_owned(),
        months: months
            .into_iter()
            .zip(strict)
            .enumerate()
            .map(|(at, (name, days))| TrendMonth {
                name: name.to_owned(),
                strict: (at != 4).then_some(days),
                lenient: (at != 4).then_some(days * 0.685),
                reported: Some(16.0 - f64::from(u8::try_from(at % 3).unwrap_or(0)) * 0.6),
                strict_text: if at == 4 { "too few (n = 4)".to_owned() } else { format!("{days}") },
                lenient_text: format!("{:.0}", days * 0.685),
                reported_text: "15.4".to_owned(),
            })
            .collect(),
        promised_days: Some(47.9),
        promised_text: "47.9 promised".to_owned(),
        strict_text: "197 until verified".to_owned(),
        lenient_text: "135 closures believed".to_owned(),
        reported_text: "15.2 as reported".to_owned(),
        breaks: vec![TrendBreak { month: 7, text: "definition 2".to_owned() }],
    }
}

pub(crate) fn sparkline_model() -> Sparkline {
    let trend = trend_model();
    Sparkline {
        title: "Median of the wall clock by month".to_owned(),
        description: "From 142 to 197 days.".to_owned(),
        names: trend.months.iter().map(|month| (month.name.clone(), month.strict_text.clone())).collect(),
        values: trend.months.iter().map(|month| month.strict).collect(),
        first_text: "142".to_owned(),
        last_text: "197".to_owned(),
    }
}

pub(crate) fn pair_bar_model() -> PairBar {
    PairBar {
        title: "The report says 96.7 % on time; proven gone by the promised day: 14.2 %".to_owned(),
        description: "On paper 96.7 per cent; in practice 14.2 per cent, interval 12.9 to 15.7.".to_owned(),
        paper: PairSide {
            name: "On paper".to_owned(),
            share: Some(0.967),
            low: None,
            high: None,
            value_text: "96.7 %".to_owned(),
            note: "of 4 203 SLA records met their deadline, says the tool".to_owned(),
        },
        practice: PairSide {
            name: "In practice".to_owned(),
            share: Some(0.142),
            low: Some(0.129),
            high: Some(0.157),
            value_text: "14.2 %".to_owned(),
            note: "(12.9–15.7) of 2 309 weaknesses gone by the promised day".to_owned(),
        },
        gap_text: "82.5 points apart".to_owned(),
        gap_is_shown: true,
    }
}

pub(crate) fn pair_bar_without_evidence() -> PairBar {
    let mut model = pair_bar_model();
    model.practice.share = None;
    model.practice.low = None;
    model.practice.high = None;
    model.practice.value_text = "no evidence".to_owned();
    model.practice.note = "no closure has been verified yet".to_owned();
    model.gap_text = "no gap can be shown yet".to_owned();
    model.gap_is_shown = false;
    model
}

pub(crate) fn waterfall_model() -> Waterfall {
    let steps = [
        ("Exceptions are not fixes", -1.6),
        ("One record per item", -3.6),
        ("Pauses count", -30.4),
        ("Resets and reopenings count", -24.8),
        ("Severity as first seen", -0.9),
        ("From first evidence, in real days", -14.0),
        ("Verified items only", 2.9),
        ("Until it is verified", -3.4),
        ("Excluded and exempt counted", -2.1),
        ("Open and overdue counted", -4.6),
    ];
    Waterfall {
        title: "Where the difference between 96.7 and 14.2 per cent comes from".to_owned(),
        description: "Ten signed steps; pauses take 30.4 points and resets 24.8.".to_owned(),
        paper: WaterfallEnd { name: "As reported".to_owned(), value: 96.7, text: "96.7 %".to_owned() },
        steps: steps
            .into_iter()
            .map(|(name, change)| WaterfallStep {
                name: name.to_owned(),
                change,
                text: format!("{}{:.1}", if change < 0.0 { "−" } else { "+" }, f64::abs(change)),
            })
            .collect(),
        practice: WaterfallEnd { name: "In practice".to_owned(), value: 14.2, text: "14.2 %".to_owned() },
        large_step: 10.0,
        unit_text: " %".to_owned(),
    }
}

/// Every chart in its wide and its narrow form, with a name for its file.
pub(crate) fn drawings() -> Vec<(String, render::svg::Svg)> {
    use render::svg::{Size, Svg};
    type Draw = Box<dyn Fn(Size) -> Svg>;
    let charts: Vec<(&str, u32, Draw)> = vec![
        ("label_split", 1280, Box::new(|size| label_split(&label_split_model(), size))),
        ("label_split_slivers", 952, Box::new(|size| label_split(&label_split_of_slivers(), size))),
        ("survival", 1280, Box::new(|size| survival(&survival_model(), size))),
        ("survival_not_reached", 952, Box::new(|size| survival(&survival_not_reached(), size))),
        ("survival_groups", 952, Box::new(|size| survival(&survival_groups(), size))),
        ("group_intervals", 624, Box::new(|size| group_intervals(&group_intervals_model(), size))),
        ("group_intervals_severity", 624, Box::new(|size| group_intervals(&group_intervals_by_severity(), size))),
        ("two_clocks", 1280, Box::new(|size| two_clocks(&two_clocks_model(), size))),
        ("two_clocks_crowded", 952, Box::new(|size| two_clocks(&two_clocks_crowded(), size))),
        ("trend", 1280, Box::new(|size| trend(&trend_model(), size))),
        ("pair_bar", 952, Box::new(|size| pair_bar(&pair_bar_model(), size))),
        ("pair_bar_no_evidence", 624, Box::new(|size| pair_bar(&pair_bar_without_evidence(), size))),
        ("waterfall", 952, Box::new(|size| waterfall(&waterfall_model(), size))),
    ];
    let mut drawings: Vec<(String, Svg)> = Vec::new();
    for (name, wide, draw) in charts {
        drawings.push((format!("{name}_{wide}"), draw(Size::of_width(wide))));
        if wide > 720 {
            drawings.push((format!("{name}_720"), draw(Size::of_width(720))));
        }
        drawings.push((format!("{name}_342"), draw(Size::of_width(342))));
    }
    let small = Size { width: 180, height: Some(32) };
    drawings.push(("sparkline_180".to_owned(), sparkline(&sparkline_model(), small)));
    drawings
}
