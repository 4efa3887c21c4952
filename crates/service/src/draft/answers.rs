//! What was said about a draft so far? As it was typed, so that nothing typed is lost when it cannot be followed.

use super::more::{Fixed, RowFilter};
use crate::ingest::SourcePlan;
use domain::{kind::Kind, time::Timestamp};
use formats::{
    foreign::{
        DateOrder, Decimal, Repeated, Settings,
        mapping::{Beyond, Choices, Mapping, Scale},
        snapshot::SnapshotSettings,
    },
    text_encoding::TextEncoding,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the format that is read by a mapping.
pub(super) const TABLE: &str = "csv";

/// Every answer as a word or as it was typed; empty where nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// The format it is read as.
    pub format: String,
    /// The source its lines come from, and its mapping is saved under.
    pub source: String,
    /// The zone of times that carry none.
    pub zone: String,
    /// `day_first` or `month_first`.
    pub order: String,
    /// `point` or `comma`.
    pub decimal: String,
    /// `first` or `last` of two equal local times.
    pub repeated: String,
    /// An encoding of the text beside those that show themselves.
    pub encoding: String,
    /// Whether numbers are days as Excel counts them.
    pub excel: bool,
    /// The kind of weakness.
    pub kind: String,
    /// When it was exported.
    pub exported_at: String,
    /// `score` or `rapid7` where numbers are a severity.
    pub scale: String,
    /// What columns mean, by their place from 0.
    pub roles: BTreeMap<usize, String>,
    /// What status words mean.
    pub statuses: BTreeMap<String, String>,
    /// What severity words mean.
    pub severities: BTreeMap<String, String>,
    /// What resolutions mean.
    pub resolutions: BTreeMap<String, String>,
    /// What names the item, as a template; empty where its columns do.
    pub item_id: String,
    /// Values that are the same in every row.
    pub fixed: Vec<Fixed>,
    /// Tests that rows must pass to count.
    pub filters: Vec<RowFilter>,
    /// Words that mean "nothing" in a table, beside the usual ones.
    pub null_words: Vec<String>,
    /// What its files are: `log`, `part` or `complete` lists of what stands; empty where nothing was said.
    pub states: String,
    /// The column that says to which part of the source a row belongs.
    pub scope: String,
    /// Whether a person takes a list in which too much is gone. It belongs to this file.
    pub accept_gone: bool,
    /// The version of the saved mapping it began with; 0 where there was none.
    pub version: i64,
    /// What that version says which nobody is asked for.
    pub kept: Option<Box<Settings>>,
    /// What its mapping says beyond columns and words.
    pub beyond: Beyond,
    /// Columns it names that the file lacks.
    pub gone: Vec<String>,
    /// Whether what it says beyond columns and words is left behind.
    pub anew: bool,
}

impl Answers {
    /// Whether it is read as a table by a mapping of its own.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.format == TABLE
    }

    /// What was said about columns and words.
    pub(super) fn choices(&self) -> Choices {
        let scale = match self.scale.as_str() {
            "score" => Scale::Score,
            "rapid7" => Scale::Rapid7,
            _ => Scale::Words,
        };
        Choices {
            roles: self.roles.clone(),
            statuses: self.statuses.clone(),
            severities: self.severities.clone(),
            scale,
            item_id: self.item_id.clone(),
            constants: self.constants(),
            rows: self.conditions(),
        }
    }

    /// Takes over what is proposed.
    pub(super) fn take(&mut self, choices: Choices) {
        self.scale = match choices.scale {
            Scale::Score => "score",
            Scale::Rapid7 => "rapid7",
            Scale::Words => "",
        }
        .to_owned();
        (self.roles, self.statuses, self.severities) = (choices.roles, choices.statuses, choices.severities);
    }

    /// The mapping of a table with these columns, with what the saved one says beyond the answers.
    pub(super) fn mapping(&self, columns: &[String]) -> Mapping {
        let answered = self.choices().mapping(columns);
        if self.anew { answered } else { self.beyond.with(answered) }
    }

    /// Whether the saved mapping is used as it stands, whatever is said of columns and words.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_table() && !self.anew && matches!(self.beyond, Beyond::Whole(_))
    }

    /// The settings, as far as they can be followed; what nobody is asked for is as it was saved.
    pub(super) fn settings(&self, mapping: Option<Mapping>) -> Settings {
        let mut settings = self.kept.as_deref().cloned().unwrap_or_default();
        settings.text_encoding = TextEncoding::ALL.into_iter().find(|encoding| encoding.as_str() == self.encoding);
        settings.zone = Some(self.zone.clone()).filter(|_| self.zone_is_known());
        settings.repeated = match self.repeated.as_str() {
            "first" => Some(Repeated::First),
            "last" => Some(Repeated::Last),
            _ => None,
        };
        settings.dates = match self.order.as_str() {
            "day_first" => Some(DateOrder::DayFirst),
            "month_first" => Some(DateOrder::MonthFirst),
            _ => None,
        };
        settings.decimal = match self.decimal.as_str() {
            "point" => Some(Decimal::Point),
            "comma" => Some(Decimal::Comma),
            _ => None,
        };
        settings.excel_dates = self.excel;
        settings.kind = Some(self.kind.clone()).filter(|kind| kind.parse::<Kind>().is_ok());
        settings.exported_at = Some(self.exported_at.clone()).filter(|text| Timestamp::parse(text).is_ok());
        if self.is_table() {
            settings.null_words.clone_from(&self.null_words);
        } else {
            settings.statuses = said(&self.statuses);
            settings.severities = said(&self.severities);
            settings.jira.resolutions = said(&self.resolutions);
        }
        if can_compare(&self.format) && !self.states.is_empty() {
            settings.snapshot = self.snapshot(settings.snapshot.take());
            settings.complete = false;
        }
        settings.mapping = mapping;
        settings
    }

    /// How its files are compared, beside what was saved of that.
    fn snapshot(&self, kept: Option<SnapshotSettings>) -> Option<SnapshotSettings> {
        let usual = SnapshotSettings::usual(&self.format);
        if self.states == "log" {
            let known = kept.or(usual)?;
            return Some(SnapshotSettings { off: true, complete: false, ..known });
        }
        let scope = Some(self.scope.trim().to_owned()).filter(|scope| !scope.is_empty());
        let said = SnapshotSettings {
            off: false,
            complete: self.states == "complete",
            scope,
            accept_mass_absence: self.accept_gone,
            ..kept.unwrap_or_default()
        };
        // What is usual for the format needs no word of its own.
        Some(said).filter(|said| usual.is_none() || *said != SnapshotSettings::default())
    }

    /// Takes over what is usual or was saved for the files of a format as lists of what stands.
    pub(super) fn take_states(&mut self, settings: &Settings) {
        if !can_compare(&self.format) {
            (self.states, self.scope) = (String::new(), String::new());
            return;
        }
        let found = SnapshotSettings::of(settings, &self.format).map(|(found, _)| found);
        self.states = match &found {
            None => "log",
            Some(found) if found.complete => "complete",
            Some(_) => "part",
        }
        .to_owned();
        let scope = found.and_then(|found| found.scope);
        self.scope = scope.or_else(|| settings.snapshot.as_ref()?.scope.clone()).unwrap_or_default();
    }

    /// How the file is read by these answers.
    pub(super) fn plan(&self, mapping: Option<Mapping>) -> SourcePlan {
        SourcePlan { format: self.format.clone(), settings: self.settings(mapping) }
    }

    /// Whether the zone that was typed is one.
    pub(super) fn zone_is_known(&self) -> bool {
        let settings = Settings { zone: Some(self.zone.clone()), ..Settings::default() };
        !self.zone.is_empty() && settings.check().is_ok()
    }

    /// Whether the moment of the export that was typed is one.
    pub(super) fn export_is_known(&self) -> bool {
        Timestamp::parse(&self.exported_at).is_ok()
    }
}

/// Whether the files of a format can be lists of what stands; a person says whether those of an own table are.
pub(super) fn can_compare(format: &str) -> bool {
    format == TABLE || SnapshotSettings::fits(format)
}

/// The words that were given a meaning.
fn said(words: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    words.iter().filter(|(_, meant)| !meant.is_empty()).map(|(word, meant)| (word.clone(), meant.clone())).collect()
}
