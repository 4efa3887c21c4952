//! The fields of the mapping page: what can be chosen, what was chosen, and what is wrong with it.

use service::draft::{Dated, Look, Table, choices_of_page};
use service::ingest::ReceivedAt;

use super::mapping::quoted;
use crate::components::ChoiceView;
use crate::format;
use crate::pages::mapping::{ColumnView, ColumnsView, PickView, SettingsView, StatesView, TypedView};
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
        more: picks(look, &SELDOM).into_iter().chain([learnt(look)]).collect(),
        excel: (answers.excel, note(look, "excel")),
        states: states(look, typed),
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

/// Since when its lines count as known; what they say themselves is believed for those alone who may save mappings.
fn learnt(look: &Look) -> PickView {
    let chosen = match look.draft.received_at {
        ReceivedAt::Stamped => "",
        ReceivedAt::Carried => "carried",
        ReceivedAt::Assumed => "assumed",
    };
    let carried = look.may_save.then(|| choice("carried", sources::CARRIED));
    PickView {
        name: "received_at".to_owned(),
        label: sources::LEARNT.to_owned(),
        none: sources::STAMPED.to_owned(),
        choices: std::iter::once(choice("assumed", sources::ASSUMED)).chain(carried).collect(),
        chosen: chosen.to_owned(),
        help: sources::LEARNT_HELP.to_owned(),
        error: String::new(),
    }
}

/// What its files are as lists of what stands.
fn states(look: &Look, typed: impl Fn(&str, &str, &str, &str) -> TypedView) -> Option<StatesView> {
    let answers = &look.draft.answers;
    if answers.states.is_empty() {
        return None;
    }
    let columns = look.table.as_ref().map(|table| table.columns.as_slice()).unwrap_or_default();
    let scope = typed("scope", "Part a row belongs to", &answers.scope, SCOPE_HELP);
    Some(StatesView {
        states: PickView {
            name: "states".to_owned(),
            label: "Each file of it is".to_owned(),
            none: String::new(),
            choices: STATES.iter().map(|(value, words)| choice(value, words)).collect(),
            chosen: answers.states.clone(),
            help: STATES_HELP.to_owned(),
            error: wrong(look, "states"),
        },
        scope: TypedView { offered: columns.iter().map(|column| column.name.clone()).collect(), ..scope },
        accept_gone: answers.accept_gone,
    })
}

const STATES: [(&str, &str); 3] = [
    ("log", "Records by themselves: files are not compared"),
    ("part", "A list of what stands, which may leave things out"),
    ("complete", "The complete list of what stands"),
];
const STATES_HELP: &str = "Of a complete list, what a later file no longer names is taken as gone and verified, where its asset was scanned since; of any other list, absence proves nothing.";
const SCOPE_HELP: &str =
    "The column that says so, where a file covers some parts only; nothing is concluded about others.";

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

pub(super) fn choice(value: &str, words: &str) -> ChoiceView {
    ChoiceView { value: value.to_owned(), words: words.to_owned() }
}

/// What has to be said in a field before anything else.
pub(super) fn wrong(look: &Look, place: &str) -> String {
    let ask = look.asks.iter().find(|ask| ask.blocks && ask.place == place);
    ask.map(|ask| quoted(&ask.what)).unwrap_or_default()
}

/// The same, or what follows if nothing is said.
fn note(look: &Look, place: &str) -> String {
    let ask = look.asks.iter().find(|ask| ask.place == place);
    ask.map(|ask| quoted(&ask.what)).unwrap_or_default()
}
