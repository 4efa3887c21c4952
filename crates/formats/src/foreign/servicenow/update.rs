//! What does one row say of an incident: as it stood after one update, or as it stands?

use super::{Item, Plan, StopAt, cells::Cells, report::Report, state::State};
use crate::foreign::{
    Settings,
    clock::Moment,
    severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, Scale},
};
use domain::time::Timestamp;

const PRIORITY: Scale = &[
    ("1", CRITICAL),
    ("2", HIGH),
    ("3", MEDIUM),
    ("4", LOW),
    ("5", LOW),
    ("critical", CRITICAL),
    ("high", HIGH),
    ("moderate", MEDIUM),
    ("medium", MEDIUM),
    ("low", LOW),
    ("planning", LOW),
];

/// Fields in which a word for nothing is worth a count.
const OFTEN_EMPTY: [&str; 12] = [
    "sys_created_at",
    "sys_updated_at",
    "sys_updated_on",
    "resolved_at",
    "resolved_by",
    "closed_at",
    "closed_by",
    "assigned_to",
    "assignment_group",
    "cmdb_ci",
    "sla_due",
    "business_duration",
];

const UPDATED: [&str; 2] = ["sys_updated_at", "sys_updated_on"];

const CREATED: [&str; 2] = ["sys_created_on", "sys_created_at"];

/// Whether the clock of the promise still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    Running,
    Stopped,
}

impl Promise {
    /// The promise at a state.
    pub(super) fn at(state: Option<State>, stop_at: StopAt) -> Self {
        let is_stopped = match state {
            Some(State::Resolved) => stop_at == StopAt::Resolved,
            Some(state) => state.is_done(),
            None => false,
        };
        if is_stopped { Self::Stopped } else { Self::Running }
    }

    /// What the tool shows: its flag is true until it turns false, so while the promise runs, true says that it may
    /// still be kept.
    pub(super) fn verdict(self, flag: Option<bool>) -> Option<Verdict> {
        flag.map(|flag| match (flag, self) {
            (false, _) => Verdict::Breached,
            (true, Self::Stopped) => Verdict::Met,
            (true, Self::Running) => Verdict::Running,
        })
    }
}

/// What the tool itself says about its promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Running,
    Met,
    Breached,
}

impl Verdict {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Met => "met",
            Self::Breached => "breached",
        }
    }
}

/// One row.
pub(super) struct Update {
    pub(super) number: String,
    pub(super) item: String,
    /// How many updates came before it, where the row says so.
    pub(super) place: Option<u64>,
    /// When the update was made.
    pub(super) at: Option<Moment>,
    pub(super) opened: Option<Moment>,
    pub(super) resolved: Option<Moment>,
    pub(super) closed: Option<Moment>,
    pub(super) status: Option<String>,
    pub(super) state: Option<State>,
    pub(super) priority: Option<String>,
    pub(super) severity: Meant,
    pub(super) group: Option<String>,
    pub(super) person: Option<String>,
    pub(super) asset: Option<String>,
    pub(super) made_sla: Option<bool>,
    pub(super) due: Option<Timestamp>,
    pub(super) seconds: Option<u64>,
    pub(super) reopens: u64,
    pub(super) reassignments: u64,
    pub(super) opener: Option<String>,
    pub(super) resolver: Option<String>,
    pub(super) closer: Option<String>,
    pub(super) updater: Option<String>,
    pub(super) close_code: Option<String>,
}

impl Update {
    pub(super) fn read(number: &str, cells: &Cells<'_>, plan: &Plan, report: &mut Report<'_>) -> Self {
        if let Some(field) = cells.null_word(&OFTEN_EMPTY) {
            report.understood.meet(crate::foreign::Rule::NullWord, field);
        }
        let item = match plan.own.item {
            Item::Number => None,
            Item::SysId => cells.get(&["sys_id"]),
        };
        let status = cells.get(&["incident_state", "state"]).map(|word| word.into_owned());
        let state = status.as_deref().and_then(|word| State::of(word, &plan.settings, number));
        let hold = cells.get(&["hold_reason", "incident.hold_reason"]);
        let priority = cells.label(&["priority"]);
        let mut time = |fields: &[&str]| cells.time(fields, &plan.ways, report);
        // Where nobody wrote when it was opened, the ticket began with its record.
        let opened: &[&str] = if cells.get(&["opened_at"]).is_some() { &["opened_at"] } else { &CREATED };
        let (at, opened) = (time(&UPDATED), time(opened));
        let (resolved, closed) = (time(&["resolved_at"]), time(&["closed_at"]));
        let due = time(&["sla_due"]).map(|due| due.end());
        Self {
            item: item.as_deref().unwrap_or(number).to_owned(),
            number: number.to_owned(),
            place: cells.whole(&["sys_mod_count"], &plan.ways, report),
            at,
            opened,
            resolved,
            closed,
            state: state.map(|state| state.waiting_for(hold.as_deref())),
            status,
            severity: priority.as_deref().map_or(Meant::Unknown, |word| severity(plan, word)),
            priority,
            group: cells.label(&["assignment_group"]),
            person: cells.label(&["assigned_to"]),
            asset: cells.label(&["cmdb_ci"]),
            made_sla: cells.truth(&["made_sla"]),
            due,
            seconds: cells.seconds(&["business_duration", "calendar_duration"], &plan.ways, report),
            reopens: cells.whole(&["reopen_count"], &plan.ways, report).unwrap_or_default(),
            reassignments: cells.whole(&["reassignment_count"], &plan.ways, report).unwrap_or_default(),
            opener: cells.label(&["opened_by"]),
            resolver: cells.label(&["resolved_by"]),
            closer: cells.label(&["closed_by"]),
            updater: cells.label(&["sys_updated_by"]),
            close_code: cells.label(&["close_code", "closed_code"]),
        }
    }

    /// Whether it is the very first update, so that what it says was so from then on.
    pub(super) const fn is_fresh(&self) -> bool {
        matches!(self.place, Some(0)) && self.at.is_some()
    }

    /// What the tool calls this update.
    pub(super) fn native(&self) -> String {
        self.place.map_or_else(|| self.number.clone(), |place| format!("{}.{place}", self.number))
    }

    /// Whether the record carries an end that lies after this update.
    pub(super) fn knows_its_future(&self) -> bool {
        let ends = [&self.resolved, &self.closed];
        let is_later = |at: Timestamp| ends.into_iter().flatten().any(|end| end.at > at);
        self.state.is_some_and(|state| !state.is_done()) && self.at.is_some_and(|at| is_later(at.end()))
    }
}

/// A priority is written as `3`, as `Moderate`, or as both with a dash between them.
pub(super) fn severity(plan: &Plan, word: &str) -> Meant {
    meant(&plan.settings, word)
}

/// What a priority means where nobody says.
pub(super) fn usual_severity(word: &str) -> Meant {
    meant(&Settings::default(), word)
}

fn meant(settings: &Settings, word: &str) -> Meant {
    let (number, label) = word.split_once(" - ").unwrap_or((word, word));
    let mut ways = [word, number, label].into_iter().map(|word| Meant::on(PRIORITY, settings, word.trim()));
    ways.find(|meant| *meant != Meant::Unknown).unwrap_or(Meant::Unknown)
}
