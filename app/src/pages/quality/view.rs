//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{ChipView, ChoiceView, PageLinksView, SelectView};

/// What is held, what could be done about it, and what was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityView {
    pub answer: Vec<String>,
    /// The decision the address names.
    pub decided: Option<DecidedView>,
    /// What the choice of the address would do.
    pub foreseen: Option<ForeseenView>,
    /// Why that cannot be said; empty where it can, or where nothing is chosen.
    pub trouble: String,
    pub reasons: ReasonsView,
    /// The lines; none for readers who see no raw lines.
    pub lines: Option<LinesView>,
    /// The form over many lines; none where the reader may not decide.
    pub decide: Option<DecideView>,
    pub feeds: FeedsView,
    pub rules: RulesView,
    pub guards: GuardsView,
}

/// Held lines by reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonsView {
    pub title: String,
    pub rows: Vec<ReasonRow>,
    pub total: String,
    pub total_share: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonRow {
    pub reason: String,
    pub words: String,
    pub next_step: String,
    /// The lines of this reason alone.
    pub href: String,
    pub lines: String,
    /// Of all lines that were received.
    pub share: String,
    pub first: String,
    pub last: String,
    /// `jira-prod 12, scanner 3`
    pub sources: String,
}

/// One page of held lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinesView {
    pub title: String,
    pub fields: Vec<SelectView>,
    pub text: String,
    /// Parts of the address that the form does not hold.
    pub hidden: Vec<(String, String)>,
    pub clear: String,
    pub chips: Vec<ChipView>,
    pub rows: Vec<LineView>,
    pub links: PageLinksView,
}

/// One held line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    pub id: String,
    /// `jira-prod, line 7 402, byte 1 203 441`
    pub place: String,
    /// The name of the file, where it came in one.
    pub file: String,
    pub received: String,
    pub reason: String,
    pub faults: Vec<FaultView>,
    /// As it arrived, with what could mislead written out.
    pub raw: String,
    /// `The first 2 000 of 41 212 bytes`; empty where all of it is shown.
    pub cut: String,
    pub act: Option<LineActView>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultView {
    /// Empty where it is the whole line.
    pub field: String,
    pub detail: String,
    pub hint: String,
}

/// What the reader may do about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineActView {
    /// Makes a form that was sent twice act once.
    pub idempotency: String,
    /// Where to go afterwards.
    pub back: String,
    /// Whether it goes as it is.
    pub release: bool,
    /// Whether it goes with its severity as low.
    pub as_low: bool,
    /// Why it does not go as it is; empty where it does.
    pub why_not: String,
    /// What the copy to mend starts from; none where the line is too long or no text.
    pub mendable: Option<String>,
    pub is_ticked: bool,
}

/// The form over many lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideView {
    pub hidden: Vec<(String, String)>,
    /// `All 312 that match`
    pub whole: String,
    pub is_whole: bool,
    /// The word of what is chosen; empty at first.
    pub deed: String,
    pub fields: Vec<ChoiceView>,
    pub field: String,
    pub value: String,
    pub word: String,
    pub zone: String,
    pub note: String,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseenView {
    pub title: String,
    /// What is asked, in words.
    pub asked: String,
    pub sums: Vec<(String, String)>,
    pub kept: Vec<KeptView>,
    pub examples: Vec<ExampleView>,
    /// What the form that confirms it sends.
    pub hidden: Vec<(String, String)>,
    /// The words of its button; empty where nothing would change.
    pub confirm: String,
    pub leave: String,
}

/// Lines that stay held for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptView {
    pub code: String,
    pub detail: String,
    pub lines: String,
}

/// One line before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleView {
    pub line: String,
    pub fate: String,
    pub before: String,
    /// Empty where it goes as it came, or does not go.
    pub after: String,
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedView {
    pub title: String,
    pub asked: String,
    pub sums: Vec<(String, String)>,
    pub kept: Vec<KeptView>,
    pub is_running: bool,
}

/// How old each feed is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedsView {
    pub title: String,
    pub note: String,
    pub rows: Vec<FeedRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    pub source: String,
    pub items_href: String,
    pub last_event: String,
    pub last_received: String,
    pub silent_for: String,
    pub usual_gap: String,
    /// `unusual`; empty while it speaks as usual.
    pub verdict: String,
}

/// Rules of data quality over the imports of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesView {
    pub title: String,
    /// Over how many imports and lines.
    pub over: String,
    pub from: String,
    pub to: String,
    pub hidden: Vec<(String, String)>,
    pub met: Vec<RuleRow>,
    pub others: Vec<RuleRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    pub rule: String,
    pub sentence: String,
    /// `held`, `repaired`, `flagged`
    pub class: String,
    pub count: String,
    /// `11 lines wait`; empty where none is held for it.
    pub waiting: String,
    pub sources: String,
    pub examples: String,
    /// Names and addresses of the figures it could move.
    pub moves: Vec<(String, String)>,
}

/// What the guards and the fold noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardsView {
    pub title: String,
    pub guards: Vec<GuardRow>,
    pub flags_title: String,
    pub flags: Vec<FlagRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardRow {
    pub name: String,
    pub href: String,
    /// `12 of 340`, or why there is none.
    pub count: String,
    pub share: String,
    pub over: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRow {
    pub flag: String,
    pub words: String,
    pub items: String,
    pub share: String,
    pub times: String,
    /// The list of those items, where there is one.
    pub href: Option<String>,
}
