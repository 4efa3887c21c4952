//! How do agents' actions, people's deeds and stretches of work lie in a row of facts?

use domain::{
    actor::ActorType,
    agent_action::{ActionDetails, AgentAction, Confidence, ContextLayers, Impact, Truth, Verdict},
    reason_code::ReasonCode,
    time::Timestamp,
    work::{Deed, FirstDetections, PersonDeed, Spent, Stretch},
};
use serde::{Deserialize, Serialize};

/// First detection by a machine, by others.
pub(crate) type PackedDetections = [Option<i64>; 2];

/// Moment, person, deed.
pub(crate) type PackedDeed = (i64, Box<str>, u8);

/// Start, end, what it was spent on.
pub(crate) type PackedStretch = (i64, Option<i64>, u8);

/// Moment, whether accepted, by whom, and what they are.
type PackedVerdict = (i64, bool, Option<Box<str>>, Option<u8>);

#[derive(Serialize, Deserialize)]
pub(crate) struct Action {
    reference: Box<str>,
    /// Agent, version, action.
    words: [Option<Box<str>>; 3],
    impact: Option<u8>,
    confidence: Option<u32>,
    truth: Option<u8>,
    planted: bool,
    in_scope: Option<bool>,
    blocked: bool,
    /// Review, saving claimed, lapse.
    seconds: [Option<i64>; 3],
    verdict: Option<PackedVerdict>,
    /// Proposed, executed, reverted, redetected, verified.
    moments: [Option<i64>; 5],
    context: Option<[bool; 3]>,
}

/// The code of touch; a reason to wait stands above it.
const TOUCH: u8 = 0;
const WAITING: u8 = 1;

pub(crate) fn of_detections(first: FirstDetections) -> PackedDetections {
    [first.by_machine, first.by_others].map(|at| at.map(Timestamp::seconds))
}

pub(crate) fn detections([by_machine, by_others]: PackedDetections) -> FirstDetections {
    let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    FirstDetections { by_machine: at(by_machine), by_others: at(by_others) }
}

pub(crate) fn of_deed(done: &PersonDeed) -> PackedDeed {
    let code = match done.deed {
        Deed::Fix => 0,
        Deed::Approval => 1,
        Deed::Answer => 2,
    };
    (done.at.seconds(), done.by.clone(), code)
}

pub(crate) fn deed((at, by, code): PackedDeed) -> Option<PersonDeed> {
    let deed = match code {
        0 => Deed::Fix,
        1 => Deed::Approval,
        2 => Deed::Answer,
        _ => return None,
    };
    Some(PersonDeed { at: Timestamp::from_seconds(at), by, deed })
}

pub(crate) fn of_stretch(stretch: &Stretch) -> PackedStretch {
    let code = match stretch.spent {
        Spent::Touch => TOUCH,
        Spent::Waiting(reason) => WAITING.saturating_add(reason.code()),
    };
    (stretch.from.seconds(), stretch.to.map(Timestamp::seconds), code)
}

pub(crate) fn stretch((from, to, code): PackedStretch) -> Option<Stretch> {
    let spent = match code.checked_sub(WAITING) {
        None => Spent::Touch,
        Some(reason) => Spent::Waiting(ReasonCode::from_code(reason)?),
    };
    Some(Stretch { from: Timestamp::from_seconds(from), to: to.map(Timestamp::from_seconds), spent })
}

pub(crate) fn of_action(action: &AgentAction) -> Action {
    let said = &action.details;
    let seconds = |at: Option<Timestamp>| at.map(Timestamp::seconds);
    Action {
        reference: action.reference.clone(),
        words: [&said.agent, &said.version, &said.action].map(Clone::clone),
        impact: said.impact.map(|impact| match impact {
            Impact::Low => 0,
            Impact::High => 1,
        }),
        confidence: said.confidence.map(Confidence::millionths),
        truth: said.truth.map(|truth| match truth {
            Truth::Right => 0,
            Truth::Wrong => 1,
        }),
        planted: said.planted,
        in_scope: said.in_scope,
        blocked: said.blocked,
        seconds: [said.review_seconds, said.saved_seconds_claimed, seconds(said.expires_at)],
        verdict: action.verdict.as_ref().map(|verdict| {
            let code = verdict.by_type.map(of_actor_type);
            (verdict.at.seconds(), verdict.accepted, verdict.by.clone(), code)
        }),
        moments: [action.proposed, action.executed, action.reverted, action.redetected, action.verified].map(seconds),
        context: action.context.map(|layers| [layers.identity, layers.dependency, layers.timing]),
    }
}

const fn of_actor_type(kind: ActorType) -> u8 {
    match kind {
        ActorType::Human => 0,
        ActorType::Agent => 1,
        ActorType::System => 2,
    }
}

const fn actor_type(code: u8) -> Option<ActorType> {
    match code {
        0 => Some(ActorType::Human),
        1 => Some(ActorType::Agent),
        2 => Some(ActorType::System),
        _ => None,
    }
}

/// `None` for a code that nobody writes; an absent code stays absent.
fn coded<C, T>(code: Option<C>, of: impl Fn(C) -> Option<T>) -> Option<Option<T>> {
    match code {
        None => Some(None),
        Some(code) => of(code).map(Some),
    }
}

pub(crate) fn action(packed: Action) -> Option<AgentAction> {
    let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    let [agent, version, name] = packed.words;
    let [review_seconds, saved_seconds_claimed, expires_at] = packed.seconds;
    let [proposed, executed, reverted, redetected, verified] = packed.moments.map(at);
    let verdict = match packed.verdict {
        None => None,
        Some((moment, accepted, by, code)) => {
            Some(Verdict { at: Timestamp::from_seconds(moment), accepted, by, by_type: coded(code, actor_type)? })
        }
    };
    let details = ActionDetails {
        agent,
        version,
        action: name,
        impact: coded(packed.impact, |code| [Impact::Low, Impact::High].get(usize::from(code)).copied())?,
        confidence: coded(packed.confidence, Confidence::of_millionths)?,
        truth: coded(packed.truth, |code| [Truth::Right, Truth::Wrong].get(usize::from(code)).copied())?,
        planted: packed.planted,
        in_scope: packed.in_scope,
        blocked: packed.blocked,
        review_seconds,
        saved_seconds_claimed,
        expires_at: at(expires_at),
    };
    let layers = |[identity, dependency, timing]: [bool; 3]| ContextLayers { identity, dependency, timing };
    Some(AgentAction {
        reference: packed.reference,
        details,
        proposed,
        verdict,
        executed,
        reverted,
        redetected,
        verified,
        context: packed.context.map(layers),
    })
}
