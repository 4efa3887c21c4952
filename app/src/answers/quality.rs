//! The answer of the page `quality`.

use service::identity::secret::new_key;
use service::ingest::{Kept, StoredAct};
use service::question::quality::{ActState, Quality, QualityAsk};
use service::question::source_ages::{SourceAge, UNUSUAL_RULE};

use super::asking::{Asking, told};
use super::reason_words::meaning;
use super::{quality_choice, quality_lines, quality_rules};
use crate::error::UiError;
use crate::filter::{QualityQuery, encode};
use crate::format;
use crate::pages::quality::{DecidedView, FeedRow, FeedsView, KeptView, QualityView, ReasonRow, ReasonsView};

pub use super::quality_choice::{decision_of, held_filter_of};

/// A decision that has not come further for so long was cut off with its server.
const STUCK_AFTER_SECONDS: i64 = 120;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<QualityView, UiError> {
    let query = QualityQuery::parse(query).map_err(|error| UiError::BadFilter(error.to_string()))?;
    let asking = Asking::of(&query.moment_query()).await?;
    let (services, caller) = (&asking.services, &asking.caller);
    let quality = services.quality(caller, &ask_of(&query)).await.map_err(told)?;
    let ages = services.source_ages(caller, &asking.view).await.map_err(told)?;
    let evidence = services.evidence(caller, &asking.ask).await.map_err(told)?;
    let (foreseen, trouble) = quality_choice::foreseen(&asking, &query).await?;
    Ok(QualityView {
        answer: answer(&quality, &ages),
        decided: quality.act.as_ref().map(|act| decided(act, &quality)),
        foreseen,
        trouble,
        reasons: reasons(&quality, &query),
        lines: quality_lines::lines(&quality, &query)?,
        decide: quality.may_decide.then(|| quality_choice::form(&quality, &query)).filter(|_| quality.matching > 0),
        feeds: feeds(&ages),
        rules: quality_rules::rules(&asking, &quality, &query),
        guards: quality_rules::guards(&asking, &evidence),
    })
}

fn ask_of(query: &QualityQuery) -> QualityAsk {
    QualityAsk {
        filter: quality_choice::filter_of(query),
        page: query.pages_skipped.saturating_add(1),
        from: query.from.map(|day| day.start()),
        before: query.to.map(|day| day.plus(1).start()),
        act: query.act,
    }
}

/// A word that makes a form that was sent twice act once.
pub(super) fn once() -> Result<String, UiError> {
    new_key().map(|key| key.expose().clone()).map_err(|_| UiError::Unavailable)
}

pub(super) fn waiting(quality: &Quality) -> u64 {
    quality.groups.iter().map(|group| group.lines).sum()
}

/// `0.4 %`, `under 0.1 %` or, of nothing, a dash.
pub(super) fn share_of(part: u64, of: u64) -> String {
    metrics::share::Share::new(part, of).and_then(metrics::share::Share::value).map_or_else(
        || "–".to_owned(),
        |share| if part > 0 && share < 0.000_5 { "under 0.1\u{202f}%".to_owned() } else { format::share(share) },
    )
}

fn answer(quality: &Quality, ages: &[SourceAge]) -> Vec<String> {
    let waiting = waiting(quality);
    let held = match (quality.received, waiting) {
        (0, _) => return vec!["Nothing has arrived yet.".to_owned()],
        (received, 0) => format!("None of {} is held.", format::counted(received, "line", "lines")),
        (received, 1) => format!("1 of {} is held.", format::counted(received, "line", "lines")),
        (received, waiting) => {
            format!("{} of {} are held.", format::count(waiting), format::counted(received, "line", "lines"))
        }
    };
    let unusual = ages.iter().filter(|age| age.is_unusual).count() as u64;
    let rules = match quality_rules::rules_met(quality) {
        0 => "No rule was met".to_owned(),
        1 => "1 rule was met".to_owned(),
        met => format!("{} rules were met", format::count(met)),
    };
    let silent = match unusual {
        0 => "no source is unusually silent.".to_owned(),
        1 => "1 source is unusually silent.".to_owned(),
        many => format!("{} sources are unusually silent.", format::count(many)),
    };
    vec![held, format!("{rules}, {silent}")]
}

fn reasons(quality: &Quality, query: &QualityQuery) -> ReasonsView {
    let waiting = waiting(quality);
    let title = match waiting {
        0 => "Nothing is held.".to_owned(),
        1 => "1 line waits for a decision.".to_owned(),
        many => format!("{} lines wait for a decision.", format::count(many)),
    };
    let row = |group: &service::question::quality::ReasonHeld| {
        let (words, next_step) = meaning(group.reason);
        let alone =
            QualityQuery { reason: Some(group.reason), moment: query.moment.clone(), ..QualityQuery::default() };
        let source = |(name, lines): &(String, u64)| format!("{} {}", format::visible(name), format::count(*lines));
        ReasonRow {
            reason: group.reason.as_str().to_owned(),
            words: words.to_owned(),
            next_step: next_step.to_owned(),
            href: format!("{}#lines", alone.address("/quality")),
            lines: format::count(group.lines),
            share: share_of(group.lines, quality.received),
            first: format::date(group.first),
            last: format::date(group.last),
            sources: group.sources.iter().map(source).collect::<Vec<_>>().join(", "),
        }
    };
    ReasonsView {
        title,
        rows: quality.groups.iter().map(row).collect(),
        total: format::count(waiting),
        total_share: share_of(waiting, quality.received),
    }
}

pub(super) fn kept(kept: &[Kept]) -> Vec<KeptView> {
    let view = |kept: &Kept| KeptView {
        code: kept.code.clone(),
        detail: format::visible(&kept.detail),
        lines: format::count(kept.lines),
    };
    kept.iter().map(view).collect()
}

fn decided(act: &StoredAct, quality: &Quality) -> DecidedView {
    let counts = &act.counts;
    let settled = counts.accepted + counts.duplicate + counts.dismissed + counts.kept;
    let is_stuck = act.state == ActState::Running && quality.now.since(act.moved_at) > STUCK_AFTER_SECONDS;
    let lines = format::counted(act.chosen, "line", "lines");
    let title = match act.state {
        ActState::Running if !is_stuck => format!("{} of {lines} so far.", format::count(settled)),
        ActState::Done => format!("{lines} decided."),
        ActState::Running | ActState::Stopped => {
            format!("It ended early: {} of {lines}; the others are still held.", format::count(settled))
        }
    };
    let sum = |count: u64, words: &str| (format::count(count), words.to_owned());
    DecidedView {
        title,
        asked: format::capitalised(&format!("{}.", format::visible(&act.asked))),
        sums: vec![
            sum(counts.accepted, "accepted"),
            sum(counts.duplicate, "duplicate"),
            sum(counts.dismissed, "dismissed"),
            sum(counts.kept, "still held"),
        ],
        kept: kept(&serde_json::from_str::<Vec<Kept>>(&counts.why_kept).unwrap_or_default()),
        is_running: act.state == ActState::Running && !is_stuck,
    }
}

/// A length of time, never below zero.
pub(super) fn lasted(seconds: i64) -> String {
    format::span(u64::try_from(seconds).unwrap_or_default())
}

fn feeds(ages: &[SourceAge]) -> FeedsView {
    let unusual = ages.iter().filter(|age| age.is_unusual).count() as u64;
    let all = format::counted(ages.len() as u64, "source", "sources");
    let title = match (ages.len(), unusual) {
        (0, _) => "No source has sent anything.".to_owned(),
        (_, 0) => format!("None of {all} is unusually silent."),
        (_, 1) => format!("1 of {all} is unusually silent."),
        (_, many) => format!("{} of {all} are unusually silent.", format::count(many)),
    };
    let row = |age: &SourceAge| FeedRow {
        source: format::visible(&age.source),
        items_href: format!("/items?source={}", encode(&age.source)),
        last_event: age.last_event.map_or_else(|| "–".to_owned(), format::minute),
        last_received: format::minute(age.last_received),
        silent_for: lasted(age.silent_seconds),
        usual_gap: age.usual_gap_seconds.map_or_else(|| "fewer than three deliveries".to_owned(), lasted),
        verdict: if age.is_unusual { "unusual".to_owned() } else { String::new() },
    };
    FeedsView { title, note: UNUSUAL_RULE.to_owned(), rows: ages.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_would_be_printed_as_nothing_says_so() {
        assert_eq!(share_of(1, 1_000_000), "under 0.1\u{202f}%");
        assert_eq!(share_of(0, 10), format::share(0.0));
        assert_eq!(share_of(1, 8), "12.5\u{202f}%");
        assert_eq!(share_of(0, 0), "–");
    }
}
