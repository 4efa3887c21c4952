//! What the page shows, in words already written.

use serde::{Deserialize, Serialize};

use crate::components::ChoiceView;

/// The webhooks of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksView {
    pub answer: Vec<String>,
    /// The secret that was made by the form just sent; never shown again.
    pub made: Option<MadeSecret>,
    /// Why the form just sent was not taken; empty when nothing is wrong.
    pub trouble: String,
    pub door: Door,
    pub webhooks: Vec<WebhookRow>,
    /// What to enter in each tool.
    pub senders: Vec<SenderRow>,
}

/// A secret in the only moment it can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeSecret {
    /// `The webhook of jira-prod.`
    pub title: String,
    /// Label and line to copy.
    pub lines: Vec<(String, String)>,
}

/// Whether the form is there, or the password first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    Open(WebhookForm),
    /// The address at which the password is given again.
    Confirm(String),
}

/// The form, with what was typed before; never a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookForm {
    pub source: String,
    pub senders: Vec<ChoiceView>,
    pub sender: String,
    pub proof: String,
}

/// The webhook of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRow {
    pub source: String,
    /// `Jira`
    pub sender: String,
    /// `signature`
    pub proof: String,
    /// What to know about the proof; empty when nothing is.
    pub weak: String,
    /// Where it sends, without any key.
    pub address: String,
    pub secrets: Vec<SecretRow>,
    /// Whether there is room for a second secret.
    pub may_rotate: bool,
    /// Whether there is an older one to end.
    pub may_retire: bool,
    pub may_remove: bool,
}

/// A secret that lives, never itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    pub made: String,
    pub last_used: String,
    pub ends: String,
}

/// What to enter in one tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderRow {
    pub name: String,
    /// Where in the tool.
    pub place: String,
    /// What stands there then.
    pub enter: String,
}
