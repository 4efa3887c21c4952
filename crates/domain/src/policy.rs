//! The SLA policy: when the ticket clock starts, how long it may run, and what people say aloud.

use crate::{event_name::EventName, severity::Severity, time::DAY_SECONDS, view::Verification};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The policy in force where nobody chose another.
const DEFAULT_POLICY: &str = include_str!("policy_default.json");

/// Opening hours of the ticket clock.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// IANA zone.
    pub zone: String,
    /// Opening, `HH:MM`.
    pub open: String,
    /// Closing, `HH:MM`, up to `24:00`.
    pub close: String,
    /// Open days, 0 = Monday.
    pub weekdays: Vec<u8>,
    /// Closed dates, `YYYY-MM-DD`.
    pub holidays: Vec<String>,
}

/// Which seconds a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Clock {
    /// Every second.
    #[serde(rename = "24x7")]
    Always,
    /// Seconds inside opening hours.
    #[serde(rename = "business")]
    Business,
}

/// How long one severity may take.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The target in clock seconds.
    pub seconds: i64,
    /// Which seconds count.
    pub clock: Clock,
    /// The days people say aloud.
    pub nominal_days: f64,
}

impl Target {
    /// The promised days in whole seconds.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "promised days are checked to lie between 0 and 36,500 when the policy is read"
    )]
    pub fn promised_seconds(&self) -> i64 {
        (self.nominal_days * DAY_SECONDS as f64).round() as i64
    }
}

/// One value a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerSeverity<T> {
    /// In the order of [`Severity::ALL`].
    values: [T; 4],
}

impl<T: Copy> PerSeverity<T> {
    /// The value of one severity.
    #[must_use]
    pub const fn get(&self, severity: Severity) -> T {
        let [critical, high, medium, low] = self.values;
        match severity {
            Severity::Critical => critical,
            Severity::High => high,
            Severity::Medium => medium,
            Severity::Low => low,
        }
    }

    fn from_map(map: &BTreeMap<Severity, T>) -> Option<Self> {
        let [critical, high, medium, low] = Severity::ALL.map(|severity| map.get(&severity).copied());
        Some(Self { values: [critical?, high?, medium?, low?] })
    }
}

/// The whole policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The event that starts the SLA.
    pub sla_start: EventName,
    /// Opening hours.
    pub hours: Hours,
    /// Targets and promised days.
    pub targets: PerSeverity<Target>,
    /// Weights of exposure.
    pub weights: PerSeverity<f64>,
    /// Whether a reopening starts a new record.
    pub reset_on_reopen: bool,
    /// Whether a severity change starts a new record.
    pub reset_on_severity_change: bool,
    /// Whether exempt records count as met.
    pub exception_is_compliant: bool,
    /// Asset classes left out of the SLA report.
    pub excluded_classes: Vec<String>,
    /// Back within so many seconds of an end is the same episode.
    pub recurrence_merge_seconds: i64,
    /// Which fold is the headline.
    pub headline: Verification,
}

/// What is wrong with a policy.
#[derive(Debug, thiserror::Error)]
#[error("policy: {0}")]
pub struct BadPolicy(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    sla_start: String,
    calendar: Hours,
    targets: BTreeMap<Severity, Target>,
    weights: BTreeMap<Severity, f64>,
    reset_on_reopen: bool,
    reset_on_severity_change: bool,
    exception_is_compliant: bool,
    excluded_classes: Vec<String>,
    recurrence_merge_days: i64,
    verification: String,
}

impl Policy {
    /// The default policy.
    ///
    /// # Errors
    /// Never in a released build: a test reads it.
    pub fn built_in() -> Result<Self, BadPolicy> {
        Self::with_overrides("{}")
    }

    /// The default policy with each top-level key of a JSON object replacing the default's whole value.
    ///
    /// # Errors
    /// [`BadPolicy`] names the key that cannot be used.
    pub fn with_overrides(json: &str) -> Result<Self, BadPolicy> {
        let bad = |error: serde_json::Error| BadPolicy(error.to_string());
        let mut merged: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(DEFAULT_POLICY).map_err(bad)?;
        let given: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).map_err(bad)?;
        merged.extend(given);
        let wire: Wire = serde_json::from_value(serde_json::Value::Object(merged)).map_err(bad)?;
        wire.check()
    }
}

impl Wire {
    fn check(self) -> Result<Policy, BadPolicy> {
        let sla_start = match self.sla_start.as_str() {
            "ticketed" => EventName::Ticketed,
            "detected" => EventName::Detected,
            "triaged" => EventName::Triaged,
            "assigned" => EventName::Assigned,
            other => {
                return Err(BadPolicy(format!(
                    "sla_start `{other}`, expected ticketed, detected, triaged or assigned"
                )));
            }
        };
        let headline = match self.verification.as_str() {
            "strict" => Verification::Strict,
            "lenient" => Verification::Lenient,
            other => return Err(BadPolicy(format!("verification `{other}`, expected strict or lenient"))),
        };
        for (severity, target) in &self.targets {
            if target.seconds <= 0 || !(0.0..=36_500.0).contains(&target.nominal_days) {
                return Err(BadPolicy(format!("targets.{severity}: seconds above 0 and nominal_days from 0 to 36500")));
            }
        }
        if !(0..=36_500).contains(&self.recurrence_merge_days) {
            return Err(BadPolicy("recurrence_merge_days: expected 0 to 36500".to_owned()));
        }
        let all_four = |name: &str| BadPolicy(format!("{name}: expected exactly critical, high, medium and low"));
        Ok(Policy {
            sla_start,
            hours: self.calendar,
            targets: PerSeverity::from_map(&self.targets).ok_or_else(|| all_four("targets"))?,
            weights: PerSeverity::from_map(&self.weights).ok_or_else(|| all_four("weights"))?,
            reset_on_reopen: self.reset_on_reopen,
            reset_on_severity_change: self.reset_on_severity_change,
            exception_is_compliant: self.exception_is_compliant,
            excluded_classes: self.excluded_classes,
            recurrence_merge_seconds: self.recurrence_merge_days.saturating_mul(DAY_SECONDS),
            headline,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_policy_promises_seven_days_for_critical() {
        let policy = Policy::built_in().unwrap();
        assert_eq!(policy.targets.get(Severity::Critical).promised_seconds(), 7 * DAY_SECONDS);
        assert_eq!(policy.recurrence_merge_seconds, 30 * DAY_SECONDS);
    }

    #[test]
    fn a_given_key_replaces_the_whole_value() {
        assert!(Policy::with_overrides(r#"{"weights":{"critical":1}}"#).is_err(), "three weights are missing");
        let policy = Policy::with_overrides(r#"{"excluded_classes":[]}"#).unwrap();
        assert!(policy.excluded_classes.is_empty());
    }

    #[test]
    fn unknown_keys_and_words_are_refused() {
        for json in [r#"{"sla_begin":"ticketed"}"#, r#"{"sla_start":"closed"}"#, r#"{"verification":"maybe"}"#, "[]"] {
            assert!(Policy::with_overrides(json).is_err(), "{json}");
        }
    }
}
