//! The analysis in words: what the report shows, what happened, the difference, and where the time went.

use super::Analysis;
use domain::{label::Label, view::Verification};
use metrics::{
    answer::{Answer, WhyNot},
    labels::{by_size, share_of, where_time_went},
    level::Level,
    matured::on_time,
    real::days,
    survival::curve::Curve,
};
use std::fmt::Write;

/// The largest reasons are told, the rest is in the JSON.
const REASONS: usize = 5;

impl Analysis {
    /// The summary a person would want.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        line(format!(
            "{} items, {} events, watched from {} to {} (known by {})",
            self.ledger.items().len(),
            self.events,
            self.view.observed_from,
            self.view.as_of,
            self.view.known_at
        ));
        line(self.noticed());
        line(String::new());
        line(self.report_line());
        line(self.wall_line());
        line(self.gap_line());
        line(String::new());
        line(self.reasons());
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    fn report_line(&self) -> String {
        let report = self.sla_report();
        let Some(percent) = report.met.percent() else {
            return "SLA report    no record has been closed or exempted yet: no evidence".to_owned();
        };
        let mean = report.tool_mean_days().map_or_else(String::new, |mean| format!(", {mean:.1} days on average"));
        format!(
            "SLA report    {percent:.1} % in time: {} of {} records{mean}; {} of them exempt",
            report.met.part(),
            report.met.of(),
            report.exempt
        )
    }

    fn wall_line(&self) -> String {
        let Some(strict) = self.summary_of(&self.rows(Verification::Strict)) else {
            return "Wall clock    nobody was under watch: no evidence".to_owned();
        };
        let lenient = self.summary_of(&self.rows(Verification::Lenient));
        let lenient = lenient
            .map_or_else(String::new, |summary| format!("; {} if every close is believed", half_ended(&summary.curve)));
        format!(
            "Wall clock    {}, of {} episodes of which {} have ended{lenient}",
            half_ended(&strict.curve),
            strict.curve.rows(),
            strict.curve.ended()
        )
    }

    fn gap_line(&self) -> String {
        let kept = on_time(self.ledger.facts(), &self.policy, &self.view, self.policy.headline);
        let promised = self.mean_promised().map_or_else(String::new, |mean| format!(" ({mean:.1} days on average)"));
        let Some(percent) = kept.percent() else {
            return format!("The gap       no promised day{promised} has come inside the window: no evidence");
        };
        let mut text = format!(
            "The gap       {percent:.1} % had ended by the promised day{promised}: {} of {} items whose day has come",
            kept.part(),
            kept.of()
        );
        if let Some(reported) = self.sla_report().met.percent() {
            let apart = reported - percent;
            let word = if apart < 0.0 { "fewer" } else { "more" };
            text.push_str(&format!("; the report shows {:.1} points {word}", apart.abs()));
        }
        text
    }

    fn reasons(&self) -> String {
        let labels = where_time_went(self.ledger.facts(), self.view.as_of, self.policy.headline, &self.calendar);
        let total = days(labels.total());
        let mut text = format!("Where {total:.0} item-days went, the five largest parts:\n");
        for (label, seconds) in by_size(&labels).into_iter().take(REASONS) {
            let share = share_of(&labels, label).unwrap_or_default() * 100.0;
            let row = writeln!(text, "  {:>9.0} days  {share:>5.1} %  {}", days(seconds), in_words(label));
            debug_assert!(row.is_ok(), "writing to a string cannot fail");
        }
        text
    }

    fn noticed(&self) -> String {
        let flags = self.all_flags();
        if flags.is_empty() {
            return "Noticed in the feed: nothing odd".to_owned();
        }
        let counts: Vec<String> =
            flags.iter().map(|(flag, count)| format!("{count} {}", flag.replace('_', " "))).collect();
        format!("Noticed in the feed: {}", counts.join(", "))
    }
}

fn half_ended(curve: &Curve) -> String {
    match curve.quantile_answer(0.5, Level::NinetyFive) {
        Answer::Known { value, interval, .. } => {
            let side =
                |age: Option<i64>| age.map_or_else(|| "not reached".to_owned(), |age| format!("{:.1}", days(age)));
            let range = interval.map_or_else(String::new, |range| {
                format!(" (95 % interval {} to {})", side(range.lower), side(range.upper))
            });
            format!("half had ended after {:.1} days{range}", days(value))
        }
        Answer::Unknown(WhyNot::NotReached { observed_seconds }) => {
            format!("more than half still open after {:.1} days", days(observed_seconds))
        }
        Answer::Unknown(WhyNot::TooFew { count, needed }) => format!("too few ({count}, needs {needed})"),
        Answer::Unknown(WhyNot::NoEvidence) => "no evidence".to_owned(),
    }
}

/// A label in the words of a sentence.
const fn in_words(label: Label) -> &'static str {
    match label {
        Label::Untracked => "before there was a ticket",
        Label::OnClockFinal => "on the ticket's clock: all that the report shows",
        Label::OnClockReset => "on the ticket's clock, wiped by a later reset",
        Label::OffCalendar => "outside opening hours",
        Label::Paused => "waiting, the ticket paused",
        Label::Exception => "under an exception",
        Label::AwaitingVerification => "closed, until somebody checked",
        Label::FalselyClosed => "closed, then seen again",
        Label::ClosedUnverified => "closed, and nobody checked",
        Label::RecurrenceGap => "gone, then back within the merge window",
    }
}
