//! Which registers are there, and what does each row of them hold? A closed list.

use std::{fmt, str::FromStr};

/// What a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A list of texts, joined by `;` in a table.
    Texts,
    /// Yes or no.
    Truth,
    /// A day.
    Day,
    /// A list of days.
    Days,
    /// A moment with an offset.
    Moment,
    /// A whole number from 0.
    Count,
    /// A number with a decimal point, kept to the digit.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// What an agent may do: action, scope, whether it needs approval.
    Guardrails,
}

/// Whether a row can do without a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is part of what the row is known by.
    Key,
    /// It or the others marked so: exactly one of them, and it is part of what the row is known by.
    EitherKey,
    /// It or the others marked so: exactly one of them.
    Either,
    /// It can.
    Optional,
}

/// One column of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// Whether a row can do without it.
    pub need: Need,
}

impl Column {
    /// Whether rows are known by it.
    #[must_use]
    pub const fn is_key(&self) -> bool {
        matches!(self.need, Need::Key | Need::EitherKey)
    }
}

/// What every row of every register may say beside its own columns.
const COMMON: &[Column] = &[
    Column { name: "id", holds: Type::Text, need: Need::Optional },
    Column { name: "valid_from", holds: Type::Day, need: Need::Optional },
    Column { name: "valid_to", holds: Type::Day, need: Need::Optional },
    Column { name: "source", holds: Type::Text, need: Need::Optional },
];

macro_rules! registers {
    ($($(#[$doc:meta])* $name:ident = $word:literal { $($need:ident $column:literal: $holds:expr),+ $(,)? })+) => {
        /// A register.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Register { $($(#[$doc])* $name),+ }

        impl Register {
            /// All registers.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// Its own columns, without those that every register has.
            #[must_use]
            pub const fn own_columns(self) -> &'static [Column] {
                match self {
                    $(Self::$name => const {
                        &[$(Column { name: $column, holds: $holds, need: Need::$need }),+]
                    }),+
                }
            }
        }
    };
}

const TEXT: Type = Type::Text;
const TEXTS: Type = Type::Texts;
const TRUTH: Type = Type::Truth;
const DAY: Type = Type::Day;
const MOMENT: Type = Type::Moment;
const COUNT: Type = Type::Count;
const NUMBER: Type = Type::Number;

registers! {
    /// Who works here.
    People = "people" {
        Key "id": TEXT, Optional "name": TEXT, Optional "team": TEXT, Optional "roles": TEXTS, Optional "analyst": TRUTH,
        Optional "joined_on": DAY, Optional "left_on": DAY,
    }
    /// Teams, and who they belong to.
    Teams = "teams" { Key "id": TEXT, Optional "name": TEXT, Optional "parent": TEXT, Optional "reports_to_security": TRUTH }
    /// Posts that should be filled.
    Posts = "posts" {
        Key "id": TEXT, Optional "role": TEXT, Optional "team": TEXT, Optional "approved": TRUTH, Optional "filled_by": TEXT,
    }
    /// Roles, with who holds them.
    Roles = "roles" {
        Key "id": TEXT, Optional "name": TEXT, Optional "primary": TEXT, Optional "deputy": TEXT, Optional "accountable": TRUTH,
        Optional "decision_window_minutes": COUNT,
    }
    /// Certificates of people.
    Certificates = "certificates" { Key "person": TEXT, Key "name": TEXT, Optional "obtained_on": DAY, Optional "expires_on": DAY }
    /// Courses people took.
    Training = "training" {
        Key "person": TEXT, Key "course": TEXT, Key "completed_on": DAY, Optional "hours": NUMBER,
        Optional "purpose": Type::Word(&["technical", "awareness"]),
    }
    /// How many of the staff took the awareness course.
    AwarenessStatus = "awareness_status" { Key "date": DAY, Optional "staff": COUNT, Optional "completed": COUNT }
    /// What people say when they are asked.
    Surveys = "surveys" {
        Key "id": TEXT, Optional "date": DAY, Optional "team": TEXT, Optional "respondent": TEXT,
        Optional "question": Type::Word(&["readiness", "dimension_level", "speed_believed"]),
        Optional "dimension": Type::Word(&["people", "process", "technology", "testing", "measurement"]),
        Optional "agent": TEXT, Optional "value": NUMBER,
    }
    /// What could happen.
    Scenarios = "scenarios" {
        Key "id": TEXT, Optional "name": TEXT, Optional "top_threat": TRUTH, Optional "required": TRUTH,
        Optional "catalogued": TRUTH,
    }
    /// Playbooks.
    Playbooks = "playbooks" {
        Key "id": TEXT, Optional "name": TEXT, Optional "scenario": TEXT, Optional "reviewed_on": DAY, Optional "automated": TRUTH,
        Optional "read_on": DAY, Optional "verified_process": TRUTH,
    }
    /// The steps of playbooks.
    PlaybookSteps = "playbook_steps" {
        Key "playbook": TEXT, Key "step": TEXT, Either "event": TEXT, Either "action": TEXT, Optional "role": TEXT,
        Optional "optional": TRUTH, Optional "group": TEXT,
    }
    /// Controls of a framework.
    Controls = "controls" {
        Key "id": TEXT, Optional "framework": TEXT, Optional "in_scope": TRUTH,
        Optional "status": Type::Word(&["implemented", "partial", "planned", "none"]), Optional "attested_on": DAY,
    }
    /// Tools that were planned and deployed.
    Tools = "tools" {
        Key "id": TEXT, Optional "name": TEXT, Optional "category": TEXT, Optional "planned_on": DAY, Optional "deployed_on": DAY,
        Optional "owner": TEXT,
    }
    /// How much of the estate a sensor covers.
    SensorCoverage = "sensor_coverage" {
        Key "date": DAY, Key "tool": TEXT, Optional "in_scope": COUNT, Optional "licensed": COUNT, Optional "deployed": COUNT,
    }
    /// Techniques of attackers that matter.
    Techniques = "techniques" { Key "id": TEXT, Optional "priority": TRUTH }
    /// Rules that detect.
    DetectionRules = "detection_rules" {
        Key "id": TEXT, Optional "technique": TEXTS, Optional "tool": TEXT, Optional "created_on": DAY, Optional "changed_on": DAY,
        Optional "tested_on": DAY, Optional "retired_on": DAY,
    }
    /// Alerts of a day.
    AlertDays = "alert_days" {
        Key "date": DAY, Key "tool": TEXT, Key "rule": TEXT, Key "severity": TEXT, Optional "alerts": COUNT,
        Optional "dispositioned_24h_person": COUNT, Optional "dispositioned_24h_agent": COUNT, Optional "handled": COUNT,
        Optional "true_positive": COUNT, Optional "suppressed": COUNT,
    }
    /// Assets.
    Assets = "assets" {
        Key "id": TEXT, Optional "class": TEXT, Optional "owner": TEXT,
        Optional "criticality": Type::Word(&["low", "medium", "high", "critical"]), Optional "system_group": TEXT,
        Optional "in_scope": TRUTH, Optional "registered_on": DAY, Optional "retired_on": DAY, Optional "scan_schedule": TEXT,
        Optional "internet_facing": TRUTH,
    }
    /// Penetration tests.
    Pentests = "pentests" {
        EitherKey "asset": TEXT, EitherKey "system_group": TEXT, Key "date": DAY, Optional "provider": TEXT, Optional "report": TEXT,
    }
    /// Tools and agents with artificial intelligence that are known.
    AiRegister = "ai_register" {
        Key "id": TEXT, Optional "name": TEXT, Optional "kind": Type::Word(&["tool", "agent"]), Optional "owner": TEXT,
        Optional "approved_on": DAY, Optional "deployed_on": DAY, Optional "retired_on": DAY,
        Optional "guardrails": Type::Guardrails,
    }
    /// Such tools that were seen.
    AiSeen = "ai_seen" {
        Key "tool": TEXT, Key "first_seen": DAY, Optional "last_seen": DAY, Optional "users": COUNT, Optional "seen_in": TEXT,
    }
    /// Exercises that were planned.
    ExercisesPlanned = "exercises_planned" {
        Key "id": TEXT, Optional "type": TEXT, Optional "scenario": TEXT, Optional "planned_on": DAY, Optional "drill": TEXT,
    }
    /// What is to be reached.
    Objectives = "objectives" {
        Key "id": TEXT, Optional "text": TEXT, Optional "owner": TEXT, Optional "parent": TEXT, Optional "indicator": TEXT,
        Optional "target": NUMBER, Optional "direction": Type::Word(&["up", "down"]), Optional "baseline": NUMBER,
        Optional "due": DAY,
    }
    /// What is done to reach it.
    Initiatives = "initiatives" {
        Key "id": TEXT, Optional "objective": TEXT, Optional "indicator": TEXT, Optional "owner": TEXT,
        Optional "plan_approved_on": DAY, Optional "started_on": DAY, Optional "planned_end": DAY, Optional "ended_on": DAY,
        Optional "renewals": Type::Days, Optional "cost": NUMBER, Optional "currency": TEXT,
        Optional "stage": Type::Word(&["bought", "configured", "producing"]),
    }
    /// Risks.
    Risks = "risks" {
        Key "id": TEXT, Optional "name": TEXT, Optional "owner": TEXT, Optional "rating": TEXT, Optional "top": TRUTH,
        Optional "loss_low": NUMBER, Optional "loss_high": NUMBER, Optional "inputs": TEXT,
    }
    /// Tiles of the board's dashboard.
    BoardTiles = "board_tiles" {
        Key "tile": TEXT, Key "date": DAY, Optional "name": TEXT,
        Optional "status": Type::Word(&["green", "amber", "red", "grey"]), Optional "definition": TEXT, Optional "owner": TEXT,
    }
    /// Reports with their due days.
    ReportsDue = "reports_due" { Key "id": TEXT, Key "due_on": DAY, Optional "delivered_on": DAY }
    /// Limits beyond which somebody decides.
    Thresholds = "thresholds" {
        Key "id": TEXT, Either "metric": TEXT, Either "indicator": TEXT,
        Optional "operator": Type::Word(&["<", "<=", ">", ">="]), Optional "limit": NUMBER,
    }
    /// Decisions, and what they were about.
    DecisionsLog = "decisions_log" {
        Key "id": TEXT, Optional "at": MOMENT, Optional "about": TEXT, Optional "text": TEXT, Optional "by": TEXT,
        Optional "owner": TEXT, Optional "due": DAY, Optional "done_on": DAY,
    }
    /// Duties to tell somebody outside.
    Duties = "duties" { Key "id": TEXT, Optional "name": TEXT, Optional "trigger": TEXT, Optional "hours": NUMBER }
    /// When such duties were met.
    Filings = "filings" { Key "incident": TEXT, Key "duty": TEXT, Optional "aware_at": MOMENT, Optional "filed_at": MOMENT }
    /// Inputs everybody agreed on.
    AgreedValues = "agreed_values" { Key "key": TEXT, Optional "value": TEXT, Optional "unit": TEXT }
}

/// A word that is no register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown register `{0}`")]
pub struct UnknownRegister(pub String);

impl Register {
    /// All its columns: its own, and those that every register has.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> {
        let own = self.own_columns();
        own.iter().chain(COMMON.iter().filter(|common| own.iter().all(|column| column.name != common.name)))
    }

    /// The column of that name.
    #[must_use]
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().find(|column| column.name == name)
    }
}

impl FromStr for Register {
    type Err = UnknownRegister;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text).ok_or_else(|| UnknownRegister(text.to_owned()))
    }
}

impl fmt::Display for Register {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_register_has_a_key_and_no_column_twice() {
        for register in Register::ALL {
            assert_eq!(register.as_str().parse::<Register>().as_ref(), Ok(register));
            assert!(register.own_columns().iter().any(Column::is_key), "{register}");
            let names: BTreeSet<&str> = register.columns().map(|column| column.name).collect();
            assert_eq!(names.len(), register.columns().count(), "{register}");
            for common in ["id", "valid_from", "valid_to", "source"] {
                assert!(register.column(common).is_some(), "{register} {common}");
            }
        }
        assert!("colours".parse::<Register>().is_err());
    }
}
