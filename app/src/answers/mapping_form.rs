//! The fields of the mapping page: what can be chosen, what was chosen, and what is wrong with it.

use service::draft::{Dated, Look, Table, Words, choices_of_page};
use service::ingest::ReceivedAt;

use super::mapping::quoted;
use crate::components::ChoiceView;
use crate::format;
use crate::pages::mapping::{ColumnView, ColumnsView, PickView, SettingsView, TypedView, WordsView};
use crate::words::sources;

/// How the file is read.
pub(super) fn settings(look: &Look) -> SettingsView {
    let answers = &look.draft.answers;
    let typed = |name: &str, label: &str, value: &str, help: &str| TypedView {
        name: name.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        help: help.to_owned(),
        error: wrong(look, name),
        offered: Vec::new(),
    };
    let zone_help = "As in Europe/Berlin: the zone in which times without an offset were written.";
    SettingsView {
        format: format_pick(look),
        source: typed("source", "Source", &answers.source, "The name its mapping is saved under: the same each time."),
        zone: TypedView { offered: choices_of_page().zones, ..typed("zone", "Time zone", &answers.zone, zone_help) },
        exported_at: typed("exported_at", "Exported at", &answers.exported_at, &exported_help(&look.dated)),
        picks: picks(look, &PLAIN),
        more: picks(look, &SELDOM).into_iter().chain(about_file(look)).collect(),
        excel: (answers.excel, note(look, "excel")),
    }
}

/// What is known of the moment, and what follows if nobody says it.
fn exported_help(dated: &Dated) -> String {
    match dated {
        Dated::ByItself { at, whole } => {
            let far = if *whole { "" } else { ", as far as its first records tell" };
            format!("The file says itself that it was taken at {at}{far}: say it only where you know better.")
        }
        Dated::ByArrival(at) => {
            format!("Empty, it counts as exported by {at}, when it came: by then whatever it says had happened.")
        }
        Dated::Missing { .. } => {
            "The file does not say it. Empty, it is not held against the one before: as in 2026-03-01T10:00:00Z."
                .to_owned()
        }
        Dated::NeedsNone => "Only where you know it: what this file says is dated line by line.".to_owned(),
    }
}

/// A closed list: value and words.
type Choices<'a> = &'a [(&'a str, &'a str)];

/// What is said about this file alone.
fn about_file(look: &Look) -> [PickView; 3] {
    let draft = &look.draft;
    let complete = match draft.said.complete {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    let received = match draft.received_at {
        ReceivedAt::Stamped => "",
        ReceivedAt::Carried => "carried",
        ReceivedAt::Assumed => "assumed",
    };
    let learnt: Choices<'_> = if look.may_save { &LEARNT } else { &HISTORY };
    let gone = if draft.said.accept_mass_absence { "yes" } else { "" };
    [
        (
            "complete",
            "States everything in its scope",
            "As its source",
            COMPLETE,
            complete,
            "So that what is missing from it is gone.",
        ),
        (
            "accept_mass_absence",
            "Very much is gone from it",
            "Then ask me",
            GONE,
            gone,
            "More than a fifth of what was open.",
        ),
        ("received_at", sources::LEARNT, sources::STAMPED, learnt, received, sources::LEARNT_HELP),
    ]
    .map(|(name, label, none, choices, chosen, help)| PickView {
        name: name.to_owned(),
        label: label.to_owned(),
        none: none.to_owned(),
        choices: choices.iter().map(|(value, words)| choice(value, words)).collect(),
        chosen: chosen.to_owned(),
        help: help.to_owned(),
        error: String::new(),
    })
}

const COMPLETE: Choices<'static> = &[("yes", "This file does"), ("no", "This file does not")];
const GONE: Choices<'static> = &[("yes", "That is so")];
const HISTORY: [(&str, &str); 1] = [("assumed", sources::ASSUMED)];
const LEARNT: [(&str, &str); 2] = [("assumed", sources::ASSUMED), ("carried", sources::CARRIED)];

fn format_pick(look: &Look) -> PickView {
    let offered = look.formats.iter().map(|offered| {
        let title = format::capitalised(&offered.title);
        let words = if offered.is_likely { format!("{title} (it looks like this)") } else { title };
        choice(&offered.name, &words)
    });
    PickView {
        name: "format".to_owned(),
        label: "Format".to_owned(),
        none: if look.draft.answers.format.is_empty() { "– choose".to_owned() } else { String::new() },
        choices: offered.collect(),
        chosen: look.draft.answers.format.clone(),
        help: String::new(),
        error: wrong(look, "format"),
    }
}

/// One closed list: its name, its label, the word for no choice, its choices and its help.
type Plain<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

const ORDERS: [(&str, &str); 2] =
    [("day_first", "Days first: 31/12/2026"), ("month_first", "Months first: 12/31/2026")];
const DECIMALS: [(&str, &str); 2] = [("point", "Point: 1,234.5"), ("comma", "Comma: 1.234,5")];
const REPEATED: [(&str, &str); 2] = [("first", "The first of the two"), ("last", "The last of the two")];
const ENCODINGS: [(&str, &str); 2] = [("windows-1252", "Windows-1252"), ("latin-1", "Latin-1")];
const SCALES: [(&str, &str); 2] =
    [("score", "A score from 0 to 10, as CVSS counts"), ("rapid7", "Rapid7's, from 1 to 10")];
const KINDS: [(&str, &str); 6] = [
    ("identity", "Exceptions of identities"),
    ("misconfiguration", "Misconfigurations"),
    ("posture", "Findings of posture"),
    ("incident", "Incidents"),
    ("audit_finding", "Findings of an audit"),
    ("drill_finding", "Findings of a drill"),
];

/// What most files leave open.
const PLAIN: [Plain<'static>; 2] = [
    ("order", "Order of dates", "As each date tells", &ORDERS, "Needed where 03/04/2026 could be both."),
    ("kind", "Its rows are", "Vulnerabilities", &KINDS, ""),
];

/// What few files leave open.
const SELDOM: [Plain<'static>; 4] = [
    ("decimal", "Decimal sign", "As each number tells", &DECIMALS, ""),
    ("repeated", "Hour that came twice", "Hold such lines", &REPEATED, "In autumn, when the clock goes back."),
    ("encoding", "Text", "As it shows itself", &ENCODINGS, "Only where it is not UTF-8."),
    ("scale", "Numbers as severity", "Words, as said below", &SCALES, ""),
];

fn picks(look: &Look, plain: &[Plain<'_>]) -> Vec<PickView> {
    let answers = &look.draft.answers;
    let chosen = |name: &str| match name {
        "order" => &answers.order,
        "kind" => &answers.kind,
        "decimal" => &answers.decimal,
        "repeated" => &answers.repeated,
        "encoding" => &answers.encoding,
        _ => &answers.scale,
    };
    let pick = |(name, label, none, choices, help): &Plain<'_>| PickView {
        name: (*name).to_owned(),
        label: (*label).to_owned(),
        none: (*none).to_owned(),
        choices: choices.iter().map(|(value, words)| choice(value, words)).collect(),
        chosen: chosen(name).clone(),
        help: (*help).to_owned(),
        error: note(look, name),
    };
    plain.iter().map(pick).collect()
}

/// What each column means.
pub(super) fn columns(table: &Table, look: &Look) -> ColumnsView {
    let used = table.columns.iter().filter(|column| !column.role.is_empty()).count() as u64;
    let all = table.columns.len() as u64;
    let rows = table.columns.iter().enumerate().map(|(place, column)| ColumnView {
        place: place.to_string(),
        name: column.name.clone(),
        cells: column.cells.clone(),
        filled: format!("{} of {} filled", format::count(column.filled), format::count(table.sampled)),
        role: column.role.clone(),
        error: wrong(look, &format!("column-{place}")),
    });
    ColumnsView {
        title: format!("{} of {} used.", format::count(used), format::counted(all, "column is", "columns are")),
        note: "What is not used is read and left out; “kept” goes along with the item.".to_owned(),
        errors: look
            .asks
            .iter()
            .filter(|ask| ask.blocks && ask.place == "columns")
            .map(|ask| quoted(&ask.what))
            .collect(),
        groups: groups(),
        rows: rows.collect(),
    }
}

fn groups() -> Vec<(String, Vec<ChoiceView>)> {
    let mut groups: Vec<(String, Vec<ChoiceView>)> = Vec::new();
    for (word, title, group) in choices_of_page().roles {
        match groups.last_mut().filter(|(name, _)| name == group) {
            Some((_, choices)) => choices.push(choice(word, title)),
            None => groups.push((group.to_owned(), vec![choice(word, title)])),
        }
    }
    groups
}

/// The words of the status and of the severity.
pub(super) fn words(table: &Table) -> Vec<WordsView> {
    let choices = choices_of_page();
    let view = |kind: &str, words: &Words, choices: &[(String, String)]| WordsView {
        kind: kind.to_owned(),
        title: format!("What do the words of “{}” mean?", format::visible(&words.column)),
        note: if words.more == 0 {
            format!("All of them among the first {}.", format::counted(table.sampled, "row", "rows"))
        } else {
            format!(
                "{} more are not asked about: a column with so many holds no such words.",
                format::count(words.more)
            )
        },
        choices: choices.iter().map(|(value, words)| choice(value, words)).collect(),
        rows: words
            .words
            .iter()
            .map(|(word, count, meant)| (word.clone(), format::count(*count), meant.clone()))
            .collect(),
    };
    let statuses = table.statuses.as_ref().map(|words| view("status", words, &choices.states));
    let severities = table.severities.as_ref().map(|words| view("severity", words, &choices.levels));
    statuses.into_iter().chain(severities).filter(|words| !words.rows.is_empty()).collect()
}

fn choice(value: &str, words: &str) -> ChoiceView {
    ChoiceView { value: value.to_owned(), words: words.to_owned() }
}

/// What has to be said in a field before anything else.
fn wrong(look: &Look, place: &str) -> String {
    let ask = look.asks.iter().find(|ask| ask.blocks && ask.place == place);
    ask.map(|ask| quoted(&ask.what)).unwrap_or_default()
}

/// The same, or what follows if nothing is said.
fn note(look: &Look, place: &str) -> String {
    let ask = look.asks.iter().find(|ask| ask.place == place);
    ask.map(|ask| quoted(&ask.what)).unwrap_or_default()
}
