//! What is decided about the issues of one Jira that no other format asks?

use super::meaning::Verdict;
use crate::held::shown;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fields of ours that a field of the issue may hold.
pub(super) const MAPPED: [&str; 11] = [
    "detected_at",
    "expires_at",
    "item_id",
    "weakness",
    "asset",
    "asset_class",
    "identity",
    "service",
    "owner",
    "team",
    "cve",
];

/// How a status can stand for a verification.
const METHODS: [&str; 5] = ["rescan", "retest", "control_test", "config_read", "attestation"];

/// What is decided about the issues of one Jira.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JiraSettings {
    /// What its resolutions mean, by id or by name: `fixed`, `accepted`, `not-an-issue`, `duplicate`, or `closed` for
    /// none of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub resolutions: BTreeMap<String, String>,
    /// Which field of an issue (`customfield_10050`, or the name of a column) holds one of ours.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// How a status that means a check verifies; a statement unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_method: Option<String>,
}

impl JiraSettings {
    /// Whether nothing was decided.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether all of it can be followed.
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some((word, meant)) = self.resolutions.iter().find(|(_, meant)| Verdict::of_word(meant).is_none()) {
            let (word, meant) = (shown(word), shown(meant));
            return Err(format!(
                "the resolution `{word}` cannot mean `{meant}`, expected fixed, accepted, not-an-issue, duplicate or closed"
            ));
        }
        if let Some(ours) = self.fields.keys().find(|ours| !MAPPED.contains(&ours.as_str())) {
            return Err(format!(
                "no field of an issue can hold `{}`, expected one of {}",
                shown(ours),
                MAPPED.join(", ")
            ));
        }
        match self.check_method.as_deref() {
            Some(method) if !METHODS.contains(&method) => {
                Err(format!("`{}` verifies nothing, expected one of {}", shown(method), METHODS.join(", ")))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The field of an issue that holds one of ours.
    pub(super) fn field(&self, ours: &str) -> Option<&str> {
        self.fields.get(ours).map(String::as_str)
    }

    /// How a status that means a check verifies.
    pub(super) fn method(&self) -> &str {
        self.check_method.as_deref().unwrap_or("attestation")
    }
}
