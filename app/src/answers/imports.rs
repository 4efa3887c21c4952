//! The answer of the page `imports`.

use domain::id::ImportId;
use leptos::prelude::use_context;
use service::ServiceError;
use service::authorise::{Caller, Granted, Object, authorise, decide, proof};
use service::identity::permission::Permission;
use service::ingest::{ImportState, Notes, StoredImport};
use service::services::Services;

use super::asking::told;
use super::import_decision::{decided, decision, is_said};
use super::import_list::{List, listed};
use super::import_quality::{MayDecide, clock};
use crate::components::EquationView;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::pages::imports::{ClockView, ImportView, ImportsView, ProgressView};
use crate::routes::value_in;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<ImportsView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let services = use_context::<Services>().ok_or(UiError::Unavailable)?;
    let granted = authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg)
        .map_err(|denied| UiError::NotAllowed(denied.to_string()))?;
    let source = source_of(query);
    let quality = match id_of(query)? {
        Some(id) => Some(services.import_quality(&granted, id).await.map_err(told)?),
        None => None,
    };
    let (list, shown) = match &quality {
        Some(quality) => (List::of_one(&quality.import), Shown::Alone),
        None => (listed(&services, &granted, source.as_deref()).await?, Shown::Listed),
    };
    let withdraw = match decide(&caller, Permission::ImportsWithdraw, Object::OwnOrg) {
        Ok(_) => Withdraw::Allowed,
        Err(_) => Withdraw::NotAllowed,
    };
    let planned = services.planned_sources(&granted).await.map_err(told)?;
    let way = Way { withdraw, shown, planned: &planned };
    Ok(ImportsView {
        answer: list.answer,
        imports: list.imports.iter().map(|one| import(one, way)).collect(),
        clock: clock_of(&services, &granted, source.as_deref()).await?,
        source,
        more: list.more,
        quality: quality.as_ref().map(|quality| super::import_quality::view(quality, &planned)),
    })
}

/// What is decided about the clock of the source that the address names; of a source nobody knows there is none.
async fn clock_of(
    services: &Services,
    granted: &Granted<proof::ImportsWrite>,
    source: Option<&str>,
) -> Result<Option<ClockView>, UiError> {
    let Some(source) = source else { return Ok(None) };
    let decisions = services.clock_decisions(granted, source).await;
    if matches!(decisions, Err(ServiceError::NotFound)) {
        return Ok(None);
    }
    let may_decide = match decide(granted.caller(), Permission::SourcesWrite, Object::OwnOrg) {
        Ok(_) => MayDecide::Yes,
        Err(_) => MayDecide::No,
    };
    Ok(Some(clock(source, &decisions.map_err(told)?, may_decide)))
}

fn source_of(query: &str) -> Option<String> {
    value_in(query, "source").filter(|source| !source.is_empty())
}

/// The import that the address names alone.
fn id_of(query: &str) -> Result<Option<ImportId>, UiError> {
    let Some(text) = value_in(query, "id").filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(|id| Some(ImportId::from_row(id))).map_err(|_| UiError::NotFound)
}

/// Whether the reader may take imports back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Withdraw {
    Allowed,
    NotAllowed,
}

/// Whether an import stands among others, or with its quality report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Listed,
    Alone,
}

/// How the imports of a page are shown.
#[derive(Clone, Copy)]
struct Way<'p> {
    withdraw: Withdraw,
    shown: Shown,
    /// The sources with a page of their mapping.
    planned: &'p [String],
}

fn import(one: &StoredImport, way: Way<'_>) -> ImportView {
    let noted: Notes = serde_json::from_str(&one.notes).unwrap_or_default();
    let waits = one.state == ImportState::Running || one.state.can_go_on();
    ImportView {
        id: one.id.get().to_string(),
        file: one.name.clone(),
        source: one.source.clone(),
        state: words_of(one.state).to_owned(),
        times: times(one),
        progress: waits.then(|| progress_of(one, None)),
        equation: EquationView {
            received: format::count(one.counts.received),
            accepted: format::count(one.counts.accepted),
            duplicate: format::count(one.counts.duplicate),
            quarantined: format::count(one.counts.quarantined),
            accepted_href: None,
            quarantined_href: Some(format!("/quality?import={}", one.id.get())),
        },
        items: items(one),
        report: (way.shown == Shown::Listed).then(|| format!("/imports?id={}#quality", one.id.get())),
        notes: notes(one, &noted),
        mend: mend(one, &noted, way.planned),
        may_pause: one.state == ImportState::Running,
        may_resume: one.state.can_go_on(),
        may_cancel: waits,
        decision: decision(one, &noted),
        may_withdraw: way.withdraw == Withdraw::Allowed && one.state == ImportState::Published,
    }
}

/// Where an import stands, behind its name.
pub(super) const fn words_of(state: ImportState) -> &'static str {
    match state {
        ImportState::Running => "being read; nothing of it counts yet.",
        ImportState::Paused => "paused; nothing of it counts yet.",
        ImportState::Interrupted => "interrupted; nothing of it counts yet.",
        ImportState::Failed => "stopped by a fault; nothing of it counts yet.",
        ImportState::Held => "waits for a person; nothing of it counts yet.",
        ImportState::Cancelled => "given up; nothing of it counts.",
        ImportState::Published => "counts.",
        ImportState::Withdrawn => "taken back; it counts no more.",
    }
}

fn times(one: &StoredImport) -> String {
    let began = format!("Began {}", format::minute(one.started_at));
    let ended = one.finished_at.map(|at| format!(", ended {}", format::minute(at))).unwrap_or_default();
    let back = one.withdrawn_at.map(|at| format!(", taken back {}", format::minute(at))).unwrap_or_default();
    format!("{began}{ended}{back}.")
}

fn items(one: &StoredImport) -> String {
    let bytes = format::bytes(one.bytes);
    match one.state {
        ImportState::Published | ImportState::Withdrawn => {
            format!("{bytes}, {} with news.", format::counted(one.items, "item", "items"))
        }
        ImportState::Running
        | ImportState::Paused
        | ImportState::Interrupted
        | ImportState::Failed
        | ImportState::Held
        | ImportState::Cancelled => format!("{bytes}."),
    }
}

/// Whether a rule is met by words that a person can explain.
fn asks_for_words(rule: &str) -> bool {
    matches!(rule, "status_unknown" | "unmatched_state" | "severity_unmapped")
}

/// Where a person says what words mean, if words without a meaning were met in a file of a source with a saved mapping.
fn mend(one: &StoredImport, notes: &Notes, planned: &[String]) -> Option<String> {
    let is_asked = notes.met.keys().any(|rule| asks_for_words(rule)) && !one.plan.is_empty();
    (is_asked && planned.contains(&one.source)).then(|| format!("/sources/mapping/{}", encode(&one.source)))
}

fn notes(one: &StoredImport, notes: &Notes) -> Vec<String> {
    let quiet = notes.no_event.iter().map(|(what, count)| format!("{} × {what}: no news", format::count(*count)));
    let met = notes.met.iter().filter(|(rule, _)| !is_said(rule, one, notes)).map(|(rule, met)| {
        // Words that no list knows are all named: whoever reads this can say what they mean.
        let named = if asks_for_words(rule) {
            met.examples.join(", ")
        } else {
            met.examples.first().cloned().unwrap_or_default()
        };
        let example = if named.is_empty() { named } else { format!(", as {named}") };
        format!("rule {rule}: {} times{example}", format::count(met.count))
    });
    decided(notes).into_iter().chain(quiet).chain(met).map(|note| format::visible(&note)).collect()
}

/// How far an import is, at a pace of lines a second where that is known.
#[must_use]
pub fn progress_of(one: &StoredImport, rate: Option<u64>) -> ProgressView {
    let is_running = one.state == ImportState::Running;
    let lines = format::counted(one.counts.received, "line", "lines");
    let size = format!("{} of {}", format::bytes(one.bytes_read), format::bytes(one.bytes));
    let pace = rate.filter(|rate| is_running && *rate > 0).map(|rate| {
        let left = left(one, rate).map(|left| format!(", about {} left", format::span(left))).unwrap_or_default();
        format!(", {} a second{left}", format::counted(rate, "line", "lines"))
    });
    let folding = if is_running && one.bytes_read >= one.bytes { " Its items are being folded." } else { "" };
    ProgressView {
        id: one.id.get().to_string(),
        bytes: one.bytes_read,
        total_bytes: one.bytes,
        words: format!("{lines}, {size}{}.{folding}", pace.unwrap_or_default()),
        is_running,
    }
}

/// Seconds until all is read, from the bytes a line takes.
fn left(one: &StoredImport, rate: u64) -> Option<u64> {
    let bytes_a_line = one.bytes_read.checked_div(one.counts.received)?;
    one.bytes.saturating_sub(one.bytes_read).checked_div(bytes_a_line)?.checked_div(rate)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use domain::time::Timestamp;
    use service::question::sources::Counts;

    pub(in crate::answers) fn stored(state: ImportState) -> StoredImport {
        StoredImport {
            id: ImportId::from_row(7),
            source: "scanner".into(),
            name: "a.csv".into(),
            bytes: 8_300_000,
            digest: Vec::new(),
            state,
            started_at: Timestamp::from_seconds(1_700_000_000),
            finished_at: None,
            counts: Counts { received: 21_640, accepted: 21_478, duplicate: 85, quarantined: 77 },
            items: 0,
            plan: String::new(),
            notes: r#"{"met":{"null_word":{"count":3,"examples":["N/A"]}}}"#.into(),
            records: 21_640,
            bytes_read: 5_900_000,
            spool: String::new(),
            terms: String::new(),
            withdrawn_at: None,
        }
    }

    fn shown(one: &StoredImport) -> ImportView {
        import(one, Way { withdraw: Withdraw::Allowed, shown: Shown::Listed, planned: &[] })
    }

    #[test]
    fn an_import_says_how_far_it_is_and_what_can_be_done() {
        let running = shown(&stored(ImportState::Running));
        assert_eq!(
            (running.may_pause, running.may_resume, running.may_cancel, running.may_withdraw),
            (true, false, true, false)
        );
        assert_eq!(running.notes, ["rule null_word: 3 times, as N/A"]);
        let rests = shown(&stored(ImportState::Interrupted));
        assert_eq!((rests.may_pause, rests.may_resume, rests.may_cancel), (false, true, true));
        let counts = shown(&stored(ImportState::Published));
        assert_eq!((counts.may_cancel, counts.may_withdraw, counts.progress), (false, true, None));
        let way = Way { withdraw: Withdraw::NotAllowed, shown: Shown::Alone, planned: &[] };
        assert!(!import(&stored(ImportState::Published), way).may_withdraw);
    }

    #[test]
    fn an_import_that_waits_for_a_person_asks_with_both_numbers() {
        let notes = r#"{"mass_absence":{"gone":1900,"open":2000,"examples":["1@a","2@a"],"compared_with":"2026-03-02T00:00:00Z"}}"#;
        let held = StoredImport { notes: notes.into(), ..stored(ImportState::Held) };
        let view = shown(&held);
        assert_eq!((view.may_resume, view.may_cancel, view.progress), (false, false, None));
        let decision = view.decision.unwrap();
        assert_eq!(
            decision.words,
            "1\u{202f}900 of 2\u{202f}000 items that were open are gone from this file beside the snapshot of 2 Mar 2026, 00:00 UTC."
        );
        assert_eq!(decision.examples, ["1@a", "2@a"]);
        assert_eq!(decision.more, "and 1\u{202f}898 more");
    }

    #[test]
    fn what_is_asked_or_was_decided_is_said_once() {
        let notes = r#"{"met":{"mass_absence":{"count":1,"examples":["1900 of 2000 open items are gone at once"]}},
            "mass_absence":{"judged":"part","gone":1900,"open":2000}}"#;
        let counts = shown(&StoredImport { notes: notes.into(), ..stored(ImportState::Published) });
        assert_eq!(counts.decision, None);
        assert_eq!(
            counts.notes,
            [
                "1\u{202f}900 of 2\u{202f}000 open items are gone at once: a person said that the file is not the whole list"
            ]
        );
        let held = notes.replace("\"judged\":\"part\",", "");
        let held = shown(&StoredImport { notes: held, ..stored(ImportState::Held) });
        assert!(held.decision.is_some() && held.notes.is_empty(), "{held:?}");
    }

    #[test]
    fn words_are_explained_where_a_mapping_is_saved() {
        let notes = r#"{"met":{"status_unknown":{"count":3,"examples":["parked"]}}}"#;
        let one = StoredImport { notes: notes.into(), plan: "{}".into(), ..stored(ImportState::Published) };
        assert_eq!(shown(&one).mend, None, "there is no page of its mapping");
        let planned = ["scanner".to_owned()];
        let way = Way { withdraw: Withdraw::Allowed, shown: Shown::Listed, planned: &planned };
        assert_eq!(import(&one, way).mend.as_deref(), Some("/sources/mapping/scanner"));
    }

    #[test]
    fn news_name_the_pace_and_the_time_left_only_where_they_are_known() {
        let words = progress_of(&stored(ImportState::Running), Some(1_900)).words;
        assert!(words.contains("1\u{202f}900 lines a second, about 4 s left"), "{words}");
        let words = progress_of(&stored(ImportState::Paused), Some(1_900)).words;
        assert!(!words.contains("left"), "{words}");
        assert!(
            progress_of(&StoredImport { bytes_read: 8_300_000, ..stored(ImportState::Running) }, None)
                .words
                .contains("folded")
        );
    }

    #[test]
    fn the_source_of_the_address_narrows_the_list() {
        assert_eq!(source_of("?source=jira%2Dprod"), Some("jira-prod".to_owned()));
        assert_eq!(source_of("?source="), None);
        assert_eq!(source_of(""), None);
    }
}
