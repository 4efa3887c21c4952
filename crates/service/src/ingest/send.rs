//! How are events sent? A body is read off the server's threads, then the writer makes it durable.

use super::{
    group::Request,
    prepare::{Prepared, PreparedHeld, Terms, prepare},
    receipt::Receipt,
    reread::Form,
    running::Entered,
    settings::{AllowedSources, ReceivedAt, checked_slug},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::{EVENTS_PER_REQUEST_MAX, IDEMPOTENCY_KEY_CHARS_MAX, REFUSED_LINES_SHOWN},
    services::Services,
};
use domain::id::OrgId;
use formats::{encoding::Encoding, file_fault::FileFault, source::records};
use sha2::{Digest, Sha256};
use store::{StoreError, chain::Hash, idempotency::RequestKey};

/// Whether one line that cannot be accepted refuses the whole request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Atomicity {
    /// The rest goes on.
    #[default]
    LineByLine,
    /// Nothing is stored then.
    AllOrNothing,
}

/// Events to be made durable.
#[derive(Clone, Debug)]
pub struct SendEvents {
    /// The body as it came.
    pub body: Vec<u8>,
    /// How it is written; recognised by its content where it is not said.
    pub encoding: Option<Encoding>,
    /// The source of lines that name none.
    pub source: String,
    /// Sources a line may name.
    pub allowed: AllowedSources,
    /// Which moment counts as the one at which it was learnt.
    pub received_at: ReceivedAt,
    /// Whether one bad line refuses all.
    pub atomicity: Atomicity,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
    /// The sender's key for this request; a retry under it gets the first receipt.
    pub idempotency: Option<RequestKey>,
}

impl SendEvents {
    /// A body from one source, with everything else as usual.
    #[must_use]
    pub fn new(source: impl Into<String>, body: Vec<u8>) -> Self {
        Self {
            body,
            encoding: None,
            source: source.into(),
            allowed: AllowedSources::Any,
            received_at: ReceivedAt::Stamped,
            atomicity: Atomicity::LineByLine,
            origin: Origin::default(),
            idempotency: None,
        }
    }
}

impl Services {
    /// Stores events; returns only after they survive a power cut.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a body that cannot be read at all (nothing was received then),
    /// [`ServiceError::Busy`] when too much waits, [`ServiceError::OutcomeUnknown`] when only a retry can tell.
    pub async fn send_events(
        &self,
        granted: &Granted<proof::EventsWrite>,
        events: SendEvents,
    ) -> Result<Receipt, ServiceError> {
        checked_slug(&events.source)?;
        check_key(events.idempotency.as_ref())?;
        let now = self.now();
        let terms = Terms {
            allowed: events.allowed.clone(),
            received_at: events.received_at,
            clocks: self.clock_offsets(granted.org(), now).await?,
            ..Terms::stamped(events.source.clone(), now)
        };
        let (atomicity, idempotency) = (events.atomicity, events.idempotency.clone());
        let (actor, origin) = (granted.caller().actor(), events.origin.clone());
        let _entered = self.enter(granted.org(), idempotency.as_ref())?;
        let read = tokio::task::spawn_blocking(move || {
            let hash = hash_of(&events);
            read(&events.body, events.encoding, &terms).map(|prepared| (prepared, hash))
        });
        let (prepared, hash) = read.await.map_err(|_| StoreError::Stopped)??;
        if atomicity == Atomicity::AllOrNothing && prepared.holds_any() {
            return Err(refuse_held(&prepared).into());
        }
        let idempotency = idempotency.map(|key| (key, hash));
        self.writer()?
            .write(Request { org: granted.org(), actor, origin, prepared, atomicity, idempotency, pushed: None })
            .await
    }

    /// Notes that a request under this key is under way until its sender has the answer or has gone. Whoever sends it
    /// again after that waits in the queue behind it, and gets its receipt.
    pub(super) fn enter(
        &self,
        org: OrgId,
        key: Option<&RequestKey>,
    ) -> Result<Option<Entered<(OrgId, RequestKey)>>, Refusal> {
        let Some(key) = key else { return Ok(None) };
        if let Some(entered) = self.requests().enter((org, key.clone())) {
            return Ok(Some(entered));
        }
        let detail = format!("a request under the idempotency key `{}` is still running", key.key);
        Err(Refusal::new("in_flight", detail).hint("wait for its answer, then send the same bytes again"))
    }
}

fn check_key(key: Option<&RequestKey>) -> Result<(), Refusal> {
    match key {
        Some(key) if !is_key(&key.key) => {
            let detail = format!("an idempotency key has 1 to {IDEMPOTENCY_KEY_CHARS_MAX} characters, none of control");
            Err(Refusal::new("bad_identifier", detail).place("Idempotency-Key"))
        }
        Some(_) | None => Ok(()),
    }
}

fn is_key(key: &str) -> bool {
    (1..=IDEMPOTENCY_KEY_CHARS_MAX).contains(&key.chars().count()) && !key.chars().any(char::is_control)
}

fn hash_of(events: &SendEvents) -> Hash {
    let mut hash = Sha256::new();
    hash.update(events.source.as_bytes());
    hash.update([0, u8::from(events.atomicity == Atomicity::AllOrNothing)]);
    hash.update(&events.body);
    hash.finalize().into()
}

fn read(body: &[u8], encoding: Option<Encoding>, terms: &Terms) -> Result<Prepared, ServiceError> {
    let mut found = Vec::new();
    let records = records(body, encoding).map_err(|fault| refusal_of(&fault))?;
    let terms = Terms { form: Some(Form::Own(records.written()).kept()?), ..terms.clone() };
    for record in records {
        if found.len() == EVENTS_PER_REQUEST_MAX {
            let detail = format!("more than {EVENTS_PER_REQUEST_MAX} events in one request");
            return Err(Refusal::new("too_many_events", detail).hint("split it, or upload a file").into());
        }
        found.push(record.map_err(|fault| refusal_of(&fault))?.into());
    }
    prepare(found, &terms, 0)
}

/// What the sender is told of a body or file that cannot be read at all.
pub(crate) fn refusal_of(fault: &FileFault) -> Refusal {
    Refusal::new(fault.code(), fault.to_string())
}

fn refuse_held(prepared: &Prepared) -> Refusal {
    let held = prepared.parts.iter().flat_map(|part| &part.held).collect::<Vec<_>>();
    let detail = format!("{} of {} lines cannot be accepted; nothing was stored", held.len(), prepared.lines());
    let mut refusal = Refusal::new("not_atomic", detail).hint("mend them, or send without `atomic`");
    refusal.errors = held.iter().take(REFUSED_LINES_SHOWN).map(|line| shown(line)).collect();
    refusal
}

/// A line as the refusal of its request tells it; `event` is its place in the request, counted from 1.
fn shown(line: &PreparedHeld) -> serde_json::Value {
    let faults: serde_json::Value = serde_json::from_str(&line.held.faults).unwrap_or_default();
    serde_json::json!({ "event": line.position + 1, "reason": line.held.reason.as_str(), "faults": faults })
}
