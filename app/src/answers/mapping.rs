//! The answer of the page of a file that waits for a mapping.

use leptos::prelude::use_context;
use service::authorise::{Caller, Object, authorise, proof};
use service::draft::{Ask, Look};
use service::error::ServiceError;
use service::identity::secret::new_key;
use service::services::Services;

use super::asking::told;
use super::mapping_form::{columns, settings};
use super::mapping_more::more;
use super::mapping_preview::{clocks, preview};
use super::mapping_words::words;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::pages::mapping::{AskView, DraftView, KeptView, MappingView, RowsView};

/// Asks the service and writes its answer in words.
pub(crate) async fn load(id: &str) -> Result<DraftView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let services = use_context::<Services>().ok_or(UiError::Unavailable)?;
    let granted = authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg);
    let granted = granted.map_err(|denied| told(ServiceError::NotAllowed(denied)))?;
    match services.draft(&granted, id).await {
        Ok(look) => Ok(DraftView::Here(Box::new(view(id, &look)?))),
        Err(ServiceError::NotFound) => Ok(DraftView::Gone),
        Err(error) => Err(told(error)),
    }
}

fn view(id: &str, look: &Look) -> Result<MappingView, UiError> {
    let asked_of = look.table.as_ref().filter(|_| !look.draft.answers.is_whole());
    Ok(MappingView {
        answer: answer(look),
        file: look.draft.name.clone(),
        steps: steps(look),
        facts: facts(look),
        action: format!("/sources/map/{}", encode(id)),
        idempotency: new_key().map(|key| key.expose().clone()).map_err(|_| UiError::Unavailable)?,
        asks: look.asks.iter().map(ask).collect(),
        settings: settings(look),
        kept: kept(look),
        columns: asked_of.map(|table| columns(table, look)),
        more: asked_of.map(|table| more(look, table)),
        words: if look.draft.answers.is_whole() { Vec::new() } else { words(look) },
        rows: look.table.as_ref().map(|table| RowsView {
            caption: format!(
                "The first {} of {}, as they stand",
                format::counted(table.rows.len() as u64, "row", "rows"),
                format::visible(&look.draft.name)
            ),
            header: table.columns.iter().map(|column| column.name.clone()).collect(),
            rows: table.rows.clone(),
        }),
        preview: look.preview.as_ref().map(preview),
        clocks: clocks(look),
        may_save: look.may_save,
    })
}

fn ask(ask: &Ask) -> AskView {
    AskView { place: ask.place.clone(), sentence: quoted(&ask.what), blocks: ask.blocks }
}

/// The saved mapping it began with.
fn kept(look: &Look) -> Option<KeptView> {
    let answers = &look.draft.answers;
    if answers.version == 0 {
        return None;
    }
    let error = look.asks.iter().find(|ask| ask.place == "anew").map(|ask| quoted(&ask.what)).unwrap_or_default();
    let has_more = answers.is_table() && (answers.anew || answers.beyond != service::draft::Beyond::Nothing);
    let nothing = || vec!["nothing else".to_owned()];
    Some(KeptView {
        title: format!("It begins with version {} of the mapping of {}.", answers.version, answers.source),
        href: format!("/sources/mapping/{}", encode(&answers.source)),
        lines: if look.carried.is_empty() { nothing() } else { look.carried.clone() },
        anew: has_more.then_some((answers.anew, error)),
    })
}

/// A sentence for a page, where what stands in backticks stands in quotes.
pub(super) fn quoted(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    for (place, part) in sentence.split('`').enumerate() {
        if place > 0 {
            text.push(if place % 2 == 1 { '“' } else { '”' });
        }
        text.push_str(part);
    }
    text
}

fn answer(look: &Look) -> Vec<String> {
    let needed = look.asks.iter().filter(|ask| ask.blocks).count() as u64;
    if look.asks.iter().any(|ask| ask.blocks && matches!(ask.place.as_str(), "format" | "encoding")) {
        return vec!["This file cannot be read yet.".to_owned()];
    }
    if needed > 0 {
        let answers = format::counted(needed, "answer", "answers");
        let missing = if needed == 1 { "is" } else { "are" };
        return vec!["This file can be read.".to_owned(), format!("{answers} {missing} still missing.")];
    }
    let Some(seen) = &look.preview else { return vec!["This file can be read.".to_owned()] };
    let (events, held) = (seen.events.values().sum::<u64>(), seen.held.values().sum::<u64>());
    let first = format!(
        "{} {} {} of {}.",
        format::counted(seen.rows, "record", "records"),
        if seen.rows == 1 { "becomes" } else { "become" },
        format::counted(events, "event", "events"),
        format::counted(seen.items, "item", "items")
    );
    let held = match held {
        0 => "Nothing is held.".to_owned(),
        1 => "1 line is held, with its reason.".to_owned(),
        many => format!("{} lines are held, each with its reason.", format::count(many)),
    };
    vec![first, held]
}

fn steps(look: &Look) -> Vec<(String, bool)> {
    let open = |places: &[&str]| {
        let is_it = |ask: &&Ask| places.iter().any(|place| ask.place.starts_with(place));
        look.asks.iter().filter(|ask| ask.blocks).find(is_it).is_some()
    };
    let is_read = !open(&["format", "encoding"]);
    let has_events = look.preview.as_ref().is_some_and(|seen| !seen.events.is_empty());
    [
        ("Recognised", is_read),
        ("Columns mapped", is_read && !open(&["column"])),
        ("Times settled", is_read && !open(&["zone", "order", "exported_at"])),
        ("Previewed", has_events && !look.asks.iter().any(|ask| ask.blocks)),
        ("Import", false),
    ]
    .map(|(name, done)| (name.to_owned(), done))
    .into()
}

/// What is known of the file itself, and by what.
fn facts(look: &Look) -> Vec<(String, String)> {
    let likely: Vec<&str> =
        look.formats.iter().filter(|format| format.is_likely).map(|format| format.title.as_str()).collect();
    let mut facts = vec![("File".to_owned(), format!("{}, {}", look.draft.name, format::bytes(look.draft.bytes)))];
    let recognised = if likely.is_empty() { "no format known here".to_owned() } else { likely.join(", or ") };
    facts.push(("Looks like".to_owned(), recognised));
    if let Some(table) = &look.table {
        let before = match table.preamble {
            0 => "header on line 1".to_owned(),
            1 => "header on line 2, behind 1 line".to_owned(),
            lines => format!("header on line {}, behind {lines} lines", lines + 1),
        };
        let count = format::counted(table.columns.len() as u64, "column", "columns");
        facts.push(("By".to_owned(), format!("{count} between {}, {before}", table.delimiter)));
        let broken = match table.broken {
            0 => String::new(),
            rows => format!("; {} cut into another number of cells", format::counted(rows, "row is", "rows are")),
        };
        let rows = format::counted(table.sampled.saturating_sub(table.spread), "row", "rows");
        let rest = match table.spread {
            0 => String::new(),
            spread => format!(" and {} from all over the rest", format::count(spread)),
        };
        facts.push(("Looked at".to_owned(), format!("the first {rows}{rest}{broken}; words in all of them")));
    }
    let encoding = look.draft.answers.encoding.as_str();
    facts.push((
        "Text".to_owned(),
        if encoding.is_empty() { "UTF-8, or UTF-16 by its mark" } else { encoding }.to_owned(),
    ));
    facts.push(("Waits until".to_owned(), format::minute(look.draft.ends_at())));
    facts
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_stood_in_backticks_stands_in_quotes() {
        assert_eq!(quoted("`a` and `b` both"), "“a” and “b” both");
        assert_eq!(quoted("nothing here"), "nothing here");
    }
}
