//! Flow and backlog of the analysis, as JSON.

use super::Analysis;
use domain::{fact::ItemFacts, time::Timestamp};
use metrics::flow::{Flow, backlog::Backlog};
use serde_json::{Map, Value, json};

impl Analysis {
    pub(super) fn flow_of_window(&self) -> Flow {
        let items: Vec<&ItemFacts> = self.ledger.facts().collect();
        Flow::of(&items, &self.policy, &self.view, self.policy.headline)
    }

    pub(super) fn flow(&self) -> Value {
        let flow = self.flow_of_window();
        let bands: Map<String, Value> =
            flow.age_bands.iter().map(|(band, count)| (band.name().to_owned(), json!(count))).collect();
        json!({
            "arrivals": flow.arrivals,
            "resolved": flow.resolved,
            "net": flow.net(),
            "window_days": flow.window_days,
            "open_now": flow.open_now,
            "mova_days": flow.mean_open_age_days,
            "age_bands": bands,
            "never_touched_share": flow.never_touched_share(),
            "exposure_days": flow.exposure.days(),
            "weighted_exposure_days": flow.exposure.weighted_days(),
            "little_implied_days": flow.implied_days(),
            "monthly_capacity": flow.monthly_capacity,
        })
    }

    pub(super) fn backlog(&self) -> Value {
        let items: Vec<&ItemFacts> = self.ledger.facts().collect();
        let series = Backlog::of(&items, &self.view, self.policy.headline);
        let midnight = Timestamp::start_of_day(series.first_day).to_string();
        json!({
            "first_day": midnight.get(..10),
            "open_before": series.open_before,
            "arrived": series.arrived,
            "resolved": series.resolved,
            "open_at_end_of_day": series.open_at_end_of_day(),
        })
    }
}
