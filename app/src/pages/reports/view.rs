//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

/// The report that can be made now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsView {
    pub answer: Vec<String>,
    /// The report as of the moment of the view; none while there is nothing to report.
    pub board: Option<String>,
    /// As-of, known-at, policy, hash: what the report will say about itself.
    pub facts: Vec<(String, String)>,
    /// The same on the command line.
    pub command: String,
}
