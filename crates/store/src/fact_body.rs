//! How facts lie in a row: a version byte, then packed fields. The domain's types carry no serialisation of their own.

use crate::{
    error::StoreError,
    fact_agents::{self, Action, PackedDeed, PackedDetections, PackedStretch},
};
use domain::{
    claim::{Claim, Verdict},
    fact::{
        Cause, Check, Closure, End, Episode, Evidence, Exception, FirstExit, ItemFacts, Outcome, RecordEnd, Situation,
        SlaRecord, Tail, Ties,
    },
    flag::{Flag, Flags},
    label::LabelSeconds,
    severity::Severity,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Raised when the fields change: facts of another version are folded again.
const VERSION: u8 = 5;

#[derive(Serialize, Deserialize)]
struct Body {
    origin: i64,
    origin_imputed: bool,
    events: u32,
    kind: Option<Box<str>>,
    team: Option<Box<str>>,
    asset_class: Option<Box<str>>,
    kev_due: Option<i64>,
    ties: PackedTies,
    severity_steps: Vec<(i64, u8)>,
    touched: bool,
    agent: bool,
    tool_open: bool,
    episodes: Vec<PackedEpisode>,
    records: Vec<Record>,
    closures: Vec<(i64, Option<i64>)>,
    exceptions: Vec<(i64, Option<i64>)>,
    checks: Vec<(i64, Option<bool>, bool)>,
    patches: Vec<(i64, Box<str>)>,
    last_sighting: Option<i64>,
    detections: PackedDetections,
    deeds: Vec<PackedDeed>,
    stretches: Vec<PackedStretch>,
    actions: Vec<Action>,
    claims: Vec<PackedClaim>,
    first_exit: Option<(i64, u8)>,
    standing_close: Option<i64>,
    labels: [i64; 10],
    tail: (i64, u8),
    flags: Vec<(u8, u32)>,
}

/// Asset, weakness, ticket, playbook; techniques; ids of public weaknesses.
type PackedTies = ([Option<Box<str>>; 4], Vec<Box<str>>, Vec<Box<str>>);

/// Moment; verdict, end of the promise, seconds counted.
type PackedClaim = (i64, Option<u8>, Option<i64>, Option<i64>);

/// Start; moment, cause and evidence of the end.
type PackedEpisode = (i64, Option<(i64, u8, u8)>);

#[derive(Serialize, Deserialize)]
struct Record {
    start: i64,
    severity: u8,
    outcome: u8,
    end: Option<[i64; 4]>,
    pauses: Vec<(i64, Option<i64>)>,
}

/// Two functions from one list, so that no code is written that cannot be read.
macro_rules! codes {
    ($write:ident, $read:ident, $kind:ty, $($value:path = $code:literal),+) => {
        const fn $write(value: $kind) -> u8 {
            match value { $($value => $code),+ }
        }

        const fn $read(code: u8) -> Option<$kind> {
            match code { $($code => Some($value),)+ _ => None }
        }
    };
}

codes!(
    of_cause,
    cause,
    Cause,
    Cause::Fixed = 0,
    Cause::Accepted = 1,
    Cause::Decommissioned = 2,
    Cause::FalsePositive = 3
);
codes!(
    of_evidence,
    evidence,
    Evidence,
    Evidence::Verified = 0,
    Evidence::Unverified = 1,
    Evidence::Decommissioned = 2,
    Evidence::FalsePositive = 3
);
codes!(
    of_outcome,
    outcome,
    Outcome,
    Outcome::Running = 0,
    Outcome::Closed = 1,
    Outcome::Exempt = 2,
    Outcome::Reset = 3,
    Outcome::Cancelled = 4
);

const ACTIVE: u8 = 16;

const fn of_situation(situation: Situation) -> u8 {
    match situation {
        Situation::Over => 0,
        Situation::Untracked => 1,
        Situation::Shut => 2,
        Situation::Excepted => 3,
        Situation::Paused => 4,
        Situation::Active(severity) => ACTIVE + severity.code(),
    }
}

fn situation(code: u8) -> Option<Situation> {
    Some(match code {
        0 => Situation::Over,
        1 => Situation::Untracked,
        2 => Situation::Shut,
        3 => Situation::Excepted,
        4 => Situation::Paused,
        active => Situation::Active(Severity::from_code(active.checked_sub(ACTIVE)?)?),
    })
}

/// Whether a row was packed by another version of this file.
pub(crate) fn is_of_another_version(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|version| *version != VERSION)
}

/// Packs facts into the bytes of a row.
pub(crate) fn pack(facts: &ItemFacts) -> Result<Vec<u8>, StoreError> {
    let start = vec![VERSION];
    postcard::to_extend(&body_of(facts), start).map_err(|error| StoreError::damaged(format!("packing facts: {error}")))
}

/// Reads the bytes of a row back.
pub(crate) fn unpack(bytes: &[u8]) -> Result<ItemFacts, StoreError> {
    let damaged = || StoreError::damaged("facts");
    let (version, packed) = bytes.split_first().ok_or_else(damaged)?;
    if *version != VERSION {
        return Err(damaged());
    }
    let body: Body = postcard::from_bytes(packed).map_err(|_| damaged())?;
    facts_of(body).ok_or_else(damaged)
}

fn body_of(facts: &ItemFacts) -> Body {
    let seconds = Timestamp::seconds;
    Body {
        origin: seconds(facts.origin),
        origin_imputed: facts.origin_imputed,
        events: facts.events,
        kind: facts.kind.clone(),
        team: facts.team.clone(),
        asset_class: facts.asset_class.clone(),
        kev_due: facts.kev_due.map(seconds),
        ties: packed_ties(&facts.ties),
        severity_steps: facts.severity_steps.iter().map(|(at, severity)| (seconds(*at), severity.code())).collect(),
        touched: facts.touched,
        agent: facts.agent,
        tool_open: facts.tool_open,
        episodes: facts
            .episodes
            .iter()
            .map(|episode| {
                let end = episode.end.map(|end| (seconds(end.at), of_cause(end.cause), of_evidence(end.evidence)));
                (seconds(episode.start), end)
            })
            .collect(),
        records: facts.records.iter().map(record_of).collect(),
        closures: facts.closures.iter().map(|closure| (seconds(closure.at), closure.seen_again.map(seconds))).collect(),
        exceptions: facts.exceptions.iter().map(|spell| (seconds(spell.granted), spell.ended.map(seconds))).collect(),
        checks: facts.checks.iter().map(|check| (seconds(check.at), check.own_work, check.attested)).collect(),
        patches: facts.patches.iter().map(|(at, patch)| (seconds(*at), patch.clone())).collect(),
        last_sighting: facts.last_sighting.map(seconds),
        detections: fact_agents::of_detections(facts.detections),
        deeds: facts.deeds.iter().map(fact_agents::of_deed).collect(),
        stretches: facts.stretches.iter().map(fact_agents::of_stretch).collect(),
        actions: facts.actions.iter().map(fact_agents::of_action).collect(),
        claims: facts.claims.iter().map(packed_claim).collect(),
        first_exit: facts.first_exit.map(|exit| (seconds(exit.at), of_cause(exit.cause))),
        standing_close: facts.standing_close.map(seconds),
        labels: facts.settled_labels.to_array(),
        tail: (seconds(facts.tail.since), of_situation(facts.tail.situation)),
        flags: facts.flags.iter().map(|(flag, count)| (flag.code(), count)).collect(),
    }
}

fn packed_ties(ties: &Ties) -> PackedTies {
    let words = [&ties.asset, &ties.weakness, &ties.ticket, &ties.playbook].map(Clone::clone);
    (words, ties.techniques.clone(), ties.cves.clone())
}

fn packed_claim((at, claim): &(Timestamp, Claim)) -> PackedClaim {
    (at.seconds(), claim.verdict.map(Verdict::code), claim.due.map(Timestamp::seconds), claim.seconds)
}

fn record_of(record: &SlaRecord) -> Record {
    let end = record.end.as_ref();
    Record {
        start: record.start.seconds(),
        severity: record.severity.code(),
        outcome: of_outcome(record.outcome),
        end: end.map(|end| [end.at.seconds(), end.elapsed_seconds, end.paused_seconds, end.target_seconds]),
        pauses: record.pauses.iter().map(|(from, to)| (from.seconds(), to.map(Timestamp::seconds))).collect(),
    }
}

fn facts_of(body: Body) -> Option<ItemFacts> {
    let at = Timestamp::from_seconds;
    let mut flags = Flags::default();
    for (code, count) in body.flags {
        flags.raise_by(Flag::from_code(code)?, count);
    }
    let steps = body.severity_steps.into_iter();
    let first_exit = match body.first_exit {
        Some((moment, code)) => Some(FirstExit { at: at(moment), cause: cause(code)? }),
        None => None,
    };
    Some(ItemFacts {
        origin: at(body.origin),
        origin_imputed: body.origin_imputed,
        events: body.events,
        kind: body.kind,
        team: body.team,
        asset_class: body.asset_class,
        kev_due: body.kev_due.map(at),
        ties: ties(body.ties),
        severity_steps: steps
            .map(|(moment, code)| Some((at(moment), Severity::from_code(code)?)))
            .collect::<Option<_>>()?,
        touched: body.touched,
        agent: body.agent,
        tool_open: body.tool_open,
        episodes: body.episodes.into_iter().map(episode).collect::<Option<_>>()?,
        records: body.records.into_iter().map(record).collect::<Option<_>>()?,
        closures: body
            .closures
            .into_iter()
            .map(|(moment, seen)| Closure { at: at(moment), seen_again: seen.map(at) })
            .collect(),
        exceptions: body
            .exceptions
            .into_iter()
            .map(|(granted, ended)| Exception { granted: at(granted), ended: ended.map(at) })
            .collect(),
        checks: body
            .checks
            .into_iter()
            .map(|(moment, own_work, attested)| Check { at: at(moment), own_work, attested })
            .collect(),
        patches: body.patches.into_iter().map(|(moment, patch)| (at(moment), patch)).collect(),
        last_sighting: body.last_sighting.map(at),
        detections: fact_agents::detections(body.detections),
        deeds: body.deeds.into_iter().map(fact_agents::deed).collect::<Option<_>>()?,
        stretches: body.stretches.into_iter().map(fact_agents::stretch).collect::<Option<_>>()?,
        actions: body.actions.into_iter().map(fact_agents::action).collect::<Option<_>>()?,
        claims: body.claims.into_iter().map(claim).collect::<Option<_>>()?,
        first_exit,
        standing_close: body.standing_close.map(at),
        settled_labels: LabelSeconds::from_array(body.labels),
        tail: Tail { since: at(body.tail.0), situation: situation(body.tail.1)? },
        flags,
    })
}

fn ties(([asset, weakness, ticket, playbook], techniques, cves): PackedTies) -> Ties {
    Ties { asset, weakness, ticket, playbook, techniques, cves }
}

fn claim((at, verdict, due, seconds): PackedClaim) -> Option<(Timestamp, Claim)> {
    let verdict = match verdict {
        Some(code) => Some(Verdict::from_code(code)?),
        None => None,
    };
    Some((Timestamp::from_seconds(at), Claim { verdict, due: due.map(Timestamp::from_seconds), seconds }))
}

fn episode((start, end): PackedEpisode) -> Option<Episode> {
    let end = match end {
        None => None,
        Some((at, cause_code, evidence_code)) => {
            Some(End { at: Timestamp::from_seconds(at), cause: cause(cause_code)?, evidence: evidence(evidence_code)? })
        }
    };
    Some(Episode { start: Timestamp::from_seconds(start), end })
}

fn record(record: Record) -> Option<SlaRecord> {
    let at = Timestamp::from_seconds;
    Some(SlaRecord {
        start: at(record.start),
        severity: Severity::from_code(record.severity)?,
        outcome: outcome(record.outcome)?,
        end: record.end.map(|[moment, elapsed_seconds, paused_seconds, target_seconds]| RecordEnd {
            at: at(moment),
            elapsed_seconds,
            paused_seconds,
            target_seconds,
        }),
        pauses: record.pauses.into_iter().map(|(from, to)| (at(from), to.map(at))).collect(),
    })
}
