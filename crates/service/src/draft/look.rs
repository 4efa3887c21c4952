//! What is in a draft, and what would come of it? Read anew each time, from its first records alone.

use super::{
    Answers, Ask, Table, Words,
    answers::TABLE,
    ask::Asking,
    begin::propose_words,
    carried::carried,
    clocks::clocks,
    dated::Dated,
    heard::words_of,
    receive::{SAMPLE_ROWS, head_of, propose_table},
    shelf::{Draft, Shelf},
    table::table_of,
    words::words,
};
use crate::{
    authorise::{Granted, Object, decide, proof},
    error::ServiceError,
    identity::permission::Permission,
    ingest::{SourcePlan, known_by},
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
        mapping::{LEVELS, Mapping, Needs, Problem, ROLES, STATES, Sample, zones},
        preview::{Preview, preview},
        vocabulary::Heard,
    },
};
use metrics::ledger::Frame;
use std::{
    fs::File,
    io::{BufReader, Seek},
    sync::Arc,
};

/// What is looked at of a file.
const REACH: Reach = Reach { records: SAMPLE_ROWS as u64, bytes: 8 << 20 };
/// All that the page of a draft shows.
#[derive(Clone, Debug)]
pub struct Look {
    /// The draft with what was said.
    pub draft: Draft,
    /// The formats it may be, those it looks like first.
    pub formats: Vec<FormatOffered>,
    /// The table, where it is read as one.
    pub table: Option<Table>,
    /// The words it uses, of the whole file.
    pub words: Vec<Words>,
    /// What goes along of the saved mapping without being asked for.
    pub carried: Vec<String>,
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
    /// How it is read.
    pub plan: SourcePlan,
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

/// The choices every page offers: roles as (word, title, group), states, levels, zones.
#[must_use]
pub fn choices_of_page() -> PageChoices {
    let owned = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(word, title)| ((*word).to_owned(), (*title).to_owned())).collect::<Vec<_>>()
    };
    PageChoices {
        roles: ROLES.iter().map(|role| (role.word, role.title, role.group)).collect(),
        fixed: ROLES.iter().filter(|role| role.may_be_fixed()).map(|role| (role.word, role.title)).collect(),
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
    /// What can be the same in every row: word and title.
    pub fixed: Vec<(&'static str, &'static str)>,
    /// What a status word can mean.
    pub states: Vec<(String, String)>,
    /// What a severity word can mean.
    pub levels: Vec<(String, String)>,
    /// The names of zones.
    pub zones: Vec<String>,
}

/// Whoever looks at a draft, with all that it takes.
pub(super) struct Looker {
    pub(super) shelf: Shelf,
    pub(super) org: OrgId,
    pub(super) now: Timestamp,
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
        let is_turned = draft.answers.format != said.format;
        draft.answers = said;
        if is_turned {
            Self::turn(&mut draft);
        }
        if draft.answers.is_table() {
            let file = self.shelf.open(word)?;
            let heard = words_of(&self.shelf, word, &draft.answers, &file)?;
            if let Ok(sample) = sample_of(&file, &draft.answers.settings(None), &heard) {
                if draft.answers.roles.is_empty() {
                    propose_table(&mut draft.answers, &sample);
                }
                propose_words(&mut draft.answers, &sample, &heard);
            }
        }
        self.shelf.save(word, &draft)
    }

    pub(super) fn look(&self, word: &str) -> Result<Look, ServiceError> {
        let draft = self.shelf.find(word, self.org, self.now)?;
        let file = self.shelf.open(word)?;
        let head = head_of(&file).map_err(|error| crate::ingest::refusal_of(&FileFault::Io(error)))?;
        let answers = &draft.answers;
        let heard = words_of(&self.shelf, word, answers, &file)?;
        let Tabled { table, mut needs, mapping, lacks, problems, mut fault } = tabled(&file, answers, &heard);
        let words = words(answers, table.as_ref(), &heard);
        let made_at = Timestamp::from_seconds(draft.made_at);
        let mut plan = answers.plan(mapping.clone());
        known_by(&mut plan.settings, &plan.format, made_at);
        let can_run = fault.is_none() && lacks.is_empty() && problems.is_empty();
        let seen = if can_run { self.run(&file, &plan, &mut fault) } else { None };
        if let Some((preview, _)) = seen.as_ref().filter(|_| !answers.is_table()) {
            needs.zone = held_example(preview, &["naive_time", "report_zone"]);
            needs.order = held_example(preview, &["date_ambiguous"]);
        }
        let dated = Dated::of(&plan, seen.as_ref().map(|(preview, _)| preview), made_at);
        let asking = Asking {
            answers,
            table: table.as_ref(),
            words: &words,
            lacks: &lacks,
            problems: &problems,
            needs: &needs,
            mapping: mapping.as_ref(),
            preview: seen.as_ref().map(|(preview, _)| preview),
            fault: fault.as_ref(),
            dated: &dated,
        };
        let asks = asking.all();
        let (preview, histories) = seen.unzip();
        let clocks = histories.map(|found| self.clocks(found, &answers.source)).unwrap_or_default();
        let (formats, carried) = (formats(&head, table.as_ref()), carried(answers, &words));
        let (as_of, may_save) = (self.now, self.may_save);
        Ok(Look { draft, formats, table, words, carried, needs, asks, preview, clocks, as_of, plan, dated, may_save })
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

/// What is in a table, where the file is read as one.
#[derive(Default)]
struct Tabled {
    table: Option<Table>,
    needs: Needs,
    mapping: Option<Mapping>,
    /// What cannot be followed of the saved mapping in this file.
    lacks: Vec<String>,
    /// What cannot be followed of what was answered.
    problems: Vec<Problem>,
    /// Why it cannot be read as one.
    fault: Option<(String, String)>,
}

fn tabled(file: &File, answers: &Answers, heard: &Heard) -> Tabled {
    if !answers.is_table() {
        return Tabled::default();
    }
    let settings = answers.settings(None);
    let sample = match sample_of(file, &settings, heard) {
        Ok(sample) => sample,
        Err(wrong) => return Tabled { fault: Some(told(&wrong)), ..Tabled::default() },
    };
    let choices = answers.choices();
    let needs = sample.needs(&choices.time_columns(&sample.columns), &settings);
    let mapping = answers.mapping(&sample.columns);
    // What is wrong with the answers is said at their fields, the rest of what was saved.
    let answered = if answers.is_whole() { None } else { Some(choices.mapping(&sample.columns)) };
    let problems = answered.map(|answered| answered.problems(Some(&sample.columns))).unwrap_or_default();
    let lacks = mapping.problems(Some(&sample.columns)).into_iter().filter(|problem| !problems.contains(problem));
    let lacks = lacks.map(|problem| problem.to_string()).collect();
    let table = Some(table_of(&sample, answers, heard.rows.len() as u64));
    Tabled { table, needs, mapping: Some(mapping), lacks, problems, fault: None }
}

fn told(fault: &FileFault) -> (String, String) {
    (fault.code().to_owned(), fault.to_string())
}

pub(super) fn reader(mut file: &File) -> Result<BufReader<&File>, FileFault> {
    file.rewind().map_err(FileFault::Io)?;
    Ok(BufReader::new(file))
}

/// The first rows of a table, and some from all over the rest.
pub(super) fn sample_of(file: &File, settings: &Settings, heard: &Heard) -> Result<Sample, FileFault> {
    let mut sample = Sample::read(reader(file)?, settings, SAMPLE_ROWS)?;
    let columns = sample.columns.len();
    sample.rows.extend(heard.rows.iter().filter(|row| row.len() == columns).cloned());
    Ok(sample)
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
