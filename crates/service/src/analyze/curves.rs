//! The survival curves of the analysis, as JSON: both modes, and groups beside each other.

use super::Analysis;
use domain::view::Verification;
use metrics::{
    ledger::LedgerItem,
    level::Level,
    matured::mean_promised_days,
    real::{days, whole},
    survival::{
        life_table::LifeTable,
        log_rank::log_rank,
        row::{Row, rows_of},
        summary::Summary,
    },
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

impl Analysis {
    pub(super) fn summary_of(&self, rows: &[Row]) -> Option<Summary> {
        Summary::of(rows, self.horizon_days, Level::NinetyFive)
    }

    pub(super) fn rows(&self, mode: Verification) -> Vec<Row> {
        self.ledger.facts().flat_map(|facts| rows_of(facts, &self.view, mode)).collect()
    }

    pub(super) fn mean_promised(&self) -> Option<f64> {
        mean_promised_days(self.ledger.facts(), &self.policy, &self.view, self.policy.headline)
    }

    pub(super) fn wall(&self) -> Value {
        let strict = self.summary_of(&self.rows(Verification::Strict));
        let lenient = self.summary_of(&self.rows(Verification::Lenient));
        let headline = match self.policy.headline {
            Verification::Strict => &strict,
            Verification::Lenient => &lenient,
        };
        let promised = self.mean_promised();
        let median = headline.as_ref().and_then(|summary| summary.median).map(days);
        json!({
            "strict": strict.as_ref().map(report),
            "lenient": lenient.as_ref().map(report),
            "mean_nominal_target_days": promised,
            "median_over_target": median.zip(promised).map(|(median, promised)| median / promised),
        })
    }

    pub(super) fn by_severity(&self) -> Value {
        self.groups(|item| item.facts.severity_at_detection().as_str())
    }

    pub(super) fn by_team(&self) -> Value {
        self.groups(|item| item.facts.team.as_deref().unwrap_or("?"))
    }

    /// Curves of groups in the order of their names, and whether they differ.
    fn groups<'a>(&'a self, name: impl Fn(&'a LedgerItem) -> &'a str) -> Value {
        let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for item in self.ledger.items() {
            rows.entry(name(item)).or_default().extend(rows_of(&item.facts, &self.view, self.policy.headline));
        }
        let mut reports = Map::new();
        let mut tables: Vec<LifeTable> = Vec::new();
        for (name, rows) in rows {
            if let Some(summary) = self.summary_of(&rows) {
                reports.insert(name.to_owned(), report(&summary));
                tables.push(summary.table);
            }
        }
        let test = log_rank(&tables);
        json!({ "groups": reports, "logrank": { "chi2": test.chi_square, "dof": test.freedom, "p": test.p } })
    }
}

/// The block of figures of one curve.
pub(super) fn report(summary: &Summary) -> Value {
    let open_share: Map<String, Value> =
        summary.open_share.iter().map(|(age, open)| (age.to_string(), json!(open))).collect();
    let (lower, upper) = summary.median_interval;
    let in_days = |seconds: f64| seconds / whole(domain::time::DAY_SECONDS);
    json!({
        "n": summary.curve.rows(),
        "events": summary.curve.ended(),
        "conditional_from_days": summary.curve.conditional_from().map(days),
        "median_days": summary.median.map(days),
        "median_ci_days": [lower.map(days), upper.map(days)],
        "p75_days": summary.p75.map(days),
        "p90_days": summary.p90.map(days),
        "open_share_at": open_share,
        "rmst_tau_days": summary.horizon_days,
        "rmst_days": in_days(summary.restricted_mean),
        "rmst_se_days": in_days(summary.restricted_mean_error),
        "mttr_closed_only_days": summary.mean_of_ended_days,
    })
}
