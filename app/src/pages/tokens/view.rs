//! What the page shows, in words already written.

use serde::{Deserialize, Serialize};

/// The tokens of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensView {
    pub answer: Vec<String>,
    /// The token that was made by the form just sent; never shown again.
    pub made: Option<MadeView>,
    pub door: Door,
    pub tokens: Vec<OwnTokenRow>,
}

/// A token in the only moment it can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeView {
    pub name: String,
    pub text: String,
}

/// Whether the form is there, or the password first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    Open(TokenForm),
    /// The address at which the password is given again.
    Confirm(String),
}

/// The form, with what was typed before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    /// The letters the token will be found by: a form sent twice makes one.
    pub id: String,
    pub name: String,
    pub days: String,
    /// What the role may give, and no more.
    pub scopes: Vec<ScopeChoice>,
    /// Whether names were asked for; none where the role does not see them.
    pub names: Option<bool>,
    /// Why it was not taken: the field, and a sentence.
    pub trouble: Option<(String, String)>,
}

/// One thing a token may be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeChoice {
    /// `read:api`
    pub word: String,
    pub sentence: String,
    pub is_on: bool,
}

/// A token, never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTokenRow {
    pub name: String,
    pub id: String,
    pub scopes: String,
    pub names: String,
    pub last_used: String,
    /// Until when it holds, or when it ended.
    pub ends: String,
    /// Whether there is something to revoke.
    pub is_alive: bool,
}
