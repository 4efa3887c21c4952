//! Can a drill have gone as its record says? What cannot is taken out and held; what is merely odd is counted.

use crate::{
    foreign::{Rule, Understood},
    held::Fault,
};
use domain::{
    drill::{Decision, DrillRecord, Truth},
    quarantine::Reason,
    time::Timestamp,
};
use std::collections::BTreeSet;

/// Checks a record by the rules of drills; what it cannot hold becomes a held line.
pub(super) fn check(record: &mut DrillRecord, understood: &mut Understood) {
    let drill = record.id.clone();
    let mut ends = Ends { drill: &drill, understood };
    ends.check("ended_at", record.started_at, &mut record.ended_at);
    for inject in &mut record.injects {
        ends.check(&format!("injects `{}`", inject.id), inject.at, &mut inject.ended_at);
    }
    for objective in &mut record.objectives {
        ends.check(&format!("objectives `{}`", objective.id), objective.started_at, &mut objective.completed_at);
    }
    let (before, kept) = record.decisions.drain(..).partition(Decision::is_decided_before_asked);
    record.decisions = kept;
    for decision in before {
        decided_before_asked(&drill, &decision, understood);
    }
    flag(record, understood);
}

/// Ends that lie before their starts: the end is held, the start stays.
struct Ends<'a> {
    drill: &'a str,
    understood: &'a mut Understood,
}

impl Ends<'_> {
    fn check(&mut self, what: &str, start: Option<Timestamp>, end: &mut Option<Timestamp>) {
        let (Some(started), Some(ended)) = (start, *end) else { return };
        if ended >= started {
            return;
        }
        *end = None;
        self.understood.meet(Rule::EndsBeforeStart, self.drill);
        let detail = format!("{what} of drill `{}` ends at {ended} and starts at {started}", self.drill);
        self.understood.hold(Fault::of(what, Reason::EndsBeforeStart, detail));
    }
}

fn decided_before_asked(drill: &str, decision: &Decision, understood: &mut Understood) {
    understood.meet(Rule::DecidedBeforeAsked, format!("{drill}/{}", decision.id));
    let shown = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let (asked, decided) = (shown(decision.asked_at), shown(decision.decided_at));
    let detail = format!("decision `{}` of drill `{drill}` was asked at {asked} and decided at {decided}", decision.id);
    let fault = Fault::of("decided_at", Reason::DecidedBeforeAsked, detail);
    understood.hold(fault.hint("mend the two times and send the record again"));
}

fn flag(record: &DrillRecord, understood: &mut Understood) {
    let named = |part: &str| format!("{}/{part}", record.id);
    for objective in record.objectives.iter().filter(|objective| objective.rating.is_none()) {
        understood.meet(Rule::ObjectiveWithoutRating, named(&objective.id));
    }
    for finding in record.findings.iter().filter(|finding| finding.fingerprint().is_none()) {
        understood.meet(Rule::FingerprintMissing, named(&finding.id));
    }
    for one in &record.recommendations {
        if one.truth == Some(Truth::Wrong) && one.planted.is_none() {
            understood.meet(Rule::PlantedUnmarked, named(&one.id));
        }
    }
    let first: BTreeSet<&str> =
        record.retests.iter().filter(|one| one.attempt == Some(1)).map(|one| one.finding.as_str()).collect();
    let later = record.retests.iter().filter(|one| one.attempt.is_some_and(|attempt| attempt > 1));
    let gaps: BTreeSet<&str> = later.map(|one| one.finding.as_str()).filter(|id| !first.contains(id)).collect();
    for gap in gaps {
        understood.meet(Rule::AttemptGap, named(gap));
    }
}
