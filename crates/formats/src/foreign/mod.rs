//! Exports of other tools: recognised by their content, translated into canonical events.
//!
//! An [`Adapter`] says how the beginning of a format looks; its translator turns one record after the other into drafts, in
//! the order of the file. What cannot be put on a timeline is held, what is understood and is no news of a lifecycle is
//! counted, and every lie a tool is known for has a [`Rule`] that counts when it is met. Ids are made of what the tool
//! calls its records, so that the same export twice adds nothing.

mod again;
mod asff;
mod attire;
mod caldera;
mod clock;
mod declaration;
mod defectdojo;
mod digest;
mod document;
mod drill_record;
mod element;
mod epss;
mod event;
mod gathered;
mod general_rules;
mod github;
mod head;
pub mod histories;
mod hseep;
mod jira;
mod kev;
mod known_by;
mod lacks;
pub mod mapping;
mod microsoft;
mod name;
mod number;
mod ocsf;
mod pagerduty;
pub mod preview;
mod push;
mod reader;
mod rule;
mod rule_meaning;
mod serial;
mod servicenow;
mod settings;
mod severity;
pub mod snapshot;
mod spread;
mod story;
mod table;
mod tenable;
mod traces;
mod vectr;
pub mod vocabulary;
mod xes;

pub use again::{Around, NotAgain, again};
pub use asff::AsffSettings;
pub(crate) use clock::{Clock, Moment};
pub use drill_record::DRILLS;
pub use epss::EpssSettings;
pub(crate) use event::Event;
pub use jira::JiraSettings;
pub use kev::kev_copy_old;
pub(crate) use name::fitted;
pub use push::pushed;
pub use reader::{Foreign, ForeignRecord, candidates};
pub use rule::{Class, Rule};
pub use rule_meaning::Meaning;
pub use servicenow::{Item, ServiceNowSettings, StopAt};
pub use settings::{DateOrder, Decimal, Repeated, Settings};
pub use xes::{Preset, XesSettings};

use crate::{
    canonical::Outcome,
    file_fault::FileFault,
    held::{Fault, Held, Told},
    json::Value,
};
use domain::{
    drill::DrillRecord,
    enrichment::{Enriched, Feed},
};
use element::Element;
pub(crate) use head::Head;
use mapping::presets;
use std::collections::BTreeMap;
use table::Row;

/// Every format of another tool that is read, in the order in which a file is compared with them.
pub const ALL: &[Adapter] = &[
    drill_record::ADAPTER,
    jira::ADAPTER,
    servicenow::ADAPTER,
    presets::TENABLE_CSV,
    presets::QUALYS_VMDR,
    presets::WIZ_ISSUES,
    presets::WIZ_FINDINGS,
    presets::ORCA,
    presets::RAPID7_SQL,
    presets::RAPID7_BASIC,
    tenable::ADAPTER,
    ocsf::ADAPTER,
    asff::ADAPTER,
    microsoft::ADAPTER,
    vectr::ADAPTER,
    hseep::ADAPTER,
    pagerduty::ADAPTER,
    xes::ADAPTER,
    defectdojo::ADAPTER,
    attire::ADAPTER,
    caldera::REPORT,
    caldera::EVENTS,
    github::ADAPTER,
    kev::JSON,
    kev::CSV,
    epss::ADAPTER,
];

/// What is read only where somebody asks for it by name: it looks like too much to be recognised.
pub const ASKED: &[Adapter] = &[mapping::CSV];

/// A format of another tool.
#[derive(Clone, Copy, Debug)]
pub struct Adapter {
    /// Its stable name, as settings and jobs write it.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How its records are cut, if the beginning of a file looks like it.
    pub(crate) recognise: fn(&Head<'_>) -> Option<Shape>,
    /// A translator for one file.
    pub(crate) begin: fn(&Settings) -> Box<dyn Translate + Send>,
}

impl Adapter {
    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().chain(ASKED).copied().find(|adapter| adapter.name == name)
    }
}

/// How a file is cut into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One JSON value a line.
    Lines,
    /// The elements of a JSON array; a single object is an array of one.
    Elements,
    /// The elements of the array that stands under this key of an object.
    Under(&'static str),
    /// The rows of a table; so many lines before its header are no part of it.
    Table {
        /// The byte between cells.
        delimiter: u8,
        /// Lines before the header.
        preamble: usize,
    },
    /// The traces of an event log in XML.
    Traces,
}

/// A record of a foreign format, as its translator gets it.
pub(crate) enum Given<'a> {
    Json(Value<'a>),
    Row(Row<'a>),
    Xml(Element),
}

/// What was understood of one record, or of the end of a file.
#[derive(Debug, Default, PartialEq)]
pub struct Understood {
    /// Events and held lines; each of them counts as received.
    pub outcomes: Vec<Outcome>,
    /// What was understood and says nothing of a lifecycle, by its type.
    pub no_event: BTreeMap<Box<str>, u64>,
    /// Rules that were met, with what they were met by.
    pub met: Vec<(Rule, Box<str>)>,
    /// Records of drills; each of them counts as received, beside the events of its findings.
    pub drills: Vec<DrillRecord>,
    /// Rows of a feed that says what the world knows of weaknesses; each of them counts as received.
    pub enriched: Vec<Enriched>,
    /// Which feed that is, at the end of the file.
    pub feed: Option<Feed>,
    /// Items the record speaks of, where no event of it names them: they are there, whatever is held of them.
    pub items: Vec<Box<str>>,
    /// What came whole of which an earlier file may have held a part: what that line waits for.
    pub arrived: Vec<Told>,
    /// Whether its times are of the clock of whoever imports: nothing is to be put right about them.
    pub is_our_time: bool,
}

impl Understood {
    /// Counts a record, or a part of one, that is no news of a lifecycle.
    pub(crate) fn quiet(&mut self, what: &str) {
        let count = self.no_event.entry(what.into()).or_default();
        *count = count.saturating_add(1);
    }

    /// Counts a record of which nothing is new.
    pub(crate) fn quiet_unless_told(&mut self) {
        if self.outcomes.is_empty() && self.no_event.is_empty() {
            self.quiet("no change");
        }
    }

    /// Holds what cannot be put on a timeline.
    pub(crate) fn hold(&mut self, fault: Fault) {
        self.outcomes.push(Outcome::Held(Held::because(fault)));
    }

    /// Notes that a rule was met.
    pub(crate) fn meet(&mut self, rule: Rule, what: impl Into<Box<str>>) {
        self.met.push((rule, what.into()));
    }

    /// Notes the rule that was met, if one was.
    pub(crate) fn meet_all(&mut self, rule: Option<Rule>, what: &str) {
        self.met.extend(rule.map(|rule| (rule, what.into())));
    }
}

/// Turns the records of one file into drafts, in the order of the file. It may remember what it needs of earlier records,
/// as little an item as possible.
pub(crate) trait Translate {
    /// Whether what a person decided about the source can be followed by this format.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence for whoever wrote it.
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    /// Whether the format writes a column once for each of several values, all under one name.
    fn repeats_columns(&self) -> bool {
        false
    }

    /// What stands beside the records of a document, or before the header of a table: name and text, or line.
    fn beside(&mut self, _name: &str, _text: &str) {}

    /// Whether a record says the same in a file of its own: nothing in it follows from the records before it.
    fn stands_alone(&self, _record: &Given<'_>) -> bool {
        false
    }

    /// The columns of a table, before its first row.
    ///
    /// # Errors
    /// A fault of the whole file, when it cannot be read with these columns.
    fn columns(&mut self, _columns: &[String]) -> Result<(), FileFault> {
        Ok(())
    }

    /// One record.
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood);

    /// The end of the file: what only all of it can say.
    fn finish(&mut self, _understood: &mut Understood) {}
}
