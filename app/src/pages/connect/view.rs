//! What the page shows, in words already written.

use serde::{Deserialize, Serialize};

/// Addresses and commands of this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectView {
    pub answer: Vec<String>,
    /// Whether the reader may make tokens on a page of their own.
    pub may_make: bool,
    /// Whether the reader may make webhooks.
    pub may_hook: bool,
    /// `wallclock token add …`
    pub token_command: String,
    /// `https://…/odata/`
    pub odata_address: String,
    /// `https://…/odata/Items?$top=10`
    pub odata_example: String,
    /// A `curl` line that sends events.
    pub events_command: String,
    /// Tokens that exist.
    pub tokens: Vec<TokenRow>,
}

/// A token, never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    pub name: String,
    /// The first letters, by which a log knows it.
    pub id: String,
    pub scopes: String,
    pub last_used: String,
    pub expires: String,
}
