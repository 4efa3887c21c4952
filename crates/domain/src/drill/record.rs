//! What does the record of a drill hold? A real incident uses the same record, without a type, for its decisions.

use super::{
    when,
    words::{DecisionOutcome, DetectionOutcome, DrillType, NoveltyBasis, Rating, Truth, Usable, Verdict},
};
use crate::{severity::Severity, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What is not there is not written.
trait SaysNothing {
    fn says_nothing(&self) -> bool;
}

impl<T> SaysNothing for Option<T> {
    fn says_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T> SaysNothing for Vec<T> {
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl SaysNothing for String {
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl SaysNothing for DetectionOutcome {
    fn says_nothing(&self) -> bool {
        *self == Self::Unknown
    }
}

impl SaysNothing for Usable {
    fn says_nothing(&self) -> bool {
        *self == Self::Unknown
    }
}

fn says_nothing(value: &impl SaysNothing) -> bool {
    value.says_nothing()
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $type:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $(
            $(#[$of])*
            #[serde(skip_serializing_if = "says_nothing")]
            pub $field: $type,
        )+ }
    )+};
}

parts! {
    /// The record of one drill, or of the decisions of one incident.
    DrillRecord {
        /// What it is called by; the same id again is a new version of the record.
        id: String,
        /// How near to the real thing it was; none for a real incident.
        #[serde(rename = "type")]
        kind: Option<DrillType>,
        /// The scenario, as the register of scenarios calls it.
        scenario: Option<String>,
        /// Its name for people.
        title: Option<String>,
        /// When it began.
        #[serde(with = "when")]
        started_at: Option<Timestamp>,
        /// When it ended.
        #[serde(with = "when")]
        ended_at: Option<Timestamp>,
        /// Whether those who were tried knew.
        announced: Option<bool>,
        /// The planned exercise it fulfils.
        planned: Option<String>,
        /// When its report was delivered.
        #[serde(with = "when")]
        report_delivered_at: Option<Timestamp>,
        /// Who led it.
        lead: Option<String>,
        /// Playbooks it tries.
        playbook: Vec<String>,
        /// Techniques of attackers it tries.
        technique: Vec<String>,
        /// Groups of systems it touches.
        system_group: Vec<String>,
        /// The incident, when it is real: an item id.
        incident: Option<String>,
        /// Who took part, or should have.
        participants: Vec<Participant>,
        /// What was thrown at them.
        injects: Vec<Inject>,
        /// What the defence made of it.
        detections: Vec<Detection>,
        /// What had to be decided.
        decisions: Vec<Decision>,
        /// What was to be reached.
        objectives: Vec<Objective>,
        /// What was done, in order: the trace for conformance.
        actions: Vec<Action>,
        /// What came to light.
        findings: Vec<Finding>,
        /// Whether it is gone.
        retests: Vec<Retest>,
        /// What agents recommended.
        recommendations: Vec<Recommendation>,
    }

    /// Somebody who took part, or should have.
    Participant {
        /// Who.
        person: String,
        /// In which role.
        role: Option<String>,
        /// Of which team.
        team: Option<String>,
        /// Whether they were invited.
        invited: Option<bool>,
        /// Whether they came.
        attended: Option<bool>,
        /// Whether the scenario was new to them.
        novel: Option<bool>,
        /// How that is known.
        novel_basis: Option<NoveltyBasis>,
    }

    /// One thing that was thrown at the defence.
    Inject {
        /// What other parts of the record call it by.
        id: String,
        /// When it began.
        #[serde(with = "when")]
        at: Option<Timestamp>,
        /// Its name for people.
        title: Option<String>,
        /// Techniques of attackers.
        technique: Vec<String>,
        /// The tool it was done with.
        tool: Option<String>,
        /// The playbook that should answer it.
        playbook: Option<String>,
        /// Where.
        system_group: Option<String>,
        /// Roles it is meant for.
        for_roles: Vec<String>,
        /// People it was new to.
        novel_to: Vec<String>,
        /// Whether it was done at all; only such injects are counted.
        executed: Option<bool>,
        /// When it was over.
        #[serde(with = "when")]
        ended_at: Option<Timestamp>,
    }

    /// What the defence made of an inject.
    Detection {
        /// Which inject.
        inject: Option<String>,
        /// Which technique.
        technique: Option<String>,
        /// What happened.
        outcome: DetectionOutcome,
        /// When.
        #[serde(with = "when")]
        at: Option<Timestamp>,
        /// What saw it.
        tool: Option<String>,
        /// Whether somebody could have acted on it.
        usable: Usable,
        /// When somebody first did.
        #[serde(with = "when")]
        first_action_at: Option<Timestamp>,
    }

    /// Something that had to be decided.
    Decision {
        /// What it is called by.
        id: String,
        /// The inject that called for it.
        inject: Option<String>,
        /// What was asked.
        question: Option<String>,
        /// When it was asked.
        #[serde(with = "when")]
        asked_at: Option<Timestamp>,
        /// The role that was asked.
        asked_of: Option<String>,
        /// When it was decided.
        #[serde(with = "when")]
        decided_at: Option<Timestamp>,
        /// What was decided.
        outcome: Option<DecisionOutcome>,
        /// Who decided.
        decided_by: Option<String>,
        /// In which role.
        decided_by_role: Option<String>,
        /// The time it may take.
        window_minutes: Option<u64>,
        /// What is to be done.
        technical_action: Option<String>,
        /// What that means for the business.
        business_impact: Option<String>,
        /// What else could have been done.
        options: Vec<String>,
        /// The incident, when it is real: an item id.
        incident: Option<String>,
    }

    /// Something that was to be reached.
    Objective {
        /// What it is called by.
        id: String,
        /// Injects it belongs to.
        inject: Vec<String>,
        /// Who was to reach it.
        person: Option<String>,
        /// Or which team.
        team: Option<String>,
        /// What.
        text: Option<String>,
        /// How it went.
        rating: Option<Rating>,
        /// The time it may take.
        time_box_seconds: Option<u64>,
        /// When work on it began.
        #[serde(with = "when")]
        started_at: Option<Timestamp>,
        /// When it was reached.
        #[serde(with = "when")]
        completed_at: Option<Timestamp>,
        /// Who judged.
        evaluator: Option<String>,
        /// What they saw.
        observation: Option<String>,
    }

    /// Something that was done.
    Action {
        /// When.
        #[serde(with = "when")]
        at: Option<Timestamp>,
        /// By whom.
        actor: Option<String>,
        /// Under which playbook.
        playbook: Option<String>,
        /// Which step of it.
        step: Option<String>,
        /// Or what, in free words.
        text: Option<String>,
    }

    /// Something that came to light.
    Finding {
        /// What it is called by.
        id: String,
        /// The inject that showed it.
        inject: Option<String>,
        /// Technique of attackers.
        technique: Option<String>,
        /// The control that should have held.
        control: Option<String>,
        /// Where.
        system_group: Option<String>,
        /// What.
        text: Option<String>,
        /// How bad it is.
        severity: Option<Severity>,
        /// Who mends it.
        owner: Option<String>,
        /// By when.
        #[serde(with = "when")]
        due: Option<Timestamp>,
        /// The team that mends it.
        team: Option<String>,
        /// The item it is, where there is one already.
        item_id: Option<String>,
    }

    /// Whether a finding is gone.
    Retest {
        /// Which finding: its id or its fingerprint.
        finding: String,
        /// When it was tried again.
        #[serde(with = "when")]
        at: Option<Timestamp>,
        /// Whether it held.
        passed: Option<bool>,
        /// The how-manieth try.
        attempt: Option<u64>,
        /// Who tried.
        by: Option<String>,
    }

    /// What an agent recommended.
    Recommendation {
        /// What it is called by.
        id: String,
        /// Which agent.
        agent: Option<String>,
        /// Under which inject.
        inject: Option<String>,
        /// Whether it was right.
        truth: Option<Truth>,
        /// Whether it was made wrong on purpose.
        planted: Option<bool>,
        /// When it was shown.
        #[serde(with = "when")]
        shown_at: Option<Timestamp>,
        /// When somebody decided.
        #[serde(with = "when")]
        decided_at: Option<Timestamp>,
        /// What they decided.
        decision: Option<Verdict>,
        /// Who.
        by: Option<String>,
    }
}

/// A text that is no drill record of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no drill record: {0}")]
pub struct NotADrill(pub String);

impl DrillRecord {
    /// The record as JSON; equal records are equal text.
    ///
    /// # Errors
    /// [`NotADrill`] when it cannot be written, which no record is known to be.
    pub fn to_json(&self) -> Result<String, NotADrill> {
        serde_json::to_string(self).map_err(|error| NotADrill(error.to_string()))
    }

    /// Reads back what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// [`NotADrill`] for any other text.
    pub fn of_json(text: &str) -> Result<Self, NotADrill> {
        serde_json::from_str(text).map_err(|error| NotADrill(error.to_string()))
    }
}
