//! The SLA report and the labels of the analysis, as JSON.

use super::Analysis;
use domain::{label::Label, severity::Severity};
use metrics::{labels::where_time_went, real::days, sla::SlaReport};
use serde_json::{Map, Value, json};

impl Analysis {
    pub(super) fn sla_report(&self) -> SlaReport {
        SlaReport::of(self.ledger.facts(), &self.policy)
    }

    pub(super) fn sla(&self) -> Value {
        let report = self.sla_report();
        let by_severity: Map<String, Value> = Severity::ALL
            .into_iter()
            .map(|severity| (severity.to_string(), json!(report.of_severity(severity).percent())))
            .collect();
        json!({
            "records": report.met.of(),
            "exempt": report.exempt,
            "percent": report.met.percent(),
            "percent_by_severity": by_severity,
            "tool_mean_days": report.tool_mean_days(),
        })
    }

    pub(super) fn where_time_went(&self) -> Value {
        let labels = where_time_went(self.ledger.facts(), self.view.as_of, self.policy.headline, &self.calendar);
        let all: Map<String, Value> =
            Label::ALL.into_iter().map(|label| (label.as_str().to_owned(), json!(days(labels.get(label))))).collect();
        Value::Object(all)
    }
}
