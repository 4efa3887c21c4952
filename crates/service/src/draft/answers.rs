//! What was said about a draft so far? As it was typed, so that nothing typed is lost when it cannot be followed.

use crate::ingest::SourcePlan;
use domain::{kind::Kind, time::Timestamp};
use formats::{
    foreign::{
        DateOrder, Decimal, Repeated, Settings,
        mapping::{Choices, Mapping, Scale},
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

    /// The settings, as far as they can be followed.
    pub(super) fn settings(&self, mapping: Option<Mapping>) -> Settings {
        let zone = Some(self.zone.clone()).filter(|_| self.zone_is_known());
        Settings {
            text_encoding: TextEncoding::ALL.into_iter().find(|encoding| encoding.as_str() == self.encoding),
            zone,
            repeated: match self.repeated.as_str() {
                "first" => Some(Repeated::First),
                "last" => Some(Repeated::Last),
                _ => None,
            },
            dates: match self.order.as_str() {
                "day_first" => Some(DateOrder::DayFirst),
                "month_first" => Some(DateOrder::MonthFirst),
                _ => None,
            },
            decimal: match self.decimal.as_str() {
                "point" => Some(Decimal::Point),
                "comma" => Some(Decimal::Comma),
                _ => None,
            },
            excel_dates: self.excel,
            kind: Some(self.kind.clone()).filter(|kind| kind.parse::<Kind>().is_ok()),
            exported_at: Some(self.exported_at.clone()).filter(|text| Timestamp::parse(text).is_ok()),
            mapping,
            ..Settings::default()
        }
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
