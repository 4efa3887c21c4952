//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use super::feeds::FeedRow;
use crate::components::EquationView;
use crate::islands::JobView;
use crate::sentence::Sentence;

/// What arrived, what became of it, and what is silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcesView {
    pub answer: Vec<String>,
    /// The form to bring a file; none where the reader's role may not import.
    pub upload: Option<UploadView>,
    /// Whether the reader may make webhooks.
    pub may_hook: bool,
    /// The import the address names, or one that is still running.
    pub job: Option<JobView>,
    /// Files that wait for a mapping.
    pub waiting: Vec<WaitingView>,
    /// The whole ledger of the organisation.
    pub ledger: EquationView,
    pub quarantine: QuarantineView,
    pub sources: SourceTable,
    /// What the ticket tools themselves say of their promises; empty where no feed carries that.
    pub claimed: Sentence,
    /// What the world told of weaknesses, and how old it is.
    pub feeds: Vec<FeedRow>,
    /// What the numbers mean: names and addresses.
    pub explanations: Vec<(String, String)>,
}

/// A file that waits for a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    pub name: String,
    pub href: String,
    /// `for the source scanner, until 22 Nov 2026, 20:45 UTC`
    pub words: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadView {
    pub idempotency: String,
    /// `At most 2.0 GB.`
    pub limit: String,
    /// The tools whose exports are read: name and title.
    pub formats: Vec<(String, String)>,
    /// Since when else lines can count as known, as far as the reader may say so: value and words.
    pub learnt: Vec<(String, String)>,
}

/// Lines that are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineView {
    /// `77 lines are held, most for one reason.`
    pub title: String,
    pub groups: Vec<ReasonView>,
    /// Lines of all groups together.
    pub total: String,
}

/// Lines held for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonView {
    /// `naive_time`
    pub reason: String,
    /// `a time without a zone`
    pub words: String,
    pub lines: String,
    /// `Choose the zone of this source`
    pub next_step: String,
    /// The first of them; how many more there are says `more`.
    pub entries: Vec<HeldLine>,
    /// `and 9 more`; empty when all are shown.
    pub more: String,
}

/// One held line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLine {
    pub id: String,
    /// `scan.ndjson, line 7 402`
    pub place: String,
    pub received: String,
    /// What exactly could not be taken.
    pub detail: String,
    pub raw: String,
    /// Makes a release that was sent twice act once; none where the reader may not release, or the line would not go.
    pub idempotency: Option<String>,
}

/// Every source and how long it has been silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTable {
    /// `One of four sources has gone quiet.`
    pub title: String,
    pub caption: String,
    pub rows: Vec<SourceRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    pub name: String,
    /// `CSV, by hand`
    pub way: String,
    pub last_event: String,
    pub silent_for: String,
    /// Its files; none where the reader may not see them.
    pub imports_href: Option<String>,
    pub events: String,
    /// Items it told of first.
    pub items: String,
    pub items_href: String,
    pub held: String,
    /// Where its saved mapping stands; none where it never had one, or the reader may not import.
    pub mapping_href: Option<String>,
    /// `stale: nothing for 9 days`; empty while it speaks.
    pub stale: String,
}
