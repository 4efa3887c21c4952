//! What can be said of an incident by a single row that tells how it stands: its end points, and bounds for the rest.

use super::{
    Plan, StopAt,
    facts::Facts,
    report::Report,
    state::State,
    steps::{Hands, Steps},
    update::Update,
};
use crate::{
    field::Field,
    foreign::{Rule, clock::Moment},
    held::Fault,
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};

/// Tells what a row says beside the opening.
pub(super) fn tell<'a>(
    update: &'a Update,
    opened: Option<Timestamp>,
    plan: &'a Plan,
    facts: &mut Facts<'a>,
    report: &mut Report<'_>,
) {
    if update.reopens > 0 {
        report.understood.meet(Rule::CyclesLost, update.number.as_str());
    }
    if update.reassignments > 0 {
        report.understood.quiet("reassignments that no date tells");
    }
    let by = update.at.or(update.closed).or(update.resolved).map(|moment| moment.end());
    let bounds = opened.zip(by).filter(|(opened, by)| opened <= by);
    if let Some(to) = update.person.as_deref().or(update.group.as_deref()) {
        between(EventName::Assigned, Some((Field::To, to)), bounds, facts, report);
    }
    match update.state {
        Some(State::New) | None => {}
        Some(State::InProgress) => between(EventName::Triaged, None, bounds, facts, report),
        Some(State::OnHold(hold)) => {
            let code = hold.as_code().map(|code| (Field::ReasonCode, code));
            between(EventName::Paused, code, bounds, facts, report);
        }
        Some(state) => end(update, state, bounds, Steps { plan, facts, report, hands: Hands::of(update) }),
    }
}

/// Something that was so at the latest when the row was written.
fn between(
    name: EventName,
    with: Option<(Field, &str)>,
    bounds: Option<(Timestamp, Timestamp)>,
    facts: &mut Facts<'_>,
    report: &mut Report<'_>,
) {
    let Some((after, by)) = bounds else {
        report.understood.quiet(&format!("`{}` that no date tells", name.as_str()));
        return;
    };
    let event = facts.inferred(name, after, by);
    let event = match with {
        Some((field, text)) => event.text(field, text),
        None => event,
    };
    facts.add(event, report);
}

/// The end of an incident, by its own dates. An end that is held is not made up from other dates.
fn end(update: &Update, state: State, bounds: Option<(Timestamp, Timestamp)>, mut steps: Steps<'_, '_, '_, '_>) {
    // Of a single row nobody knows whether whoever wrote it last also closed it.
    steps.hands.updater = None;
    steps.facts.forget_now();
    let resolved = believable("resolved_at", update.resolved, update, steps.report);
    let closed = believable("closed_at", update.closed, update, steps.report);
    let (no_resolved, no_closed) = (steps.report.has_fault(&["resolved_at"]), steps.report.has_fault(&["closed_at"]));
    match (state, resolved, closed) {
        (State::Canceled, _, Some(moment)) | (State::Canceled, Some(moment), None) => steps.canceled(&moment),
        (State::Closed, Some(resolved), Some(closed)) => {
            steps.resolved(&resolved);
            let _is_checked = steps.closed(&closed);
        }
        (State::Closed, Some(resolved), None) => {
            steps.resolved(&resolved);
            if steps.plan.own.stop_at == StopAt::Closed && !no_closed {
                let bounds = bounds.map(|(after, by)| (after.max(resolved.at), by));
                undated(&[EventName::Closed], bounds, &mut steps);
            }
        }
        (State::Closed, None, Some(closed)) if no_resolved => steps.closed_anyway(&closed),
        (State::Closed, None, Some(closed)) => steps.closed_unresolved(&closed),
        (State::Canceled | State::Closed, None, None) if !no_closed => {
            undated(&[EventName::Closed], bounds, &mut steps);
        }
        (State::Canceled | State::Closed, None, None) => {}
        (_, Some(moment), _) => steps.resolved(&moment),
        (_, None, _) if no_resolved => {}
        (_, None, _) if steps.plan.own.stop_at == StopAt::Resolved => {
            undated(&[EventName::FixApplied, EventName::Closed], bounds, &mut steps);
        }
        (_, None, _) => undated(&[EventName::FixApplied], bounds, &mut steps),
    }
}

/// A date that can be the end: not before the opening, which is held, and not after the row was written.
fn believable(field: &str, end: Option<Moment>, update: &Update, report: &mut Report<'_>) -> Option<Moment> {
    let end = end?;
    if let Some(opened) = update.opened.filter(|opened| end.end() < opened.at) {
        let detail = format!("`{field}` is {} and `opened_at` is {}", end.at, opened.at);
        report.fault(Fault::of(field, Reason::EndsBeforeStart, detail).hint("look at the two dates"));
        return None;
    }
    Some(end).filter(|end| update.at.is_none_or(|at| end.at <= at.end()))
}

/// Ends that no date tells lie between what is known.
fn undated(names: &[EventName], bounds: Option<(Timestamp, Timestamp)>, steps: &mut Steps<'_, '_, '_, '_>) {
    steps.report.understood.meet(Rule::NoClosingDate, steps.report.native.as_str());
    for name in names {
        match bounds {
            Some((after, by)) => {
                let event = steps.facts.inferred(*name, after, by);
                steps.facts.tell(event, steps.report);
            }
            None => steps.report.understood.quiet(&format!("`{}` that no date tells", name.as_str())),
        }
    }
}
