//! Which record does a JSON object tell of? All of it, or a list of what is wrong with it.

use super::part::{Noticed, Part};
use crate::{
    foreign::Clock,
    held::{Fault, Held, shown},
    json::Members,
};
use domain::{
    drill::{
        Action, Decision, Detection, DrillRecord, Finding, Inject, Objective, Participant, Recommendation, Retest,
    },
    quarantine::Reason,
};
use std::collections::BTreeSet;

/// Reads the members of an object; beside the record, the number of keys that are not ours.
pub(super) fn record(members: &Members<'_>, clock: &Clock) -> Result<(DrillRecord, u64), Held> {
    let mut noticed = Noticed::default();
    let mut part = Part::of(members, clock, &mut noticed);
    let record = drill(&mut part);
    part.done();
    repeated(&record, &mut noticed);
    match Held::from_faults(noticed.faults) {
        Some(held) => Err(held),
        None => Ok((record, noticed.unknown)),
    }
}

fn drill(part: &mut Part<'_, '_>) -> DrillRecord {
    DrillRecord {
        id: part.id("id"),
        kind: part.word("type"),
        scenario: part.text("scenario"),
        title: part.text("title"),
        started_at: part.time("started_at"),
        ended_at: part.time("ended_at"),
        announced: part.truth("announced"),
        planned: part.text("planned"),
        report_delivered_at: part.time("report_delivered_at"),
        lead: part.text("lead"),
        playbook: part.texts("playbook"),
        technique: part.texts("technique"),
        system_group: part.texts("system_group"),
        incident: part.text("incident"),
        participants: part.parts("participants", participant),
        injects: part.parts("injects", inject),
        detections: part.parts("detections", detection),
        decisions: part.parts("decisions", decision),
        objectives: part.parts("objectives", objective),
        actions: part.parts("actions", action),
        findings: part.parts("findings", finding),
        retests: part.parts("retests", retest),
        recommendations: part.parts("recommendations", recommendation),
    }
}

fn participant(part: &mut Part<'_, '_>) -> Participant {
    Participant {
        person: part.id("person"),
        role: part.text("role"),
        team: part.text("team"),
        invited: part.truth("invited"),
        attended: part.truth("attended"),
        novel: part.truth("novel"),
        novel_basis: part.word("novel_basis"),
    }
}

fn inject(part: &mut Part<'_, '_>) -> Inject {
    Inject {
        id: part.id("id"),
        at: part.time("at"),
        title: part.text("title"),
        technique: part.texts("technique"),
        tool: part.text("tool"),
        playbook: part.text("playbook"),
        system_group: part.text("system_group"),
        for_roles: part.texts("for_roles"),
        novel_to: part.texts("novel_to"),
        executed: part.truth("executed"),
        ended_at: part.time("ended_at"),
    }
}

fn detection(part: &mut Part<'_, '_>) -> Detection {
    Detection {
        inject: part.text("inject"),
        technique: part.text("technique"),
        outcome: part.word("outcome").unwrap_or_default(),
        at: part.time("at"),
        tool: part.text("tool"),
        usable: part.word("usable").unwrap_or_default(),
        first_action_at: part.time("first_action_at"),
    }
}

fn decision(part: &mut Part<'_, '_>) -> Decision {
    Decision {
        id: part.id("id"),
        inject: part.text("inject"),
        question: part.text("question"),
        asked_at: part.time("asked_at"),
        asked_of: part.text("asked_of"),
        decided_at: part.time("decided_at"),
        outcome: part.word("outcome"),
        decided_by: part.text("decided_by"),
        decided_by_role: part.text("decided_by_role"),
        window_minutes: part.count("window_minutes"),
        technical_action: part.text("technical_action"),
        business_impact: part.text("business_impact"),
        options: part.texts("options"),
        incident: part.text("incident"),
    }
}

fn objective(part: &mut Part<'_, '_>) -> Objective {
    Objective {
        id: part.id("id"),
        inject: part.texts("inject"),
        person: part.text("person"),
        team: part.text("team"),
        text: part.text("text"),
        rating: part.word("rating"),
        time_box_seconds: part.count("time_box_seconds"),
        started_at: part.time("started_at"),
        completed_at: part.time("completed_at"),
        evaluator: part.text("evaluator"),
        observation: part.text("observation"),
    }
}

fn action(part: &mut Part<'_, '_>) -> Action {
    Action {
        at: part.time("at"),
        actor: part.text("actor"),
        playbook: part.text("playbook"),
        step: part.text("step"),
        text: part.text("text"),
    }
}

fn finding(part: &mut Part<'_, '_>) -> Finding {
    Finding {
        id: part.id("id"),
        inject: part.text("inject"),
        technique: part.text("technique"),
        control: part.text("control"),
        system_group: part.text("system_group"),
        text: part.text("text"),
        severity: part.parsed("severity", "critical, high, medium or low"),
        owner: part.text("owner"),
        due: part.last_of_day("due"),
        team: part.text("team"),
        item_id: part.text("item_id"),
    }
}

fn retest(part: &mut Part<'_, '_>) -> Retest {
    Retest {
        finding: part.id("finding"),
        at: part.time("at"),
        passed: part.truth("passed"),
        attempt: part.count("attempt"),
        by: part.text("by"),
    }
}

fn recommendation(part: &mut Part<'_, '_>) -> Recommendation {
    Recommendation {
        id: part.id("id"),
        agent: part.text("agent"),
        inject: part.text("inject"),
        truth: part.word("truth"),
        planted: part.truth("planted"),
        shown_at: part.time("shown_at"),
        decided_at: part.time("decided_at"),
        decision: part.word("decision"),
        by: part.text("by"),
    }
}

/// Two parts of one name could not be told apart by what refers to them.
fn repeated(record: &DrillRecord, noticed: &mut Noticed) {
    let mut check = |list: &str, ids: Vec<&str>| {
        let mut seen = BTreeSet::new();
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            if !seen.insert(id) {
                let detail = format!("the id `{}` stands twice in `{list}`", shown(id));
                noticed.faults.push(Fault::of(list, Reason::BadValue, detail));
            }
        }
    };
    check("injects", record.injects.iter().map(|one| one.id.as_str()).collect());
    check("decisions", record.decisions.iter().map(|one| one.id.as_str()).collect());
    check("objectives", record.objectives.iter().map(|one| one.id.as_str()).collect());
    check("findings", record.findings.iter().map(|one| one.id.as_str()).collect());
    check("recommendations", record.recommendations.iter().map(|one| one.id.as_str()).collect());
}
