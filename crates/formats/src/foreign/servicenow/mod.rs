//! ServiceNow: incidents as they stand, incidents update by update, and the audit table.

mod amount;
mod audit;
mod cells;
mod facts;
mod incident;
mod memory;
mod report;
mod snapshot;
mod state;
mod steps;
mod update;
pub(super) mod words;

use super::{Adapter, Given, Settings, Shape, Translate, Understood, head::Head};
use crate::{held::Fault, json::Value};
use audit::Audits;
use cells::{Cells, Ways};
use domain::quarantine::Reason;
use incident::Incidents;
use report::Report;
use serde::{Deserialize, Serialize};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "servicenow",
    title: "ServiceNow incidents",
    recognise,
    begin: |settings| {
        Box::new(ServiceNow {
            plan: Plan { settings: settings.clone(), own: settings.servicenow.clone(), ways: Ways::of(settings) },
            incidents: Incidents::default(),
            audits: Audits::default(),
        })
    },
};

/// The tool's own timer, which closes what was resolved some days ago.
const TIMER: &str = "system";

/// What a person says about a ServiceNow source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceNowSettings {
    /// With which state the promise stops.
    #[serde(skip_serializing_if = "StopAt::is_usual")]
    pub stop_at: StopAt,
    /// Which column names the item.
    #[serde(skip_serializing_if = "Item::is_usual")]
    pub item: Item,
    /// Users that are timers and jobs, beside `system`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<String>,
    /// Close codes which say of a canceled incident that it was never real.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_real: Vec<String>,
}

/// With which state the promise stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StopAt {
    /// When somebody says that it is solved.
    #[default]
    Resolved,
    /// When it is closed for good.
    Closed,
}

/// Which column names the item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// The number people use.
    #[default]
    Number,
    /// The key of the record, which the audit table uses.
    SysId,
}

impl ServiceNowSettings {
    pub(super) fn is_unset(&self) -> bool {
        *self == Self::default()
    }
}

impl StopAt {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Item {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// How the files of a source are read.
struct Plan {
    settings: Settings,
    own: ServiceNowSettings,
    ways: Ways,
}

impl Plan {
    fn is_timer(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(TIMER) || self.own.timers.iter().any(|timer| timer.eq_ignore_ascii_case(name))
    }
}

/// Columns that only the audit table has.
const AUDIT: [&str; 4] = ["documentkey", "fieldname", "oldvalue", "newvalue"];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let incident = |state| head.header_with(&["number", "opened_at", state]);
    if let Some(row) = incident("incident_state").or_else(|| incident("state")).or_else(|| head.header_with(&AUDIT)) {
        return Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble });
    }
    let has = |value: &Value<'_>, keys: &[&str]| keys.iter().all(|key| value.at(&[key]).is_some());
    let is_record = |value: Value<'_>| {
        (has(&value, &["number", "opened_at"]) && (has(&value, &["state"]) || has(&value, &["incident_state"])))
            || has(&value, &AUDIT)
    };
    if head.first_line().is_some_and(is_record) {
        return Some(Shape::Lines);
    }
    if head.first_element().is_some_and(is_record) {
        return Some(Shape::Elements);
    }
    let is_incident =
        head.mentions(&["number", "opened_at"]) && (head.mentions(&["state"]) || head.mentions(&["incident_state"]));
    let is_page = head.is_object() && head.mentions(&["result"]) && (is_incident || head.mentions(&AUDIT));
    is_page.then_some(Shape::Under("result"))
}

struct ServiceNow {
    plan: Plan,
    incidents: Incidents,
    audits: Audits,
}

impl Translate for ServiceNow {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let cells = match record {
            Given::Row(row) => Cells::Row(row),
            Given::Json(value) => Cells::Object(value),
            Given::Xml(_) => return,
        };
        let is_audit = cells.has(&["documentkey"]) && cells.has(&["fieldname"]);
        let field = if is_audit { "documentkey" } else { "number" };
        let name = cells.get(&[field]).map(|name| name.into_owned());
        let mut report = Report::new(name.clone().unwrap_or_default(), understood);
        match name {
            None => report.fault(Fault::of(field, Reason::MissingField, format!("no `{field}`"))),
            Some(key) if is_audit => self.audits.record(&key, &cells, &self.plan, &mut report),
            Some(number) => self.incidents.record(&number, &cells, &self.plan, &mut report),
        }
        report.finish();
    }
}
