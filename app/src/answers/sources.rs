//! The answer of the page `sources`.

use leptos::prelude::use_context;
use serde_json::Value;
use service::authorise::{Object, Permission, authorise, decide, proof};
use service::draft::DraftWaiting;
use service::identity::secret::new_key;
use service::ingest::{StoredImport, held_until, tools};
use service::question::sources::{HeldGroup, HeldLine as Line, READ_AGAIN_MAX, Sources};

use super::asking::{Asking, told};
use super::claims;
use super::reason_words::meaning;
use crate::components::EquationView;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::islands::JobView;
use crate::pages::sources::{
    HeldLine, QuarantineView, ReasonView, SourceRow, SourceTable, SourcesView, UploadView, WaitingView,
};
use crate::words::sources as words;

/// Held lines of one reason that a page opens at once; the others are counted.
const LINES_SHOWN: usize = READ_AGAIN_MAX;
/// A source that has sent nothing for so long is called silent.
const SILENT_AFTER_SECONDS: i64 = 7 * 86_400;
/// Letters of a raw line that a page shows.
const RAW_SHOWN: usize = 2_000;

/// The tools whose exports are read.
fn formats() -> Vec<(String, String)> {
    tools().map(|(name, title)| (name.to_owned(), title.to_owned())).collect()
}

/// Since when else lines can count as known: what they say themselves is believed for those alone who may write sources.
fn learnt(asking: &Asking) -> Vec<(String, String)> {
    let may_carry = authorise::<proof::SourcesWrite>(&asking.caller, Object::OwnOrg).is_ok();
    let carried = may_carry.then_some(("carried", words::CARRIED));
    let all = std::iter::once(("assumed", words::ASSUMED)).chain(carried);
    all.map(|(value, words)| (value.to_owned(), words.to_owned())).collect()
}

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<SourcesView, UiError> {
    let asking = Asking::of(query).await?;
    let job = use_context::<JobView>();
    let sources = asking.services.sources(&asking.caller).await.map_err(told)?;
    let gap = asking.services.gap(&asking.caller, &asking.ask).await.map_err(told)?;
    let feeds = asking.services.feed_ages(&asking.caller).await.map_err(told)?;
    let upload = if sources.may_import {
        Some(UploadView {
            idempotency: once()?,
            limit: "At most 10 GB; lines of at most 1 MB.".to_owned(),
            formats: formats(),
            learnt: learnt(&asking),
        })
    } else {
        None
    };
    Ok(SourcesView {
        answer: answer(&sources),
        upload,
        may_hook: decide(&asking.caller, Permission::SourcesWrite, Object::OwnOrg).is_ok(),
        job,
        waiting: files_waiting(&asking).await?,
        ledger: equation(&sources),
        quarantine: quarantine(&sources)?,
        sources: table(&sources, &planned(&asking).await?),
        claimed: claims::sentence(&asking, &gap),
        feeds: super::feeds::rows(&feeds),
        explanations: ["items_known", "sla_reported_percent", "quality_imputed"]
            .map(|metric| asking.named(metric))
            .into(),
    })
}

/// Files that wait for a mapping or a decision; whoever may not import sees none.
async fn files_waiting(asking: &Asking) -> Result<Vec<WaitingView>, UiError> {
    let Ok(granted) = authorise::<proof::ImportsWrite>(&asking.caller, Object::OwnOrg) else { return Ok(Vec::new()) };
    let drafts = asking.services.drafts(&granted).await.map_err(told)?;
    let view = |waits: DraftWaiting| WaitingView {
        href: format!("/sources/map/{}", encode(&waits.id)),
        words: format!(
            "for the source {}, until {}",
            waits.draft.answers.source,
            format::minute(waits.draft.ends_at())
        ),
        name: waits.draft.name,
    };
    let held = asking.services.imports_held(&granted).await.map_err(told)?;
    let decided = |import: StoredImport| WaitingView {
        href: format!("/imports?id={}", import.id.get()),
        words: format!(
            "for the source {}: too much is gone at once, and a person decides until {}",
            import.source,
            format::minute(held_until(&import))
        ),
        name: import.name,
    };
    Ok(drafts.into_iter().map(view).chain(held.into_iter().map(decided)).collect())
}

/// The sources a mapping was ever saved for; whoever may not import sees none.
async fn planned(asking: &Asking) -> Result<Vec<String>, UiError> {
    let Ok(granted) = authorise::<proof::ImportsWrite>(&asking.caller, Object::OwnOrg) else { return Ok(Vec::new()) };
    asking.services.planned_sources(&granted).await.map_err(told)
}

/// A word that makes a form that was sent twice act once.
fn once() -> Result<String, UiError> {
    new_key().map(|key| key.expose().clone()).map_err(|_| UiError::Unavailable)
}

fn waiting(sources: &Sources) -> u64 {
    sources.held.iter().map(|group| group.count).sum()
}

fn answer(sources: &Sources) -> Vec<String> {
    if sources.ledger.received == 0 {
        return vec!["Nothing has arrived yet.".to_owned()];
    }
    let received = format::counted(sources.ledger.received, "line", "lines");
    let held = waiting(sources);
    let lost = if held == 0 {
        "None lost, none held.".to_owned()
    } else {
        format!("None lost, {} held with a reason.", format::count(held))
    };
    vec![format!("{received} received."), lost]
}

fn equation(sources: &Sources) -> EquationView {
    let ledger = sources.ledger;
    EquationView {
        received: format::count(ledger.received),
        accepted: format::count(ledger.accepted),
        duplicate: format::count(ledger.duplicate),
        quarantined: format::count(ledger.quarantined),
        accepted_href: Some("/items".to_owned()),
        quarantined_href: Some("#quarantine".to_owned()),
    }
}

fn quarantine(sources: &Sources) -> Result<QuarantineView, UiError> {
    let held = waiting(sources);
    let title = match held {
        0 => "Nothing is held.".to_owned(),
        1 => "1 line waits for a word from you.".to_owned(),
        many => format!("{} lines wait for a word from you.", format::count(many)),
    };
    let groups = sources.held.iter().map(|group| reason(group, sources)).collect::<Result<Vec<_>, _>>()?;
    Ok(QuarantineView { title, groups, total: format::count(held) })
}

fn reason(group: &HeldGroup, sources: &Sources) -> Result<ReasonView, UiError> {
    let (words, next_step) = meaning(group.reason);
    let shown = group.lines.len().min(LINES_SHOWN) as u64;
    let entries = group.lines.iter().take(LINES_SHOWN).map(|line| held_line(line, sources));
    Ok(ReasonView {
        reason: group.reason.as_str().to_owned(),
        words: words.to_owned(),
        lines: format::count(group.count),
        next_step: next_step.to_owned(),
        entries: entries.collect::<Result<Vec<_>, _>>()?,
        more: if group.count > shown {
            format!("and {} more", format::count(group.count - shown))
        } else {
            String::new()
        },
    })
}

fn held_line(line: &Line, sources: &Sources) -> Result<HeldLine, UiError> {
    let place = line
        .line
        .map_or_else(|| line.source.clone(), |number| format!("{}, line {}", line.source, format::count(number)));
    let raw: String = String::from_utf8_lossy(&line.raw).chars().take(RAW_SHOWN).collect();
    Ok(HeldLine {
        id: line.id.get().to_string(),
        place: format::visible(&place),
        received: format::time(line.received_at),
        detail: format::visible(&detail(&line.faults)),
        raw: format::visible(&raw),
        idempotency: if sources.releasable.contains(&line.id) { Some(once()?) } else { None },
    })
}

/// The sentences of all faults of a line.
fn detail(faults: &str) -> String {
    let list: Vec<Value> = serde_json::from_str(faults).unwrap_or_default();
    let sentence = |fault: &Value| {
        let text = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let hint = text("hint");
        if hint.is_empty() { text("detail") } else { format!("{}; {hint}", text("detail")) }
    };
    list.iter().map(sentence).collect::<Vec<_>>().join(". ")
}

fn table(sources: &Sources, planned: &[String]) -> SourceTable {
    let silent = |last: domain::time::Timestamp| sources.now.since(last) > SILENT_AFTER_SECONDS;
    let quiet = sources.sources.iter().filter(|source| silent(source.last_sent)).count();
    let all = sources.sources.len() as u64;
    let title = match (all, quiet) {
        (0, _) => "No source has sent anything.".to_owned(),
        (1, 0) => "The one source was heard from within a week.".to_owned(),
        (_, 0) => format!("All {} were heard from within a week.", format::counted(all, "source", "sources")),
        (_, quiet) => format!("{quiet} of {} has gone quiet.", format::counted(all, "source", "sources")),
    };
    let row = |source: &service::question::sources::SourceSpoken| SourceRow {
        name: format::visible(&source.name),
        way: format!("last heard from {}", format::minute(source.last_sent)),
        last_event: source.last_event.map_or_else(|| "–".to_owned(), format::minute),
        silent_for: format::span(u64::try_from(sources.now.since(source.last_sent)).unwrap_or_default()),
        imports_href: sources.may_import.then(|| format!("/imports?source={}", encode(&source.name))),
        events: format::count(source.counts.accepted),
        items: format::count(source.items),
        items_href: format!("/items?source={}", encode(&source.name)),
        held: format::count(source.held),
        mapping_href: planned.contains(&source.name).then(|| format!("/sources/mapping/{}", encode(&source.name))),
        stale: if silent(source.last_sent) {
            let days = sources.now.since(source.last_sent) / 86_400;
            format!("stale: nothing for {days} days")
        } else {
            String::new()
        },
    };
    SourceTable {
        title,
        caption: format!("Sources, as of {}", format::minute(sources.now)),
        rows: sources.sources.iter().map(row).collect(),
    }
}
