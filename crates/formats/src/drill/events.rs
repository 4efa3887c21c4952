//! Which events follow from a drill? Each finding is an item, detected in the drill; a retest says whether it is gone.

use crate::{
    canonical::Outcome,
    field::Field,
    foreign::{Event, Moment, Rule, Understood, fitted},
    held::{Fault, Held},
};
use domain::{
    drill::{DrillRecord, Finding, Retest},
    event_name::EventName,
    kind::Kind,
    quarantine::Reason,
};

/// Event ids begin with this, whichever tool the record came from.
const ADAPTER: &str = "drill";

/// The item a finding is: the one it names, or itself on its drill.
pub(crate) fn item_of(record: &DrillRecord, finding: &Finding) -> String {
    finding.item_id.clone().unwrap_or_else(|| fitted(format!("{}@{}", finding.id, record.id)))
}

/// The events of all findings and retests.
pub(super) fn tell(record: &DrillRecord, understood: &mut Understood) {
    for finding in &record.findings {
        understood.outcomes.push(detected(record, finding));
    }
    for retest in &record.retests {
        let outcome = retested(record, retest);
        if matches!(&outcome, Outcome::Held(held) if held.reason == Reason::EndsBeforeStart) {
            understood.meet(Rule::EndsBeforeStart, format!("{}/{}", record.id, retest.finding));
        }
        understood.outcomes.push(outcome);
    }
}

fn detected(record: &DrillRecord, finding: &Finding) -> Outcome {
    let Some(at) = record.found_at(finding) else {
        let detail = format!("finding `{}` of drill `{}` has no time", finding.id, record.id);
        let fault = Fault::of("ended_at", Reason::MissingField, detail);
        return Outcome::Held(Held::because(fault.hint("say when the drill ended")));
    };
    let techniques: Vec<String> = finding.technique.iter().cloned().collect();
    Event::new(EventName::Detected, &item_of(record, finding), &Moment::exact(at))
        .id(ADAPTER, &format!("{}/{}", record.id, finding.id))
        .text(Field::Kind, Kind::DrillFinding.as_str())
        .text(Field::Drill, &record.id)
        .maybe(Field::Fingerprint, finding.fingerprint().as_deref())
        .maybe(Field::Weakness, finding.control.as_deref())
        .maybe(Field::Asset, finding.system_group.as_deref())
        .list(Field::Technique, &techniques)
        .maybe(Field::Severity, finding.severity.map(domain::severity::Severity::as_str))
        .maybe(Field::Team, finding.team.as_deref())
        .maybe(Field::Owner, finding.owner.as_deref())
        .maybe(Field::ReportedDue, finding.due.map(|due| due.to_string()).as_deref())
        // Owner, team and due day are those of the day the record was written.
        .standing(None)
        .outcome()
}

fn retested(record: &DrillRecord, retest: &Retest) -> Outcome {
    let held = |field: &str, what: &str, hint: &str| {
        let detail = format!("the retest of `{}` in drill `{}` {what}", retest.finding, record.id);
        Outcome::Held(Held::because(Fault::of(field, Reason::MissingField, detail).hint(hint)))
    };
    let Some(finding) = record.finding_of(retest) else {
        return held("finding", "is of no finding of this record", "send it with the record that has the finding");
    };
    let Some(at) = retest.at else { return held("at", "has no time", "say when it was") };
    let Some(passed) = retest.passed else { return held("passed", "does not say whether it passed", "say so") };
    if let Some(found) = record.found_at(finding).filter(|found| passed && at < *found) {
        let detail = format!(
            "the retest of `{}` in drill `{}` passed at {at}, before it was found at {found}",
            retest.finding, record.id
        );
        let fault = Fault::of("at", Reason::EndsBeforeStart, detail);
        return Outcome::Held(Held::because(fault.hint("mend the time, or name the inject that showed the finding")));
    }
    let name = if passed { EventName::Verified } else { EventName::VerificationFailed };
    Event::new(name, &item_of(record, finding), &Moment::exact(at))
        .id(ADAPTER, &format!("{}/{}", record.id, finding.id))
        .text(Field::Kind, Kind::DrillFinding.as_str())
        .text(Field::Drill, &record.id)
        .text(Field::Method, "retest")
        .maybe(Field::Actor, retest.by.as_deref())
        .outcome()
}
