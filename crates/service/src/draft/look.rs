//! What is in a draft, and what would come of it? Read anew each time, from its first records alone.

use super::{
    Answers, Ask,
    answers::TABLE,
    ask::Asking,
    clocks::clocks,
    dated::Dated,
    receive::{SAMPLE_ROWS, head_of, propose_table},
    shelf::{Draft, Shelf},
};
use crate::{
    authorise::{Granted, Object, decide, proof},
    error::ServiceError,
    identity::permission::Permission,
    ingest::SourcePlan,
    question::ask::ItemWithEvents,
    services::Services,
};
use domain::{
    calendar::Calendar,
    id::OrgId,
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use formats::{
    file_fault::FileFault,
    foreign::{
        ALL, Adapter, Settings, candidates,
        histories::{Histories, Reach, histories},
        mapping::{LEVELS, Needs, ROLES, STATES, Sample, zones},
        preview::{Preview, preview},
    },
};
use metrics::ledger::Frame;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, Seek},
    sync::Arc,
};

/// What is looked at of a file.
const REACH: Reach = Reach { records: SAMPLE_ROWS as u64, bytes: 8 << 20 };
/// Different cells of a column that are shown.
const CELLS_SHOWN: usize = 3;
/// Rows that are shown as they stand.
const ROWS_SHOWN: usize = 10;
/// Letters of a cell that are shown.
const CELL_LETTERS: usize = 60;
/// Words of a column that are asked about; a column with more of them holds no words.
const WORDS_MAX: usize = 40;
/// A longer cell is no word.
const WORD_LETTERS_MAX: usize = 100;

/// All that the page of a draft shows.
#[derive(Clone, Debug)]
pub struct Look {
    /// The draft with what was said.
    pub draft: Draft,
    /// The formats it may be, those it looks like first.
    pub formats: Vec<FormatOffered>,
    /// The table, where it is read as one.
    pub table: Option<Table>,
    /// What its times leave open.
    pub needs: Needs,
    /// What a person still has to say.
    pub asks: Vec<Ask>,
    /// What would come of its first records.
    pub preview: Option<Preview>,
    /// The two clocks of the items with most events.
    pub clocks: Vec<ItemWithEvents>,
    /// The moment the clocks are drawn for.
    pub as_of: Timestamp,
    /// How the files of its source are read.
    pub plan: SourcePlan,
    /// How this one is read: the same with what is said about it alone.
    pub of_file: SourcePlan,
    /// What is known of the moment of its export.
    pub dated: Dated,
    /// Whether the caller may save that for the source.
    pub may_save: bool,
}

/// A format to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatOffered {
    /// Its stable name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whether the file looks like it.
    pub is_likely: bool,
}

/// A table with what its columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its first rows, cell by cell.
    pub rows: Vec<Vec<String>>,
    /// The sign between cells, in words.
    pub delimiter: &'static str,
    /// Lines before the header.
    pub preamble: usize,
    /// Rows whose cells were counted.
    pub sampled: u64,
    /// Rows among them that could not be cut into as many cells.
    pub broken: u64,
    /// The words of the status, where a column holds it.
    pub statuses: Option<Words>,
    /// The words of the severity, where a column holds it.
    pub severities: Option<Words>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Some of its cells, each once.
    pub cells: Vec<String>,
    /// Cells that say something.
    pub filled: u64,
    /// What it means; empty where it is not used.
    pub role: String,
}

/// The words of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The column.
    pub column: String,
    /// Each word, how often it stands there, and what it means.
    pub words: Vec<(String, u64, String)>,
    /// Words beyond those.
    pub more: u64,
}

/// The choices every page offers: roles as (word, title, group), states, levels, zones.
#[must_use]
pub fn choices_of_page() -> PageChoices {
    let owned = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(word, title)| ((*word).to_owned(), (*title).to_owned())).collect::<Vec<_>>()
    };
    PageChoices {
        roles: ROLES.iter().map(|role| (role.word, role.title, role.group)).collect(),
        states: owned(&STATES),
        levels: owned(&LEVELS),
        zones: zones(),
    }
}

/// What can be chosen on the page of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageChoices {
    /// What a column can mean: word, title, group.
    pub roles: Vec<(&'static str, &'static str, &'static str)>,
    /// What a status word can mean.
    pub states: Vec<(String, String)>,
    /// What a severity word can mean.
    pub levels: Vec<(String, String)>,
    /// The names of zones.
    pub zones: Vec<String>,
}

/// Whoever looks at a draft, with all that it takes.
pub(super) struct Looker {
    shelf: Shelf,
    org: OrgId,
    now: Timestamp,
    policy: Arc<Policy>,
    calendar: Arc<Calendar>,
    may_save: bool,
}

impl Services {
    pub(super) fn looker(&self, granted: &Granted<proof::ImportsWrite>) -> Looker {
        Looker {
            shelf: Shelf::of(self.data_dir()),
            org: granted.org(),
            now: self.now(),
            policy: self.policy().clone(),
            calendar: self.calendar().clone(),
            may_save: decide(granted.caller(), Permission::SourcesWrite, Object::OwnOrg).is_ok(),
        }
    }
}

impl Looker {
    /// Keeps what was said, with the usual meaning of words that were not spoken of.
    pub(super) fn answer(&self, word: &str, said: Answers) -> Result<(), ServiceError> {
        let mut draft = self.shelf.find(word, self.org, self.now)?;
        draft.answers = said;
        if draft.answers.is_table()
            && let Ok(sample) = sample(&self.shelf.open(word)?, &draft.answers.settings(None))
        {
            if draft.answers.roles.is_empty() {
                propose_table(&mut draft.answers, &sample);
            }
            let mut choices = draft.answers.choices();
            choices.propose_words(&sample);
            draft.answers.take(choices);
        }
        self.shelf.save(word, &draft)
    }

    pub(super) fn look(&self, word: &str) -> Result<Look, ServiceError> {
        let draft = self.shelf.find(word, self.org, self.now)?;
        let file = self.shelf.open(word)?;
        let head = head_of(&file).map_err(|error| crate::ingest::refusal_of(&FileFault::Io(error)))?;
        let answers = &draft.answers;
        let (mut fault, mut table, mut needs, mut mapping) = (None, None, Needs::default(), None);
        if answers.is_table() {
            match sample(&file, &answers.settings(None)) {
                Ok(sample) => {
                    let choices = answers.choices();
                    needs = sample.needs(&choices.time_columns(&sample.columns), &answers.settings(None));
                    mapping = Some(choices.mapping(&sample.columns));
                    table = Some(table_of(&sample, answers));
                }
                Err(wrong) => fault = Some(told(&wrong)),
            }
        }
        let plan = answers.plan(mapping.clone());
        let can_run = fault.is_none() && mapping.as_ref().is_none_or(|mapping| mapping.problems(None).is_empty());
        let of_file = match draft.plan_of_file(plan.clone()) {
            Ok(of_file) => of_file,
            Err(refusal) => {
                fault.get_or_insert((refusal.code.to_owned(), refusal.detail));
                plan.clone()
            }
        };
        let seen = if can_run { self.run(&file, &of_file, &mut fault) } else { None };
        if let Some((preview, _)) = seen.as_ref().filter(|_| !answers.is_table()) {
            needs.zone = held_example(preview, &["naive_time", "report_zone"]);
            needs.order = held_example(preview, &["date_ambiguous"]);
        }
        let dated =
            Dated::of(&of_file, seen.as_ref().map(|(preview, _)| preview), Timestamp::from_seconds(draft.made_at));
        let asking = Asking {
            answers,
            table: table.as_ref(),
            needs: &needs,
            mapping: mapping.as_ref(),
            preview: seen.as_ref().map(|(preview, _)| preview),
            fault: fault.as_ref(),
            dated: &dated,
        };
        let asks = asking.all();
        let (preview, histories) = seen.unzip();
        let clocks = histories.map(|found| self.clocks(found, &answers.source)).unwrap_or_default();
        let formats = formats(&head, table.as_ref());
        let (as_of, may_save) = (self.now, self.may_save);
        Ok(Look { draft, formats, table, needs, asks, preview, clocks, as_of, plan, of_file, dated, may_save })
    }

    /// What would come of the first records.
    fn run(
        &self,
        file: &File,
        plan: &SourcePlan,
        fault: &mut Option<(String, String)>,
    ) -> Option<(Preview, Histories)> {
        let adapter = Adapter::named(&plan.format)?;
        let read = || -> Result<(Preview, Histories), FileFault> {
            let found = histories(reader(file)?, adapter, &plan.settings, REACH)?;
            let seen =
                preview(reader(file)?, adapter, &plan.settings, found.records.saturating_add(found.whole.into()))?;
            Ok((seen, found))
        };
        match read() {
            Ok(seen) => Some(seen),
            Err(wrong) => {
                *fault = Some(told(&wrong));
                None
            }
        }
    }

    fn clocks(&self, found: Histories, source: &str) -> Vec<ItemWithEvents> {
        let view = View { as_of: self.now, known_at: self.now, observed_from: self.now.plus(-365 * DAY_SECONDS) };
        clocks(found, source, &Frame { view, policy: &self.policy, calendar: &self.calendar })
    }
}

fn told(fault: &FileFault) -> (String, String) {
    (fault.code().to_owned(), fault.to_string())
}

fn reader(mut file: &File) -> Result<BufReader<&File>, FileFault> {
    file.rewind().map_err(FileFault::Io)?;
    Ok(BufReader::new(file))
}

fn sample(file: &File, settings: &Settings) -> Result<Sample, FileFault> {
    Sample::read(reader(file)?, settings, SAMPLE_ROWS)
}

/// The detail of the first line held for one of these reasons.
fn held_example(preview: &Preview, reasons: &[&str]) -> Option<String> {
    let held = preview.sample.iter().flat_map(|row| &row.held);
    let found = held.into_iter().find(|held| reasons.contains(&held.reason.as_str()))?;
    Some(found.detail.split('`').nth(1).unwrap_or(&found.detail).to_owned())
}

/// What it looks like first; then a table with a mapping, where it is one; then all others.
fn formats(head: &[u8], table: Option<&Table>) -> Vec<FormatOffered> {
    let likely: Vec<&str> = candidates(head).iter().map(|adapter| adapter.name).collect();
    let offered = |adapter: &Adapter, is_likely: bool| FormatOffered {
        name: adapter.name.to_owned(),
        title: adapter.title.to_owned(),
        is_likely,
    };
    let mut formats: Vec<FormatOffered> =
        ALL.iter().filter(|adapter| likely.contains(&adapter.name)).map(|adapter| offered(adapter, true)).collect();
    formats.extend(Adapter::named(TABLE).map(|adapter| offered(&adapter, table.is_some() && likely.is_empty())));
    formats.extend(ALL.iter().filter(|adapter| !likely.contains(&adapter.name)).map(|adapter| offered(adapter, false)));
    formats
}

fn table_of(sample: &Sample, answers: &Answers) -> Table {
    let choices = answers.choices();
    let words =
        |role: &str| choices.column(role, &sample.columns).map(|column| words_of(sample, column, role, answers));
    let column = |(place, name): (usize, &String)| column_of(sample, place, name, answers);
    let cut = |cell: &String| cell.chars().take(CELL_LETTERS).collect::<String>();
    Table {
        columns: sample.columns.iter().enumerate().map(column).collect(),
        rows: sample.rows.iter().take(ROWS_SHOWN).map(|row| row.iter().map(cut).collect()).collect(),
        delimiter: match sample.delimiter {
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "commas",
        },
        preamble: sample.preamble.len(),
        sampled: sample.rows.len() as u64,
        broken: sample.broken,
        statuses: words("status"),
        severities: words("severity"),
    }
}

fn column_of(sample: &Sample, place: usize, name: &str, answers: &Answers) -> Column {
    let (mut seen, mut cells, mut filled) = (BTreeSet::new(), Vec::new(), 0_u64);
    for cell in sample.rows.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.is_empty()) {
        filled += 1;
        if cells.len() < CELLS_SHOWN && seen.insert(cell) {
            cells.push(cell.chars().take(CELL_LETTERS).collect());
        }
    }
    Column { name: name.to_owned(), cells, filled, role: answers.roles.get(&place).cloned().unwrap_or_default() }
}

fn words_of(sample: &Sample, column: &str, role: &str, answers: &Answers) -> Words {
    let meant = if role == "status" { &answers.statuses } else { &answers.severities };
    let is_score = role == "severity" && !answers.scale.is_empty();
    let is_number = |word: &str| word.replace(',', ".").parse::<f64>().is_ok();
    let says_nothing = |word: &str| word.is_empty() || (is_score && is_number(word));
    let all = sample.words(column).into_iter().filter(|(word, _)| !says_nothing(word));
    let mut words: Vec<(String, u64, String)> = all
        .map(|(word, count)| {
            let means = meant.get(&word).cloned().unwrap_or_default();
            (word, count, means)
        })
        .collect();
    let found = words.len();
    words.retain(|(word, _, _)| word.chars().count() <= WORD_LETTERS_MAX);
    words.truncate(WORDS_MAX);
    let more = found.saturating_sub(words.len()) as u64;
    Words { column: column.to_owned(), words, more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_of_the_page_are_those_that_are_understood() {
        let choices = choices_of_page();
        assert!(choices.roles.iter().any(|(word, _, _)| *word == "detected"));
        assert!(choices.states.iter().any(|(word, _)| word == "verified"));
        assert!(choices.zones.iter().any(|zone| zone == "Europe/Berlin"));
    }
}
