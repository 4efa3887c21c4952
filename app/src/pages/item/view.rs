//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{ChartView, ExplainView, Shown};
use crate::sentence::Sentence;

/// One item: its two clocks, and every event behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemView {
    pub id: String,
    /// `critical misconfiguration, team network`
    pub what: String,
    /// Back to the list it was found in.
    pub list: String,
    pub answer: Vec<String>,
    pub clocks: Shown<ChartView>,
    pub caption: Sentence,
    pub explain: Option<ExplainView>,
    /// What the numbers mean: names and addresses.
    pub explanations: Vec<(String, String)>,
    pub labels: LabelTable,
    pub records: RecordTable,
    /// What the ticket tool itself says; none where no feed carries that.
    pub claims: Option<ClaimTable>,
    /// What the world says of its public weaknesses; none where its events name none.
    pub weaknesses: Option<WeaknessTable>,
    pub episodes: EpisodeTable,
    pub events: EventTable,
}

/// Seconds of the episode by label, and their sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelTable {
    pub title: String,
    pub rows: Vec<LabelRow>,
    /// The sum: the wall clock.
    pub total: LabelRow,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRow {
    /// `U`; empty in the sum.
    pub letter: String,
    pub name: String,
    pub days: String,
    pub share: String,
}

/// What the ticket tool keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTable {
    /// `Two SLA records, none of them broken.`
    pub title: String,
    pub rows: Vec<RecordRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    pub number: String,
    /// `12 Nov – 19 Nov 2025`
    pub window: String,
    /// `closed, met`
    pub outcome: String,
    /// `6.7 of 7.0 days`
    pub elapsed: String,
}

/// What the ticket tool itself said, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimTable {
    /// `The ticket tool itself says met; by the policy it is late.`
    pub title: String,
    pub rows: Vec<ClaimRow>,
}

/// One word of the tool, which stands until the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    pub since: String,
    /// `met`, `breached`, `running`, `none`
    pub verdict: String,
    pub due: String,
    /// `6.7 days`
    pub counted: String,
}

/// The public weaknesses of the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeaknessTable {
    /// `Known to be exploited, due 22 Apr 2026, as the catalogue says.`
    pub title: String,
    /// `Its public weaknesses: KEV catalogue of 2026-04-01, EPSS scores of 2026-04-02`
    pub caption: String,
    pub rows: Vec<WeaknessRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeaknessRow {
    pub cve: String,
    /// `listed 2026-04-01, due 2026-04-22`
    pub kev: String,
    /// `97.5 %, above 99.9 % of all`
    pub epss: String,
}

/// Spells in which the weakness is believed to have existed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeTable {
    pub title: String,
    pub rows: Vec<EpisodeRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeRow {
    pub number: String,
    pub window: String,
    /// `fixed, verified by an independent scan`
    pub end: String,
    pub days: String,
}

/// Every event, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTable {
    pub title: String,
    /// `All times UTC, recorded to the second; none inferred`
    pub caption: String,
    pub rows: Vec<EventRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Days since the first evidence.
    pub day: String,
    pub at: String,
    pub name: String,
    /// What it did to the clocks, or its reason; may be empty.
    pub effect: String,
    /// Empty where the reader's role does not see names.
    pub actor: String,
    /// `person`, `agent`, `system`
    pub actor_type: String,
    pub source: String,
    /// `observed`, `derived`, `inferred`
    pub certainty: String,
    /// The line as it arrived; none where the reader's role does not see it.
    pub raw: Option<String>,
}
