//! The answer of the page `imports`.

use domain::id::ImportId;
use leptos::prelude::use_context;
use service::authorise::{Caller, Object, authorise, decide, proof};
use service::identity::permission::Permission;
use service::ingest::{ImportState, Judged, Notes, StoredImport, held_until};
use service::services::Services;

use super::asking::told;
use super::import_quality::{MayDecide, clock};
use crate::components::EquationView;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::pages::imports::{DecisionView, ImportView, ImportsView, ProgressView};
use crate::routes::value_in;

/// Imports a page shows.
const SHOWN_MAX: u32 = 200;

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
    let all = match &quality {
        Some(quality) => vec![quality.import.clone()],
        None => services.imports_of(&granted, source.as_deref(), SHOWN_MAX).await.map_err(told)?,
    };
    let clock = match &source {
        Some(source) => {
            let decisions = services.clock_decisions(&granted, source).await.map_err(told)?;
            let may_decide = match decide(&caller, Permission::SourcesWrite, Object::OwnOrg) {
                Ok(_) => MayDecide::Yes,
                Err(_) => MayDecide::No,
            };
            Some(clock(source, &decisions, may_decide))
        }
        None => None,
    };
    let withdraw = match decide(&caller, Permission::ImportsWithdraw, Object::OwnOrg) {
        Ok(_) => Withdraw::Allowed,
        Err(_) => Withdraw::NotAllowed,
    };
    let shown = if quality.is_some() { Shown::Alone } else { Shown::Listed };
    let more = if all.len() >= usize::try_from(SHOWN_MAX).unwrap_or(usize::MAX) {
        format!("These are the latest {SHOWN_MAX} of them.")
    } else {
        String::new()
    };
    Ok(ImportsView {
        answer: answer(&all),
        imports: all.iter().map(|one| import(one, withdraw, shown)).collect(),
        source,
        clock,
        more,
        quality: quality.as_ref().map(super::import_quality::view),
    })
}

fn source_of(query: &str) -> Option<String> {
    value_in(query, "source").filter(|source| !source.is_empty())
}

/// The import that the address names alone.
fn id_of(query: &str) -> Result<Option<ImportId>, UiError> {
    let Some(text) = value_in(query, "id").filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(|id| Some(ImportId::from_row(id))).map_err(|_| UiError::NotFound)
}

fn answer(all: &[StoredImport]) -> Vec<String> {
    let count = |wanted: fn(ImportState) -> bool| all.iter().filter(|one| wanted(one.state)).count() as u64;
    let seen = count(|state| state == ImportState::Published);
    let under_way = count(|state| state == ImportState::Running);
    let rests = count(ImportState::can_go_on);
    if all.is_empty() {
        return vec!["No file has been imported yet.".to_owned()];
    }
    let files = |count, verb| format!("{} {verb}.", format::counted(count, "file", "files"));
    let mut words = vec![files(seen, if seen == 1 { "counts" } else { "count" })];
    if under_way > 0 {
        words.push(files(under_way, if under_way == 1 { "is being read" } else { "are being read" }));
    }
    let held = count(|state| state == ImportState::Held);
    if held > 0 {
        words.push(files(held, if held == 1 { "waits for a person" } else { "wait for a person" }));
    }
    if rests > 0 {
        words.push(files(rests, if rests == 1 { "waits to go on" } else { "wait to go on" }));
    }
    words
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

fn import(one: &StoredImport, withdraw: Withdraw, shown: Shown) -> ImportView {
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
        report: (shown == Shown::Listed).then(|| format!("/imports?id={}#quality", one.id.get())),
        notes: notes(one),
        mend: mend(one),
        may_pause: one.state == ImportState::Running,
        may_resume: one.state.can_go_on(),
        may_cancel: waits,
        decision: decision(one),
        may_withdraw: withdraw == Withdraw::Allowed && one.state == ImportState::Published,
    }
}

/// What a person has to decide about an import that waits for it.
fn decision(one: &StoredImport) -> Option<DecisionView> {
    let notes: Notes = serde_json::from_str(&one.notes).unwrap_or_default();
    let absence = *notes.mass_absence.filter(|_| one.state == ImportState::Held)?;
    let against = absence.compared_with.map(|at| format!(" beside the snapshot of {at}")).unwrap_or_default();
    Some(DecisionView {
        words: format!(
            "{} of {} that were open are gone from this file{against}.",
            format::count(absence.gone),
            format::counted(absence.open, "item", "items"),
        ),
        examples: absence.examples.iter().map(|item| format::visible(item)).collect(),
        more: match absence.gone.saturating_sub(absence.examples.len() as u64) {
            0 => String::new(),
            more => format!("and {} more", format::count(more)),
        },
        until: format!(
            "The file is kept until {}; without a decision the import is given up then.",
            format::minute(held_until(one))
        ),
    })
}

/// What was decided about it, where somebody had to.
fn decided(notes: &Notes) -> Option<String> {
    let absence = notes.mass_absence.as_ref()?;
    let said = match absence.judged? {
        Judged::Gone => "a person said that it is so",
        Judged::Part => "a person said that the file is not the whole list",
    };
    Some(format!("{}: {said}", absence.words()))
}

const fn words_of(state: ImportState) -> &'static str {
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

/// Where a person says what words mean, if words without a meaning were met.
fn mend(one: &StoredImport) -> Option<String> {
    let notes: Notes = serde_json::from_str(&one.notes).unwrap_or_default();
    let is_asked = notes.met.keys().any(|rule| asks_for_words(rule)) && !one.plan.is_empty();
    is_asked.then(|| format!("/sources/mapping/{}", encode(&one.source)))
}

fn notes(one: &StoredImport) -> Vec<String> {
    let notes: Notes = serde_json::from_str(&one.notes).unwrap_or_default();
    let quiet = notes.no_event.iter().map(|(what, count)| format!("{} × {what}: no news", format::count(*count)));
    let met = notes.met.iter().map(|(rule, met)| {
        // Words that no list knows are all named: whoever reads this can say what they mean.
        let named = if asks_for_words(rule) {
            met.examples.join(", ")
        } else {
            met.examples.first().cloned().unwrap_or_default()
        };
        let example = if named.is_empty() { named } else { format!(", as {named}") };
        format!("rule {rule}: {} times{example}", format::count(met.count))
    });
    decided(&notes).into_iter().chain(quiet).chain(met).map(|note| format::visible(&note)).collect()
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
mod tests {
    use super::*;
    use domain::time::Timestamp;
    use service::question::sources::Counts;

    fn stored(state: ImportState) -> StoredImport {
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

    #[test]
    fn an_import_says_how_far_it_is_and_what_can_be_done() {
        let running = import(&stored(ImportState::Running), Withdraw::Allowed, Shown::Listed);
        assert_eq!(
            (running.may_pause, running.may_resume, running.may_cancel, running.may_withdraw),
            (true, false, true, false)
        );
        assert_eq!(running.notes, ["rule null_word: 3 times, as N/A"]);
        let rests = import(&stored(ImportState::Interrupted), Withdraw::Allowed, Shown::Listed);
        assert_eq!((rests.may_pause, rests.may_resume, rests.may_cancel), (false, true, true));
        let counts = import(&stored(ImportState::Published), Withdraw::Allowed, Shown::Listed);
        assert_eq!((counts.may_cancel, counts.may_withdraw, counts.progress), (false, true, None));
        assert!(!import(&stored(ImportState::Published), Withdraw::NotAllowed, Shown::Alone).may_withdraw);
    }

    #[test]
    fn an_import_that_waits_for_a_person_asks_with_both_numbers() {
        let notes = r#"{"mass_absence":{"gone":1900,"open":2000,"examples":["1@a","2@a"],"compared_with":"2026-03-02T00:00:00Z"}}"#;
        let held = StoredImport { notes: notes.into(), ..stored(ImportState::Held) };
        let view = import(&held, Withdraw::Allowed, Shown::Listed);
        assert_eq!((view.may_resume, view.may_cancel, view.progress), (false, false, None));
        let decision = view.decision.unwrap();
        assert_eq!(
            decision.words,
            "1\u{202f}900 of 2\u{202f}000 items that were open are gone from this file beside the snapshot of 2026-03-02T00:00:00Z."
        );
        assert_eq!(decision.examples, ["1@a", "2@a"]);
        assert_eq!(decision.more, "and 1\u{202f}898 more");
        assert_eq!(answer(&[held]), ["0 files count.", "1 file waits for a person."]);
        let judged = notes.replace("\"gone\"", "\"judged\":\"part\",\"gone\"");
        let counts =
            import(&StoredImport { notes: judged, ..stored(ImportState::Published) }, Withdraw::Allowed, Shown::Listed);
        assert_eq!(counts.decision, None);
        assert_eq!(
            counts.notes,
            ["1900 of 2000 open items are gone at once: a person said that the file is not the whole list"]
        );
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
