//! Held lines in words: where each came from, what is wrong with it, and what may be done.

use serde::Deserialize;
use service::ingest::Deeds;
use service::question::quality::{HeldLine, LINES_PER_PAGE, Quality};

use super::quality::once;
use crate::components::{ChipView, ChoiceView, PageLinksView, SelectView};
use crate::error::UiError;
use crate::filter::QualityQuery;
use crate::format;
use crate::pages::quality::{FaultView, LineActView, LineView, LinesView};

/// Letters of a raw line that a page shows.
const RAW_SHOWN: usize = 2_000;
/// Bytes of a line that a person mends in a form; a longer one is mended in its file.
const MENDABLE_BYTES_MAX: usize = 16_384;

/// A fault as its service wrote it.
#[derive(Deserialize)]
struct Fault {
    field: Option<String>,
    #[serde(default)]
    detail: String,
    hint: Option<String>,
}

/// One page of lines; none for readers who see no raw lines.
pub(super) fn lines(quality: &Quality, query: &QualityQuery) -> Result<Option<LinesView>, UiError> {
    if !quality.may_see_lines {
        return Ok(None);
    }
    let deeds = quality.deeds.iter().map(Some).chain(std::iter::repeat(None));
    let rows = quality
        .lines
        .iter()
        .zip(deeds)
        .map(|(line, deeds)| row(line, deeds, quality, query))
        .collect::<Result<Vec<_>, _>>()?;
    let title = match (quality.matching, query.is_narrowed()) {
        (0, _) => "No line to show.".to_owned(),
        (1, true) => "1 line matches.".to_owned(),
        (many, true) => format!("{} lines match.", format::count(many)),
        (1, false) => "The one held line.".to_owned(),
        (many, false) => format!("All {} held lines.", format::count(many)),
    };
    let moment =
        QualityQuery { moment: query.moment.clone(), from: query.from, to: query.to, ..QualityQuery::default() };
    Ok(Some(LinesView {
        title,
        fields: fields(quality, query),
        text: query.text.clone().unwrap_or_default(),
        hidden: moment.filter_parts(),
        clear: moment.address("/quality"),
        chips: chips(quality, query),
        links: links(quality, query, rows.len() as u64),
        rows,
    }))
}

fn links(quality: &Quality, query: &QualityQuery, shown: u64) -> PageLinksView {
    let skipped = u64::from(query.pages_skipped) * u64::from(LINES_PER_PAGE);
    let end = skipped + shown;
    let at =
        |pages_skipped: u32| format!("{}#lines", QualityQuery { pages_skipped, ..query.plain() }.address("/quality"));
    PageLinksView {
        place: format!("{}–{} of {}", format::count(skipped + 1), format::count(end), format::count(quality.matching)),
        previous: query.pages_skipped.checked_sub(1).map(at),
        next: (end < quality.matching).then(|| at(query.pages_skipped.saturating_add(1))),
        csv: query.plain().address("/quality.csv"),
    }
}

fn fields(quality: &Quality, query: &QualityQuery) -> Vec<SelectView> {
    let select = |name: &str, label: &str, choices: Vec<ChoiceView>, chosen: Option<String>| SelectView {
        name: name.to_owned(),
        label: label.to_owned(),
        any: "any".to_owned(),
        choices,
        chosen: chosen.unwrap_or_default(),
    };
    let choice = |value: String, words: String| ChoiceView { value, words };
    let counted = |words: &str, lines: u64| format!("{} ({})", format::visible(words), format::count(lines));
    let reasons = quality
        .groups
        .iter()
        .map(|group| choice(group.reason.as_str().to_owned(), counted(group.reason.as_str(), group.lines)));
    let sources = quality.sources.iter().map(|source| choice(source.clone(), format::visible(source)));
    let imports = quality
        .imports
        .iter()
        .map(|(id, name, lines)| choice(id.get().to_string(), counted(&format!("{} {name}", id.get()), *lines)));
    vec![
        select("reason", "Reason", reasons.collect(), query.reason.map(|reason| reason.to_string())),
        select("source", "Source", sources.collect(), query.source.clone()),
        select("import", "Import", imports.collect(), query.import.map(|import| import.to_string())),
    ]
}

fn chips(quality: &Quality, query: &QualityQuery) -> Vec<ChipView> {
    let mut chips = Vec::new();
    let mut put = |words: Option<String>, take_off: fn(&mut QualityQuery)| {
        if let Some(words) = words {
            let mut without = query.plain();
            take_off(&mut without);
            chips.push(ChipView { words, without: format!("{}#lines", without.address("/quality")) });
        }
    };
    let name_of = |import: i64| {
        let found = quality.imports.iter().find(|(id, ..)| id.get() == import);
        found.map_or_else(String::new, |(_, name, _)| format!(", {}", format::visible(name)))
    };
    put(query.reason.map(|reason| format!("held as {reason}")), |query| query.reason = None);
    put(query.source.as_ref().map(|source| format!("source {}", format::visible(source))), |query| query.source = None);
    put(query.import.map(|import| format!("import {import}{}", name_of(import))), |query| query.import = None);
    put(query.text.as_ref().map(|text| format!("“{}”", format::visible(text))), |query| query.text = None);
    chips
}

fn row(line: &HeldLine, deeds: Option<&Deeds>, quality: &Quality, query: &QualityQuery) -> Result<LineView, UiError> {
    let act = deeds.map(|deeds| act(line, deeds, query)).transpose()?;
    let (raw, cut) = raw_of(line);
    Ok(LineView {
        id: line.id.get().to_string(),
        place: place_of(line),
        file: file_of(line, quality),
        received: format::minute(line.received_at),
        reason: line.reason.as_str().to_owned(),
        faults: faults_of(line),
        raw,
        cut,
        act,
    })
}

fn act(line: &HeldLine, deeds: &Deeds, query: &QualityQuery) -> Result<LineActView, UiError> {
    let is_whole = line.raw.len() as u64 == line.raw_bytes && line.raw.len() <= MENDABLE_BYTES_MAX;
    let mendable = std::str::from_utf8(&line.raw).ok().filter(|_| is_whole && deeds.edit).map(str::to_owned);
    Ok(LineActView {
        idempotency: once()?,
        back: format!(
            "{}#lines",
            QualityQuery { pages_skipped: query.pages_skipped, ..query.plain() }.address("/quality")
        ),
        release: deeds.release,
        as_low: deeds.as_low,
        why_not: format::visible(&deeds.why_not),
        mendable,
        is_ticked: query.choice.lines.contains(&line.id.get()),
    })
}

/// `jira-prod, line 7 402, byte 1 203 441`.
pub(super) fn place_of(line: &HeldLine) -> String {
    let source = format::visible(&line.source);
    match (line.line, line.byte) {
        (Some(number), Some(byte)) => format!("{source}, line {}, byte {}", format::count(number), format::count(byte)),
        (Some(number), None) => format!("{source}, line {}", format::count(number)),
        (None, _) => format!("{source}, held line {}", line.id.get()),
    }
}

fn file_of(line: &HeldLine, quality: &Quality) -> String {
    let Some(import) = line.import else { return String::new() };
    let found = quality.imports.iter().find(|(id, ..)| *id == import);
    found.map_or_else(|| format!("import {}", import.get()), |(_, name, _)| format::visible(name))
}

/// The text of a line, and how much of it that is where it is not all.
fn raw_of(line: &HeldLine) -> (String, String) {
    let text = String::from_utf8_lossy(&line.raw);
    let shown: String = text.chars().take(RAW_SHOWN).collect();
    let is_all = shown.len() == text.len() && line.raw.len() as u64 == line.raw_bytes;
    let cut = if is_all {
        String::new()
    } else {
        format!("Cut here: {} of {} are shown.", format::bytes(shown.len() as u64), format::bytes(line.raw_bytes))
    };
    (format::visible(&shown), cut)
}

/// The text of a line for an example.
pub(super) fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let cut: String = text.chars().take(RAW_SHOWN).collect();
    let mark = if cut.len() < text.len() { " […]" } else { "" };
    format!("{}{mark}", format::visible(&cut))
}

fn faults_of(line: &HeldLine) -> Vec<FaultView> {
    let faults: Vec<Fault> = serde_json::from_str(&line.faults).unwrap_or_default();
    let view = |fault: Fault| FaultView {
        field: format::visible(&fault.field.unwrap_or_default()),
        detail: format::visible(&fault.detail),
        hint: format::visible(&fault.hint.unwrap_or_default()),
    };
    faults.into_iter().map(view).collect()
}
