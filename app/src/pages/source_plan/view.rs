//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

/// What was saved for a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    pub source: String,
    pub answer: Vec<String>,
    /// What is in force, in words; none where nothing is.
    pub now: Option<NowView>,
    /// The newest first.
    pub versions: Vec<VersionView>,
    /// The address of the forms; none where the reader may not change mappings.
    pub action: Option<String>,
}

/// What is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowView {
    /// What it says of what.
    pub said: Vec<(String, String)>,
    pub json: String,
    /// Whether the next file waits although it could be read.
    pub look_first: bool,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// `Version 3`
    pub name: String,
    /// `saved on 22 Nov 2026, 04:00 UTC by user:1`
    pub words: String,
    /// Where it lies as JSON; none where it took the one before out of force.
    pub href: Option<String>,
    /// What it says, in one line.
    pub said: String,
}
