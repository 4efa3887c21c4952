//! What happened to an incident, by its rows: one for each update, or one that says how it stands?
//!
//! Rows of one incident may stand anywhere; of each only the latest is remembered. A row older than that is told with its
//! own verdict and counted: what changed around it cannot be said any more.

use super::{
    Plan, StopAt,
    cells::Cells,
    facts::Facts,
    memory::{Known, Names},
    report::Report,
    snapshot,
    state::{State, Step},
    steps::{Ends, Hands, Steps},
    update::{Promise, Update, Verdict},
};
use crate::{
    field::Field,
    foreign::{Rule, clock::Moment, severity::Meant},
    held::Fault,
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};
use std::{cmp::Ordering, collections::BTreeMap};

/// Updates within one tick of the clock are set apart up to so far: a minute has no more.
const TICK_SECONDS: i64 = 60;

/// All incidents of a file.
#[derive(Default)]
pub(super) struct Incidents {
    known: BTreeMap<Box<str>, Known>,
    names: Names,
}

impl Incidents {
    pub(super) fn record(&mut self, number: &str, cells: &Cells<'_>, plan: &Plan, report: &mut Report<'_>) {
        let update = Update::read(number, cells, plan, report);
        if let (Some(word), None) = (&update.status, update.state) {
            report.understood.meet(Rule::StatusUnknown, word.as_str());
            report.understood.quiet(&format!("status `{}`", crate::held::shown(word)));
        }
        if let (Some(word), Meant::Unknown) = (&update.priority, update.severity) {
            report.understood.quiet(&format!("priority `{}`", crate::held::shown(word)));
        }
        let Some(known) = self.known.get_mut(number) else {
            let mut known = Known::of(&update, &mut self.names);
            let verdict = first(&update, known.as_mut(), plan, report);
            if let Some(mut known) = known {
                known.verdict = verdict;
                self.known.insert(number.into(), known);
            }
            return;
        };
        match (update.at, known.compare(&update)) {
            (None, _) if report.is_faulty() => {}
            (None, _) => report.understood.quiet("a second row that does not say when it was written"),
            (Some(moment), Ordering::Less) => late(&update, &moment, plan, report),
            (Some(moment), order) => {
                next(&update, &moment, known, &mut self.names, plan, report);
                if order == Ordering::Greater && moment.at < known.at {
                    report.understood.meet(Rule::RowsOutOfOrder, update.native());
                }
                known.take(&update, &mut self.names);
            }
        }
    }
}

/// What the tool shows, at a state.
fn verdict_of(update: &Update, state: Option<State>, plan: &Plan) -> Option<Verdict> {
    Promise::at(state, plan.own.stop_at).verdict(update.made_sla)
}

/// The first row of an incident; gives the verdict that was told.
fn first(update: &Update, mut known: Option<&mut Known>, plan: &Plan, report: &mut Report<'_>) -> Option<Verdict> {
    let verdict = verdict_of(update, update.state, plan);
    let opened = opening(update, verdict, plan, report);
    if let Some(known) = known.as_deref_mut() {
        rules(update, None, known, report);
    }
    let mut facts = Facts::of(update, plan, verdict);
    if let Some(moment) = update.at.filter(|_| update.is_fresh()) {
        let since = opened.unwrap_or(moment.at);
        let mut steps = Steps { plan, facts: &mut facts, report, hands: Hands::of(update) };
        for step in update.state.map(|state| state.steps_from(None)).unwrap_or_default() {
            steps.take(step, &moment, &Ends::between(update, since, &moment));
        }
        if let Some(to) = update.person.as_deref().or(update.group.as_deref()) {
            let event = facts.event(EventName::Assigned, &moment).text(Field::To, to);
            facts.tell(event, report);
        }
        let told_by_opening = opened.is_some() && verdict == Some(Verdict::Running);
        facts.has_told = facts.has_told || told_by_opening;
    } else {
        snapshot::tell(update, opened, plan, &mut facts, report);
    }
    match update.at {
        Some(moment) => {
            claim(update.state, &moment, verdict, None, &mut facts, report);
            if let Some(known) = known.filter(|_| !facts.has_news) {
                known.told = moment.at.plus(-1);
            }
            verdict
        }
        None if verdict.is_some() && !facts.has_told => {
            report.understood.quiet("a verdict that does not say when it was shown");
            None
        }
        None => None,
    }
}

/// The ticket was opened: what stays the same in every row of the incident, and how it stood when first seen.
fn opening(update: &Update, verdict: Option<Verdict>, plan: &Plan, report: &mut Report<'_>) -> Option<Timestamp> {
    let Some(opened) = update.opened else {
        if !report.has_fault(&["opened_at"]) {
            report.fault(Fault::of("opened_at", Reason::MissingField, "no `opened_at`".to_owned()));
        }
        return None;
    };
    // At the opening the promise has just begun: the very first row shows what was shown then.
    let shown = verdict.filter(|verdict| update.is_fresh() && *verdict == Verdict::Running);
    let mut facts =
        Facts::bare(&update.number, &update.item, plan).by(update.opener.as_deref()).claiming(shown).due(update.due);
    let event = facts
        .event(EventName::Ticketed, &opened)
        .maybe(Field::Severity, update.severity.as_word())
        .maybe(Field::RawSeverity, update.priority.as_deref())
        .maybe(Field::Asset, update.asset.as_deref())
        .maybe(Field::Team, update.group.as_deref());
    // The first row of a log shows what it was opened with; any other how it stood when it was written.
    let shown = update.at.map(|at| at.end());
    facts.tell(if update.is_fresh() { event } else { event.standing(shown) }, report);
    Some(opened.at)
}

/// A row after the latest one: what changed between the two happened with its update.
fn next(update: &Update, own: &Moment, known: &mut Known, names: &mut Names, plan: &Plan, report: &mut Report<'_>) {
    let state = update.state.or(known.state);
    let verdict = verdict_of(update, state, plan);
    rules(update, verdict, known, report);
    let mut facts = Facts::of(update, plan, verdict).numbered(update.native());
    let moment = in_order(own, known);
    facts.is_moved = moment.at != own.at;
    let closed = known.resolved.filter(|_| plan.own.stop_at == StopAt::Resolved);
    let ends = Ends::between(update, known.told, &moment).after(closed);
    let mut steps = Steps { plan, facts: &mut facts, report, hands: Hands::of(update) };
    for step in update.state.map(|state| state.steps_from(known.state)).unwrap_or_default() {
        steps.take(step, &moment, &ends);
        if step == Step::Resolved {
            known.resolved = Some(ends.resolved.at);
        }
    }
    changes(update, &moment, known, names, &mut facts, report);
    claim(state, &moment, verdict, known.verdict, &mut facts, report);
    known.verdict = verdict.or(known.verdict);
    if facts.has_news {
        known.told = moment.at;
        if facts.is_moved {
            report.understood.meet(Rule::UpdatesInOneTick, update.native());
        }
    } else {
        report.understood.quiet("an update without news");
    }
}

/// The moment of an update that lies in the same tick of the clock as one before it: a second after that.
fn in_order(own: &Moment, known: &Known) -> Moment {
    let is_same_tick = own.at >= known.at && own.at <= known.told && known.told.since(own.at) < TICK_SECONDS;
    if is_same_tick { Moment { met: None, ..Moment::exact(known.told.plus(1)) } } else { *own }
}

/// Severity and owner.
fn changes(
    update: &Update,
    moment: &Moment,
    known: &Known,
    names: &mut Names,
    facts: &mut Facts<'_>,
    report: &mut Report<'_>,
) {
    if let Meant::Of(severity) = update.severity
        && known.severity.is_some_and(|before| before != severity)
    {
        let event = facts.event(EventName::SeverityChanged, moment).text(Field::To, severity.as_str());
        facts.tell(event.maybe(Field::RawSeverity, update.priority.as_deref()), report);
    }
    let (group, person) = (names.number(update.group.as_deref()), names.number(update.person.as_deref()));
    let (new_group, new_person) = (group != 0 && group != known.group, person != 0 && person != known.person);
    if !new_group && !new_person {
        return;
    }
    let moved = (new_group && known.group != 0) || (new_person && known.person != 0);
    let name = if moved { EventName::Reassigned } else { EventName::Assigned };
    let to = if new_person { update.person.as_deref() } else { update.group.as_deref() };
    let event = facts.event(name, moment).maybe(Field::To, to);
    facts.tell(event, report);
}

/// What the tool shows now, where nothing else happened that could carry it. While the ticket is open it was seen again;
/// afterwards the close is said once more, because a sighting would mean that the weakness is back.
fn claim(
    state: Option<State>,
    moment: &Moment,
    verdict: Option<Verdict>,
    before: Option<Verdict>,
    facts: &mut Facts<'_>,
    report: &mut Report<'_>,
) {
    if facts.has_told || verdict.is_none() || verdict == before {
        return;
    }
    let is_done = state.is_some_and(State::is_done);
    let event = facts.event(if is_done { EventName::Closed } else { EventName::Seen }, moment);
    facts.tell(event, report);
}

/// A row older than the latest one: it is told how it stood and what was shown then.
fn late(update: &Update, moment: &Moment, plan: &Plan, report: &mut Report<'_>) {
    report.understood.meet(Rule::RowsOutOfOrder, update.native());
    let verdict = verdict_of(update, update.state, plan);
    let is_open = update.state.is_some_and(|state| !state.is_done());
    if verdict.is_none() || !is_open {
        report.understood.quiet("an update older than the one before it");
        return;
    }
    let mut facts = Facts::of(update, plan, verdict).numbered(update.native());
    let event = facts.event(EventName::Seen, moment);
    facts.tell(event, report);
}

/// Rules that count once an incident.
fn rules(update: &Update, verdict: Option<Verdict>, known: &mut Known, report: &mut Report<'_>) {
    if update.knows_its_future() && !known.future_met {
        known.future_met = true;
        report.understood.meet(Rule::FutureColumns, update.number.as_str());
    }
    let is_done = update.state.or(known.state).is_some_and(State::is_done);
    let turned =
        is_done && verdict == Some(Verdict::Breached) && matches!(known.verdict, Some(Verdict::Running | Verdict::Met));
    let is_overdue = !is_done
        && update.made_sla == Some(true)
        && matches!((update.due, update.at), (Some(due), Some(at)) if due < at.at);
    if (turned || is_overdue) && !known.late_flag_met {
        known.late_flag_met = true;
        report.understood.meet(Rule::SlaFlagLate, update.number.as_str());
    }
}
