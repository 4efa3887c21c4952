//! How does a record become something the writer only has to store? Keys, hashes and packed raw lines are made here,
//! on any thread, before the queue.

use super::{
    came_again::{Arrived, WaitingLines, awaited_json},
    clock_offsets::ClockOffsets,
    settings::{AllowedSources, ReceivedAt, is_slug},
};
use crate::error::ServiceError;
use domain::{event::Certainty, event_name::EventName, quarantine::Reason, time::Timestamp};
use formats::{
    canonical::{Draft, Outcome, earlier, is_future},
    foreign::ForeignRecord,
    frame::Place,
    held::{Fault, Held, Told},
    source::Record,
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    StoreError,
    chain::{Hash, Leaf, Salt},
    event_keys::{Content, EventKey},
    held_forms::HeldForm,
    quarantine::{NewHeld, RAW_BYTES_MAX},
    raw_lines::{Packed, Packer},
};

/// The records of one request or one piece of a file, by the source they belong to.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) parts: Vec<Part>,
    /// Hashes of records that became events and may be held since before.
    pub(crate) came_again: Vec<Hash>,
    /// What came whole, for which lines wait that are held since before.
    pub(crate) arrived: Vec<Arrived>,
    /// Bytes of the raw lines, for the budget of the queue.
    pub(crate) bytes: usize,
}

/// The records of one source.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) source: String,
    pub(crate) events: Vec<PreparedEvent>,
    pub(crate) held: Vec<PreparedHeld>,
    pub(crate) raw: Packed,
    /// How its records are written.
    pub(crate) form: Option<Arc<HeldForm>>,
    /// What is subtracted from its times.
    pub(crate) subtracted: i64,
}

/// An event that waits for its number.
#[derive(Debug)]
pub(crate) struct PreparedEvent {
    /// Its place in the request, and its place among the packed lines.
    pub(crate) position: u32,
    pub(crate) line: u32,
    pub(crate) place: Place,
    pub(crate) key: EventKey,
    pub(crate) item_id: String,
    /// The survivor, where it is a merge.
    pub(crate) survivor: Option<String>,
    pub(crate) name: EventName,
    pub(crate) at: Timestamp,
    pub(crate) at_latest: Option<Timestamp>,
    pub(crate) received_at: Timestamp,
    pub(crate) stamped: bool,
    pub(crate) certainty: Certainty,
    pub(crate) content: Content,
    pub(crate) body: Arc<str>,
    /// The line with its times put right, where the clock of its source is known to be wrong.
    pub(crate) counted: Option<Arc<str>>,
    pub(crate) raw_hash: Hash,
    pub(crate) leaf: Hash,
    pub(crate) unknown_fields: Vec<Box<str>>,
}

/// A held line that waits for its number.
#[derive(Debug)]
pub(crate) struct PreparedHeld {
    pub(crate) position: u32,
    pub(crate) held: NewHeld,
}

/// What the receiver decides about the records.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// The source of records that name none.
    pub(crate) source: String,
    pub(crate) allowed: AllowedSources,
    pub(crate) received_at: ReceivedAt,
    pub(crate) now: Timestamp,
    /// How the records are written, once that is known.
    pub(crate) form: Option<Arc<HeldForm>>,
    /// Lines of the source that wait.
    pub(crate) waiting: Arc<WaitingLines>,
    /// What is subtracted from the times of sources.
    pub(crate) clocks: Arc<ClockOffsets>,
}

impl Terms {
    /// What is stamped on arrival, and belongs to no source but the one it is sent to.
    pub(crate) fn stamped(source: String, now: Timestamp) -> Self {
        Self {
            source,
            allowed: AllowedSources::These(Vec::new()),
            received_at: ReceivedAt::Stamped,
            now,
            form: None,
            waiting: Arc::default(),
            clocks: Arc::default(),
        }
    }
}

/// A record with everything it says: one event or held line of a canonical record, any number of a foreign one.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) place: Place,
    pub(crate) raw: Vec<u8>,
    pub(crate) outcomes: Vec<Outcome>,
    /// What came whole with it.
    pub(crate) arrived: Vec<Told>,
    /// Whether its times are of our own clock.
    pub(crate) is_our_time: bool,
}

impl Taken {
    /// A record with what it says, and nothing beside it.
    pub(crate) const fn plain(place: Place, raw: Vec<u8>, outcomes: Vec<Outcome>) -> Self {
        Self { place, raw, outcomes, arrived: Vec::new(), is_our_time: false }
    }
}

impl From<Record> for Taken {
    fn from(record: Record) -> Self {
        Self::plain(record.place, record.raw, vec![record.outcome])
    }
}

impl From<ForeignRecord> for Taken {
    /// What is held of a record is held as one line with all its faults: a line is known by its bytes.
    fn from(record: ForeignRecord) -> Self {
        let (mut outcomes, mut faults) = (Vec::new(), Vec::new());
        for outcome in record.understood.outcomes {
            match outcome {
                Outcome::Event(_) => outcomes.push(outcome),
                Outcome::Held(held) => faults.extend(held.faults),
            }
        }
        outcomes.extend(Held::from_faults(faults).map(Outcome::Held));
        let (arrived, is_our_time) = (record.understood.arrived, record.understood.is_our_time);
        Self { place: record.place, raw: record.raw, outcomes, arrived, is_our_time }
    }
}

#[derive(Default)]
struct OpenPart {
    events: Vec<PreparedEvent>,
    held: Vec<PreparedHeld>,
    packer: Packer,
    lines: u32,
}

/// Prepares records for the writer. `first_position` is the place of the first event or held line in its request.
pub(crate) fn prepare(records: Vec<Taken>, terms: &Terms, first_position: u32) -> Result<Prepared, ServiceError> {
    let mut salts = vec![0_u8; records.len() * size_of::<Salt>()];
    getrandom::fill(&mut salts).map_err(|_| StoreError::damaged("the system gave no random bytes"))?;
    let (salts, _) = salts.as_chunks::<{ size_of::<Salt>() }>();
    let mut open: BTreeMap<String, OpenPart> = BTreeMap::new();
    let (mut bytes, mut position, mut came_again, mut arrived) = (0, first_position, Vec::new(), Vec::new());
    for (record, salt) in records.into_iter().zip(salts) {
        bytes += record.raw.len();
        let (mut packed, mut is_held) = (None, false);
        let first = position;
        for outcome in record.outcomes {
            let source = source_of(&outcome, terms);
            let ahead = if record.is_our_time { 0 } else { terms.clocks.of(source) };
            if !open.contains_key(source) {
                open.insert(source.to_owned(), OpenPart::default());
            }
            let Some(part) = open.get_mut(source) else { continue };
            match judge(outcome, terms, ahead) {
                Outcome::Event(draft) => {
                    // All events of a record have the same source, so its line is packed once for all of them.
                    let (line, raw_hash) = *packed.get_or_insert_with(|| part.pack(salt, &record.raw));
                    let mut event = event_of(*draft, terms, ahead, (position, record.place, raw_hash));
                    event.line = line;
                    part.events.push(event);
                }
                Outcome::Held(held) => {
                    is_held = true;
                    part.held.push(PreparedHeld { position, held: held_of(&held, record.place, record.raw.clone()) });
                }
            }
            position = position.wrapping_add(1);
        }
        if packed.is_some() && !is_held {
            came_again.extend(terms.waiting.hash_of(&record.raw));
        }
        let places = (first.wrapping_sub(first_position), position.wrapping_sub(first_position));
        arrived.extend(record.arrived.iter().filter_map(|told| terms.waiting.awaited(told, places)));
    }
    let parts = open.into_iter().map(|part| close(part, terms)).collect::<Result<_, StoreError>>()?;
    Ok(Prepared { parts, came_again, arrived, bytes })
}

impl OpenPart {
    /// Packs a line; its place among the packed lines, and its hash.
    fn pack(&mut self, salt: &Salt, raw: &[u8]) -> (u32, Hash) {
        let line = self.lines;
        self.lines += 1;
        (line, self.packer.add(salt, raw))
    }
}

fn close((source, open): (String, OpenPart), terms: &Terms) -> Result<Part, StoreError> {
    let (raw, form) = (open.packer.finish()?, terms.form.clone());
    let subtracted = terms.clocks.of(&source);
    let mut part = Part { source, events: open.events, held: open.held, raw, form, subtracted };
    let source = part.source.as_str();
    for event in &mut part.events {
        event.leaf = event.leaf_of(source);
    }
    Ok(part)
}

/// A record is filed under the source it names if it may name it, and under its sender's otherwise.
fn source_of<'a>(outcome: &'a Outcome, terms: &'a Terms) -> &'a str {
    match outcome {
        Outcome::Event(draft) => match draft.source.as_deref() {
            Some(named) if may_name(named, terms) => named,
            Some(_) | None => &terms.source,
        },
        Outcome::Held(_) => &terms.source,
    }
}

fn may_name(named: &str, terms: &Terms) -> bool {
    named == terms.source || (is_slug(named) && terms.allowed.allow(named))
}

/// What only the receiver can see: a source the sender may not write, a moment that has not come.
fn judge(outcome: Outcome, terms: &Terms, ahead: i64) -> Outcome {
    let Outcome::Event(draft) = outcome else { return outcome };
    if let Some(named) = draft.source.as_deref()
        && !may_name(named, terms)
    {
        let detail = format!("source `{named}` is not one this sender may write");
        return hold(
            Fault::of("source", Reason::NotPermitted, detail).hint("leave `source` out, or use another token"),
        );
    }
    let learnt = match terms.received_at {
        ReceivedAt::Stamped | ReceivedAt::Assumed => terms.now,
        ReceivedAt::Carried => draft.received_at.unwrap_or(terms.now).min(terms.now),
    };
    let at = draft.at.plus(-ahead);
    if is_future(at, learnt) {
        let detail = format!("`at` lies {} s after it was received", at.since(learnt));
        return hold(Fault::of("at", Reason::Future, detail).hint("check the clock and the offset of the source"));
    }
    Outcome::Event(draft)
}

fn hold(fault: Fault) -> Outcome {
    Outcome::Held(Held::because(fault))
}

/// `ahead` is how far the clock of its source is known to be ahead. What makes it the same event stays what was said.
fn event_of(draft: Draft, terms: &Terms, ahead: i64, (position, place, raw_hash): (u32, Place, Hash)) -> PreparedEvent {
    let counted = if ahead == 0 { None } else { earlier(&draft.canonical, ahead) };
    let (at, at_latest) = (draft.at.plus(-ahead), draft.at_latest.map(|at| at.plus(-ahead)));
    let received_at = match terms.received_at {
        ReceivedAt::Stamped => terms.now,
        ReceivedAt::Carried => draft.received_at.unwrap_or(terms.now).min(terms.now),
        ReceivedAt::Assumed => at.min(terms.now),
    };
    PreparedEvent {
        position,
        line: 0,
        place,
        key: draft.key,
        item_id: draft.item_id,
        survivor: draft.to.filter(|_| draft.name == EventName::Merged),
        name: draft.name,
        at,
        at_latest,
        received_at,
        stamped: terms.received_at == ReceivedAt::Stamped,
        certainty: draft.certainty,
        content: Content::of(&draft.canonical),
        body: draft.canonical.into(),
        counted: counted.map(Into::into),
        raw_hash,
        leaf: [0; 32],
        unknown_fields: draft.unknown_fields,
    }
}

pub(crate) fn held_of(held: &Held, place: Place, raw: Vec<u8>) -> NewHeld {
    let raw_hash: Hash = Sha256::digest(&raw).into();
    let mut kept = raw;
    let raw_bytes = kept.len() as u64;
    kept.truncate(RAW_BYTES_MAX);
    kept.shrink_to_fit();
    NewHeld {
        reason: held.reason,
        faults: faults_json(held),
        line: Some(place.line),
        byte: Some(place.byte),
        raw: kept,
        // A record that was too long arrives cut: it is marked as longer than what is kept.
        raw_bytes: if held.reason == Reason::RecordTooLong { raw_bytes + 1 } else { raw_bytes },
        raw_hash,
    }
}

pub(crate) fn faults_json(held: &Held) -> String {
    let list: Vec<serde_json::Value> = held
        .faults
        .iter()
        .map(|fault| {
            let mut said = serde_json::json!({
                "reason": fault.reason.as_str(),
                "code": fault.code,
                "field": fault.field,
                "detail": fault.detail,
                "hint": fault.hint,
            });
            if let (Some(told), Some(said)) = (&fault.awaits, said.as_object_mut()) {
                said.extend(awaited_json(told));
            }
            said
        })
        .collect();
    serde_json::Value::from(list).to_string()
}

impl PreparedEvent {
    pub(crate) fn leaf_of(&self, source: &str) -> Hash {
        Leaf {
            source,
            key: &self.key,
            at: self.at,
            received_at: self.received_at,
            canonical: &self.body,
            raw_hash: &self.raw_hash,
        }
        .hash()
    }
}

impl Prepared {
    /// Knowledge never runs backwards: where the log has seen a later moment, stamped lines were received then.
    pub(crate) fn receive_not_before(&mut self, latest: Timestamp) {
        for part in &mut self.parts {
            for event in part.events.iter_mut().filter(|event| event.stamped && event.received_at < latest) {
                event.received_at = latest;
                event.leaf = event.leaf_of(&part.source);
            }
        }
    }

    pub(crate) fn lines(&self) -> usize {
        self.parts.iter().map(|part| part.events.len() + part.held.len()).sum()
    }

    pub(crate) fn holds_any(&self) -> bool {
        self.parts.iter().any(|part| !part.held.is_empty())
    }
}
