//! Findings of AWS Security Hub: what stands now, alone, in a list, in an event of the bus, or with its history.

mod finding;
mod history;
pub(super) mod words;

use super::{
    Adapter, Given, Settings, Shape, Translate, Understood,
    clock::Clock,
    digest::digest_of,
    head::Head,
    severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, WORDS},
    story::Phase,
};
use crate::{held::Fault, json::Value};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};
use finding::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "asff",
    title: "AWS Security Hub findings",
    recognise,
    begin: |settings| Box::new(Asff::of(settings)),
};

/// What a person says about AWS accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AsffSettings {
    /// The accounts there still are: what is archived in another one was retired with it. Empty where nobody said.
    pub accounts: Vec<String>,
}

impl AsffSettings {
    pub(crate) fn is_default(&self) -> bool {
        self.accounts.is_empty()
    }
}

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_finding = |value: &Value<'_>| {
        value.text_at(&["SchemaVersion"]) == Some("2018-10-08") && value.at(&["ProductArn"]).is_some()
    };
    let is_it = |value: &Value<'_>| {
        is_finding(value) || history::is_it(value) || enveloped(value).first().is_some_and(is_finding)
    };
    head.shape_of(&["Findings", "findings", "Records"], is_it)
}

/// The findings inside an event of the bus.
fn enveloped<'a>(value: &'a Value<'a>) -> &'a [Value<'a>] {
    value.list_at(&["detail", "findings"])
}

/// The items of so many findings are remembered for their histories; later histories are held.
const FINDINGS_MAX: usize = 100_000;

struct Asff {
    settings: Settings,
    clock: Clock,
    /// By a digest of the id of the finding and of the resource.
    items: BTreeMap<[u8; 16], Known>,
    /// Which items the findings stand for, by a digest of their ids: histories name nothing else.
    findings: BTreeMap<[u8; 16], Box<[Box<str>]>>,
}

/// What earlier records said of an item.
#[derive(Clone, Debug)]
struct Known {
    changed: Timestamp,
    phase: Option<Phase>,
    passed: Option<bool>,
    archived: bool,
    severity: Option<Meant>,
}

impl Asff {
    fn of(settings: &Settings) -> Self {
        let (items, findings) = (BTreeMap::new(), BTreeMap::new());
        Self { settings: settings.clone(), clock: Clock::of(settings), items, findings }
    }

    /// Remembers which items a finding stands for.
    fn remember(&mut self, id: &str, items: Vec<String>) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.insert(digest_of(id), items.into_iter().map(Into::into).collect());
        }
    }

    fn finding(&mut self, value: &Value<'_>, sent: Option<&Value<'_>>, understood: &mut Understood) {
        match Finding::of(value, sent) {
            Some(finding) => finding.translate(self, understood),
            None => understood.hold(
                Fault::whole(Reason::MissingField, "no `Id` or no `GeneratorId`".to_owned())
                    .hint("export whole findings, as `get-findings` gives them"),
            ),
        }
    }

    /// What an archived record says: the resource went with its account, or somebody put the finding away.
    fn archived(&self, account: Option<&str>) -> EventName {
        let accounts = &self.settings.asff.accounts;
        let left =
            account.is_some_and(|account| !accounts.is_empty() && !accounts.iter().any(|known| known == account));
        if left { EventName::Decommissioned } else { EventName::Closed }
    }
}

impl Translate for Asff {
    fn stands_alone(&self, record: &Given<'_>) -> bool {
        matches!(record, Given::Json(value) if !history::is_it(value))
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        if history::is_it(value) {
            history::translate(self, value, understood);
        } else if value.at(&["detail"]).is_some() {
            for finding in enveloped(value) {
                self.finding(finding, Some(value), understood);
            }
        } else {
            self.finding(value, None, understood);
        }
        understood.quiet_unless_told();
    }
}

/// The state a word of the workflow stands for.
fn phase_of(word: &str) -> Option<Phase> {
    match word {
        "NEW" => Some(Phase::New),
        "NOTIFIED" => Some(Phase::Working),
        "SUPPRESSED" => Some(Phase::Excepted),
        "RESOLVED" => Some(Phase::Closed),
        _ => None,
    }
}

/// Whether a check passed; a warning says that the service could not tell.
fn passed(word: &str) -> Option<bool> {
    match word {
        "PASSED" => Some(true),
        "FAILED" => Some(false),
        _ => None,
    }
}

/// The severity by its label, else by the number of older findings.
fn severity_of(value: &Value<'_>, settings: &Settings) -> Option<Meant> {
    if let Some(label) = value.word_at(&["Label"]) {
        return Some(Meant::on(WORDS, settings, &label));
    }
    let score: f64 = value.word_at(&["Normalized"])?.parse().ok()?;
    let meant = match score {
        score if score >= 90.0 => CRITICAL,
        score if score >= 70.0 => HIGH,
        score if score >= 40.0 => MEDIUM,
        score if score > 0.0 => LOW,
        _ => Meant::Below,
    };
    Some(meant.taken(settings))
}
