//! The waterfalls, the pile-up at the deadline and the money of the analysis, as JSON.

use super::Analysis;
use domain::{fact::ItemFacts, view::Verification};
use metrics::{
    distortion::bunching::Bunching,
    ledger::Frame,
    money::loss::{Assumptions, Losses, losses},
    waterfall::{self, Step},
};
use serde_json::{Value, json};

impl Analysis {
    fn frame(&self) -> Frame<'_> {
        Frame { view: self.view, policy: &self.policy, calendar: &self.calendar }
    }

    fn facts(&self) -> Vec<&ItemFacts> {
        self.ledger.facts().collect()
    }

    pub(super) fn waterfall_days(&self) -> Value {
        steps(&waterfall::days(&self.facts(), &self.frame(), self.policy.headline, self.horizon_days))
    }

    pub(super) fn waterfall_points(&self) -> Value {
        steps(&waterfall::points(&self.facts(), &self.frame(), self.policy.headline))
    }

    pub(super) fn bunching(&self) -> Value {
        let bunching = Bunching::of(self.ledger.facts(), &self.policy);
        json!({
            "below": bunching.below,
            "above": bunching.above,
            "expected_below": bunching.expected_below(),
            "excess": bunching.excess(),
            "p_value": bunching.p_value(),
        })
    }

    pub(super) fn money(&self) -> Value {
        let assumed = Assumptions::default();
        let promised = self.promised_exposure(self.policy.headline);
        let actual = self.flow_of_window().exposure.weighted_days();
        let ratio = (promised > 0.0).then(|| actual / promised);
        json!({
            "promised": yearly(&losses(1.0, &assumed)),
            "actual": ratio.map(|ratio| yearly(&losses(ratio, &assumed))),
        })
    }

    /// The weighted exposure of the window had every arrival lived as long as promised.
    fn promised_exposure(&self, mode: Verification) -> f64 {
        let mut sum = 0.0;
        for facts in self.ledger.facts() {
            let severity = facts.severity_at_detection();
            let each = self.policy.targets.get(severity).nominal_days * self.policy.weights.get(severity);
            for episode in facts.episodes(mode) {
                if self.view.observed_from <= episode.start && episode.start < self.view.as_of {
                    sum += each;
                }
            }
        }
        sum
    }
}

fn steps(steps: &[Step]) -> Value {
    let printed = steps.iter().map(|step| json!({ "step": step.name, "value": step.value, "delta": step.change }));
    Value::Array(printed.collect())
}

fn yearly(losses: &Losses) -> Value {
    json!({
        "ratio": losses.ratio,
        "frequency_mean": losses.frequency_mean,
        "chance_of_a_loss_year": losses.chance_of_a_loss_year,
        "expected_loss": losses.expected_loss,
        "year_p90": losses.year_p90,
        "if_it_happens": losses.if_it_happens.map(|[p10, p50, p90]| json!({ "p10": p10, "p50": p50, "p90": p90 })),
    })
}
