//! Hazards, competing exits, recurrence, outside deadlines and decisions of the analysis, as JSON.

use super::Analysis;
use domain::time::DAY_SECONDS;
use metrics::{
    kev,
    real::{days, whole},
    recurrence::Recurrence,
    survival::{
        competing::{CAUSES, Exits},
        hazard::hazard,
    },
};
use serde_json::{Map, Value, json};

/// Ages at which exits are printed, in days.
const EXIT_DAYS: [i64; 4] = [30, 90, 180, 365];
/// The age at which their errors are printed.
const ERROR_DAYS: i64 = 365;
const SECONDS_PER_HOUR: i64 = 3_600;

impl Analysis {
    pub(super) fn hazard(&self) -> Value {
        let windows = hazard(&self.rows(self.policy.headline));
        let printed = windows.iter().map(|window| {
            json!({
                "from_day": whole(window.ages_days.0),
                "to_day": whole(window.ages_days.1),
                "events": window.ended,
                "person_days": window.person_days,
                "per_day": window.a_day(),
                "ci": window.limits().map(|(lower, upper)| [lower, upper]),
            })
        });
        Value::Array(printed.collect())
    }

    pub(super) fn exits(&self) -> Exits {
        Exits::of(self.ledger.facts(), &self.view, self.policy.headline)
    }

    /// The sections on competing exits, by name.
    pub(super) fn competing(&self) -> [(&'static str, Value); 4] {
        let exits = self.exits();
        let by_age: Map<String, Value> =
            EXIT_DAYS.into_iter().map(|age| (age.to_string(), by_cause(exits.left_at(age * DAY_SECONDS)))).collect();
        let is_known = exits.rows() > 0;
        let errors = by_cause(exits.errors_at(ERROR_DAYS * DAY_SECONDS));
        [
            ("competing", if is_known { Value::Object(by_age) } else { Value::Null }),
            ("competing_se_365", if is_known { errors } else { Value::Null }),
            ("competing_conditional_from_days", json!(exits.conditional_from().map(days))),
            ("competing_identity", json!(exits.largest_misfit())),
        ]
    }

    pub(super) fn recurrence(&self) -> Value {
        let recurrence = Recurrence::of(self.ledger.facts(), self.view.as_of);
        json!({
            "closures": recurrence.closures(),
            "seen_again": recurrence.seen_again(),
            "within_30d": recurrence.within_days(30),
            "within_90d": recurrence.within_days(90),
        })
    }

    pub(super) fn kev(&self) -> Value {
        let kept = kev::on_time(self.ledger.facts(), self.view.as_of, self.policy.headline);
        json!({ "due": kept.of(), "met": kept.part() })
    }

    pub(super) fn decision(&self) -> Value {
        let curve = self.waits.curve();
        if curve.rows() == 0 {
            return Value::Null;
        }
        let in_hours = |seconds| whole(seconds) / whole(SECONDS_PER_HOUR);
        json!({
            "escalations": curve.rows(),
            "authorised": curve.ended(),
            "median_hours": curve.quantile(0.5).map(in_hours),
        })
    }
}

fn by_cause(shares: [f64; 4]) -> Value {
    let causes = CAUSES.into_iter().zip(shares);
    Value::Object(causes.map(|(cause, share)| (cause.as_str().to_owned(), json!(share))).collect())
}
