//! The answer of the page of one item.

use domain::fact::{Episode, Evidence};
use domain::label::Label;
use metrics::real::days as in_days;
use render::chart::{DRAWING_ORDER, label_letter, label_name, two_clocks};
use service::question::ask::ItemWithEvents;
use service::question::item::ItemDetail;

use super::asking::{Asking, told};
use super::chart::{Widths, drawn};
use super::claims;
use super::explained::{About, count_plain};
use super::item_clocks::model;
use super::item_events::{Line, events, lines};
use super::items::outcome;
use super::weaknesses;
use crate::components::Shown;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::pages::item::{EpisodeRow, EpisodeTable, ItemView, LabelRow, LabelTable, RecordRow, RecordTable};
use crate::sentence::Sentence;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(id: &str, query: &str) -> Result<ItemView, UiError> {
    let asking = Asking::of(query).await?;
    let found = asking.services.item(&asking.caller, &asking.ask, id).await.map_err(told)?;
    Ok(view(&asking, &found))
}

fn view(asking: &Asking, found: &ItemWithEvents) -> ItemView {
    let (detail, lines) = (&found.detail, lines(&found.events));
    let row = &detail.row;
    let team = row.team.as_deref().map_or_else(String::new, |team| format!(", team {}", format::visible(team)));
    ItemView {
        id: row.id.clone(),
        what: format!("{} {}{team}", row.severity, row.kind.as_str().replace('_', " ")),
        list: asking.filter.moment_only().address("/items"),
        answer: answer(detail),
        clocks: Shown::Ready(drawn(&model(asking.view.as_of, detail, &lines), two_clocks, Widths::FULL)),
        caption: Sentence::plain(caption(detail)),
        explain: asking.explained(
            "item_wall",
            &format!("/api/v1/items/{}", encode(&row.id)),
            About {
                value: format::days_in_words(in_days(row.lived_seconds)),
                counts: vec![count_plain(u64::from(detail.facts.events), "events of this item")],
                interval: "none: a length of time".to_owned(),
                caveat: imputed(detail).trim().to_owned(),
                ..About::default()
            },
        ),
        explanations: [
            "item_wall",
            "item_promised",
            "item_sla",
            "sla_reported_percent",
            "kev_on_time",
            "label_seconds",
        ]
        .map(|metric| asking.named(metric))
        .into(),
        labels: labels(detail),
        records: records(detail),
        claims: claims::table(detail),
        weaknesses: weaknesses::table(detail),
        episodes: episodes(asking, detail),
        events: events(detail, lines),
    }
}

/// What was reported, and what was.
pub(super) fn answer(detail: &ItemDetail) -> Vec<String> {
    let lived = in_days(detail.row.lived_seconds);
    let is_open = detail.episodes.last().is_some_and(|last| last.end.is_none());
    let promised = format::promised_days(in_days(detail.row.promised_seconds));
    let reported = detail.row.reported.as_ref().map_or_else(
        || format!("No closed record yet; the promise was {promised} days."),
        |reported| {
            let days = format::days_in_words(in_days(reported.elapsed_seconds));
            match reported.met {
                Some(true) => format!("Reported after {days}, met its target."),
                Some(false) => format!("Reported after {days}, late for its target."),
                None => format!("Its last record ended after {days} and is in no report."),
            }
        },
    );
    let truth = if is_open {
        format!("It has been there for {}, promised gone in {promised}.", format::days_in_words(lived))
    } else {
        format!("It was there for {}, promised gone in {promised}.", format::days_in_words(lived))
    };
    vec![reported, truth]
}

/// The small print of the two clocks.
pub(super) fn caption(detail: &ItemDetail) -> String {
    let count = detail.episodes.len();
    let spells = if count == 1 { "One spell".to_owned() } else { format!("{count} spells, the whole life") };
    let imputed = imputed(detail);
    format!("To scale, no gap cut out. {spells}. Day 0 is the first evidence.{imputed}")
}

const fn imputed(detail: &ItemDetail) -> &'static str {
    if detail.row.origin_imputed {
        " No detection carries the first evidence: the wall clock is a lower bound."
    } else {
        ""
    }
}

fn labels(detail: &ItemDetail) -> LabelTable {
    let total = detail.wall_seconds;
    let share = |seconds: i64| {
        metrics::real::ratio(seconds.unsigned_abs(), total.unsigned_abs()).map_or_else(|| "–".to_owned(), format::share)
    };
    let row = |label: &Label| {
        let seconds = detail.labels.get(*label);
        (seconds > 0).then(|| LabelRow {
            letter: label_letter(*label).to_owned(),
            name: label_name(*label).to_owned(),
            days: format::days(in_days(seconds)),
            share: share(seconds),
        })
    };
    LabelTable {
        title: "The seconds add up.".to_owned(),
        rows: DRAWING_ORDER.iter().filter_map(row).collect(),
        total: LabelRow {
            letter: String::new(),
            name: "Wall clock".to_owned(),
            days: format::days(in_days(total)),
            share: share(total),
        },
    }
}

fn records(detail: &ItemDetail) -> RecordTable {
    let all = &detail.facts.records;
    let late = all.iter().filter(|record| record.met() == Some(false)).count() as u64;
    let count = format::counted(all.len() as u64, "SLA record", "SLA records");
    let verdict = match (all.len(), late) {
        (1, 0) => "not late".to_owned(),
        (_, 0) => "none of them late".to_owned(),
        (1, _) => "late".to_owned(),
        (_, late) => format!("{} of them late", format::count(late)),
    };
    let title = if all.is_empty() { "No SLA record.".to_owned() } else { format!("{count}, {verdict}.") };
    let row = |(place, record): (usize, &domain::fact::SlaRecord)| RecordRow {
        number: (place + 1).to_string(),
        window: record.end.map_or_else(
            || format!("{} – now", format::date(record.start)),
            |end| format!("{} – {}", format::date(record.start), format::date(end.at)),
        ),
        outcome: if record.outcome == domain::fact::Outcome::Closed {
            format!("closed, {}", outcome(record.outcome, record.met()))
        } else {
            outcome(record.outcome, record.met()).to_owned()
        },
        elapsed: record.end.map_or_else(
            || "–".to_owned(),
            |end| {
                format!(
                    "{} of {} days",
                    format::days(in_days(end.elapsed_seconds)),
                    format::days(in_days(end.target_seconds))
                )
            },
        ),
    };
    RecordTable { title, rows: all.iter().enumerate().map(row).collect() }
}

fn episodes(asking: &Asking, detail: &ItemDetail) -> EpisodeTable {
    let count = detail.episodes.len();
    let title = if count == 1 { "One spell, unbroken.".to_owned() } else { format!("{count} spells.") };
    let row = |(place, episode): (usize, &Episode)| {
        let until = episode.end.map_or(asking.view.as_of, |end| end.at);
        let end = episode.end.map_or_else(
            || "still there".to_owned(),
            |end| match end.evidence {
                Evidence::Verified => "gone, verified".to_owned(),
                Evidence::Unverified => "closed, believed".to_owned(),
                Evidence::Decommissioned => "asset retired".to_owned(),
                Evidence::FalsePositive => "never was a weakness".to_owned(),
            },
        );
        EpisodeRow {
            number: (place + 1).to_string(),
            window: if episode.end.is_some() {
                format!("{} – {}", format::date(episode.start), format::date(until))
            } else {
                format!("{} – now", format::date(episode.start))
            },
            end,
            days: format::days_in_words(in_days(until.since(episode.start))),
        }
    };
    EpisodeTable { title, rows: detail.episodes.iter().enumerate().map(row).collect() }
}

/// The events that deserve words in the drawing.
pub(crate) fn is_named(line: &Line) -> bool {
    matches!(
        line.event.as_str(),
        "detected"
            | "ticketed"
            | "closed"
            | "verified"
            | "redetected"
            | "reopened"
            | "paused"
            | "exception_granted"
            | "decommissioned"
            | "false_positive"
            | "verification_failed"
            | "severity_changed"
    )
}
