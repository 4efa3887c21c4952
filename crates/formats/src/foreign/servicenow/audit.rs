//! What happened, by the rows of the audit table: one for each field that was changed, with its value before and after?

use super::{
    Item, Plan, StopAt,
    cells::{Cells, truth_of},
    facts::Facts,
    report::Report,
    state::{Hold, State, Step},
    steps::{Ends, Hands, Steps},
    update::{Promise, severity},
};
use crate::{
    field::Field,
    foreign::{Rule, clock::Moment},
    held::{Fault, shown},
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};
use std::collections::BTreeMap;

/// All changes of a file.
#[derive(Default)]
pub(super) struct Audits {
    known: BTreeMap<Box<str>, Known>,
}

/// Where a record stood after the latest change of its state, and who resolved it.
struct Known {
    at: Timestamp,
    state: Option<State>,
    resolver: Option<Box<str>>,
    /// When it was resolved, which closed the ticket where the promise stops with that.
    resolved: Option<Timestamp>,
    hold: Option<Hold>,
}

/// One change of one field.
struct Change {
    number: String,
    item: String,
    field: String,
    moment: Moment,
    before: Option<String>,
    after: Option<String>,
    user: Option<String>,
}

impl Change {
    fn read(key: &str, cells: &Cells<'_>, plan: &Plan, report: &mut Report<'_>) -> Option<Self> {
        let number = cells.label(&["number", "documentkey.number"]).unwrap_or_else(|| key.to_owned());
        let moment = cells.time(&["sys_created_on", "sys_created_at"], &plan.ways, report);
        if moment.is_none() && !report.has_fault(&["sys_created_on", "sys_created_at"]) {
            report.fault(Fault::of("sys_created_on", Reason::MissingField, "no `sys_created_on`".to_owned()));
        }
        let value = |field: &str| cells.get(&[field]).map(|text| text.into_owned());
        Some(Self {
            item: if plan.own.item == Item::Number { number.clone() } else { key.to_owned() },
            number,
            field: value("fieldname")?,
            moment: moment?,
            before: value("oldvalue"),
            after: value("newvalue"),
            user: cells.label(&["user", "sys_created_by"]),
        })
    }

    fn facts<'a>(&'a self, plan: &'a Plan) -> Facts<'a> {
        Facts::bare(&self.number, &self.item, plan).by(self.user.as_deref())
    }

    fn state(&self, word: Option<&str>, plan: &Plan) -> Option<State> {
        word.and_then(|word| State::of(word, &plan.settings, &self.number))
    }
}

impl Audits {
    pub(super) fn record(&mut self, key: &str, cells: &Cells<'_>, plan: &Plan, report: &mut Report<'_>) {
        if let Some(field) = cells.null_word(&["oldvalue", "newvalue"]) {
            report.understood.meet(Rule::NullWord, field);
        }
        let Some(change) = Change::read(key, cells, plan, report) else { return };
        let known = self.known.entry(key.into()).or_insert(Known {
            at: change.moment.at,
            state: None,
            resolver: None,
            resolved: None,
            hold: None,
        });
        match change.field.as_str() {
            "state" | "incident_state" => state(&change, known, plan, report),
            "assigned_to" | "assignment_group" => owner(&change, plan, report),
            "priority" => priority(&change, plan, report),
            "made_sla" => verdict(&change, known, plan, report),
            field => {
                if field == "hold_reason" {
                    known.hold = change.after.as_deref().map(Hold::of);
                }
                report.understood.quiet(&format!("field `{}`", shown(field)));
            }
        }
    }
}

fn state(change: &Change, known: &mut Known, plan: &Plan, report: &mut Report<'_>) {
    let Some(after) = change.state(change.after.as_deref(), plan) else {
        let word = shown(change.after.as_deref().unwrap_or_default());
        report.understood.meet(Rule::StatusUnknown, word.as_str());
        return report.understood.quiet(&format!("status `{word}`"));
    };
    if change.moment.at < known.at {
        report.understood.meet(Rule::RowsOutOfOrder, change.number.as_str());
    }
    if known.state == Some(after) && known.at == change.moment.at {
        return report.understood.quiet("the same change in a second field");
    }
    let mut facts = change.facts(plan);
    let user = change.user.as_deref();
    if change.before.is_none() && after == State::New {
        let event = facts.event(EventName::Ticketed, &change.moment);
        facts.tell(event, report);
    }
    let steps = after.steps_from(change.state(change.before.as_deref(), plan));
    let closed = known.resolved.filter(|_| plan.own.stop_at == StopAt::Resolved);
    let ends = Ends::with(&change.moment).after(closed);
    if steps.contains(&Step::Resolved) {
        (known.resolver, known.resolved) = (user.map(Box::from), Some(change.moment.at));
    }
    let hands = Hands { resolver: known.resolver.as_deref(), closer: user, updater: user, close_code: None };
    for step in steps {
        let step = match (step, known.hold) {
            (Step::Paused(Hold::Unsaid), Some(hold)) => Step::Paused(hold),
            (step, _) => step,
        };
        Steps { plan, facts: &mut facts, report, hands }.take(step, &change.moment, &ends);
    }
    if !facts.has_news {
        report.understood.quiet("a change of state without news");
    }
    if change.moment.at >= known.at {
        (known.at, known.state) = (change.moment.at, Some(after));
    }
}

fn owner(change: &Change, plan: &Plan, report: &mut Report<'_>) {
    let Some(to) = change.after.as_deref() else { return report.understood.quiet("nobody owns it any more") };
    let name = if change.before.is_some() { EventName::Reassigned } else { EventName::Assigned };
    // A group and a person of it are often set in one second: each is an event of its own.
    let mut facts = change.facts(plan).numbered(format!("{}.{}", change.number, change.field));
    let event = facts.event(name, &change.moment).text(Field::To, to);
    let event = if change.field == "assignment_group" { event.text(Field::Team, to) } else { event };
    facts.tell(event, report);
}

fn priority(change: &Change, plan: &Plan, report: &mut Report<'_>) {
    let word = change.after.as_deref().unwrap_or_default();
    let mut facts = change.facts(plan);
    // Set for the first time it is no change: what it says is the severity.
    let (name, field) = match change.before {
        Some(_) => (EventName::SeverityChanged, Field::To),
        None => (EventName::Triaged, Field::Severity),
    };
    let event = facts.event(name, &change.moment).maybe(field, severity(plan, word).as_word());
    facts.tell(event.text(Field::RawSeverity, word), report);
}

fn verdict(change: &Change, known: &Known, plan: &Plan, report: &mut Report<'_>) {
    let Some(flag) = change.after.as_deref().and_then(truth_of) else {
        return report.understood.quiet("field `made_sla`");
    };
    let is_done = known.state.is_some_and(State::is_done);
    if is_done && !flag {
        report.understood.meet(Rule::SlaFlagLate, change.number.as_str());
    }
    let shown = Promise::at(known.state, plan.own.stop_at).verdict(Some(flag));
    let mut facts = change.facts(plan).claiming(shown);
    let event = facts.event(if is_done { EventName::Closed } else { EventName::Seen }, &change.moment);
    let event = event.text(Field::RawStatus, &format!("made_sla {flag}"));
    facts.tell(event, report);
}
