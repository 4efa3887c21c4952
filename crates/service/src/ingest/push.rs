//! What becomes of what a tool sends by itself? It goes through the same door as sent events, is taken once, and what
//! cannot be read is held: a sender must not try for ever.

use super::{
    group::Request,
    notes::Notes,
    plan::SourcePlan,
    prepare::{Prepared, Taken, Terms, prepare},
    push_noted::PushNoted,
    receipt::Receipt,
    reread::Form,
    send::{Atomicity, refusal_of},
    settings::{checked_slug, is_slug},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::EVENTS_PER_REQUEST_MAX,
    services::Services,
    webhook::Kind,
};
use domain::{id::OrgId, quarantine::Reason, time::Timestamp};
use formats::{
    canonical::Outcome,
    encoding::Encoding,
    foreign::{Adapter, Around, Settings, pushed},
    frame::Place,
    held::{Fault, Held},
    source::records,
    written::Written,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{StoreError, chain::Hash, idempotency, idempotency::RequestKey};

/// The whole of a body is one record.
const WHOLE: Place = Place { line: 1, byte: 0 };
/// The attributes of an envelope that came as headers are at most so many.
const ATTRIBUTES_MAX: usize = 64;

/// One body that a tool sent.
#[derive(Clone, Debug)]
pub struct Push {
    /// The source it belongs to.
    pub source: String,
    /// Which tool sent it.
    pub kind: Kind,
    /// The body as it came.
    pub body: Vec<u8>,
    /// How events of our own are written; recognised where it is not said.
    pub encoding: Option<Encoding>,
    /// What a `CloudEvents` envelope says, where the body is its data alone.
    pub attributes: BTreeMap<String, String>,
    /// What the sender calls this delivery.
    pub delivery: Option<Delivery>,
    /// Where it came from, for the audit trail.
    pub origin: Origin,
}

/// What a sender calls one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// Whether it was signed. An id that was not proves nothing: with other bytes under it, it is another delivery.
    pub is_signed: bool,
}

/// What became of a push.
#[derive(Clone, Debug, Default)]
pub struct Pushed {
    /// What became of its events and held lines; the first receipt, where it came before.
    pub receipt: Receipt,
    /// Whether the same delivery came before.
    pub came_before: bool,
    /// What is no news of a lifecycle, and rules that were met.
    pub notes: Notes,
}

impl Services {
    /// Stores what a tool sent; returns only after it survives a power cut.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with `event_conflict` for a signed id that came before with another body,
    /// [`ServiceError::Busy`] when too much waits, [`ServiceError::OutcomeUnknown`] when only a retry can tell.
    pub async fn push(&self, granted: &Granted<proof::EventsWrite>, push: Push) -> Result<Pushed, ServiceError> {
        checked_slug(&push.source)?;
        let (org, now) = (granted.org(), self.now());
        let reading = self.reading_of(org, &push).await?;
        let keyed = push.delivery.as_ref().map(|delivery| (key_of(&push, delivery), hash_of(&push)));
        let _entered = self.enter(org, keyed.as_ref().map(|(key, _)| key))?;
        let came_before = self.came_before(org, keyed.clone(), now).await?;
        let (actor, origin, source) = (granted.caller().actor(), push.origin.clone(), push.source.clone());
        let clocks = self.clock_offsets(org, now).await?;
        let read = tokio::task::spawn_blocking(move || {
            let terms = Terms { clocks, ..Terms::stamped(push.source.clone(), now) };
            read(push, &reading, terms)
        });
        let (prepared, notes) = read.await.map_err(|_| StoreError::Stopped)??;
        let atomicity = Atomicity::LineByLine;
        // No news is written too: its source was heard, and each rule has a count.
        let pushed = Some(PushNoted { source, notes: notes.clone() });
        let request = Request { org, actor, origin, prepared, atomicity, idempotency: keyed, pushed };
        let receipt = self.writer()?.write(request).await.map_err(under_another_body)?;
        Ok(Pushed { receipt, came_before, notes })
    }

    /// As what it is read: by the format of its tool with what was said about the source, or as events of our own.
    async fn reading_of(&self, org: OrgId, push: &Push) -> Result<Reading, ServiceError> {
        let saved = self.saved_plan(org, &push.source).await?;
        let Some(format) = push.kind.format() else {
            // A source that has a mapping may send exports too.
            let Some((adapter, settings)) = saved.map(|plan| plan.checked()).transpose()? else {
                return Ok(Reading::Ours);
            };
            let is_export = adapter.recognises(&push.body);
            return Ok(if is_export { Reading::Tool(adapter, Box::new(settings)) } else { Reading::Ours });
        };
        let plan = saved.filter(|plan| plan.format == format).unwrap_or_else(|| SourcePlan::usual(format));
        let (adapter, settings) = plan.checked()?;
        Ok(Reading::Tool(adapter, Box::new(settings)))
    }

    async fn came_before(
        &self,
        org: OrgId,
        keyed: Option<(RequestKey, Hash)>,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let (Some((key, hash)), store) = (keyed, self.store().clone()) else { return Ok(false) };
        store::run(async move {
            let mut reader = store.reader().await?;
            let kept = idempotency::find(&mut reader.conn(), org, &key, now).await?;
            Ok(kept.is_some_and(|kept| kept.request_hash == hash))
        })
        .await
    }
}

/// As what a body is read.
enum Reading {
    Tool(Adapter, Box<Settings>),
    Ours,
}

fn under_another_body(error: ServiceError) -> ServiceError {
    if !matches!(&error, ServiceError::Refused(refusal) if refusal.code == "idempotency_mismatch") {
        return error;
    }
    let refusal = Refusal::new("event_conflict", "the same delivery id came before with another body");
    refusal.hint("a new delivery has a new id").into()
}

/// What a delivery is known by: what its sender calls it is not kept.
fn key_of(push: &Push, delivery: &Delivery) -> RequestKey {
    let mut hash = Sha256::new();
    hash.update(delivery.id.as_bytes());
    if !delivery.is_signed {
        hash.update([0]);
        hash.update(&push.body);
    }
    let key = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    RequestKey { token: 0, route: format!("webhook {}", push.source), key }
}

fn hash_of(push: &Push) -> Hash {
    let mut hash = Sha256::new();
    hash.update(push.source.as_bytes());
    hash.update([0]);
    hash.update(&push.body);
    hash.finalize().into()
}

fn read(push: Push, reading: &Reading, terms: Terms) -> Result<(Prepared, Notes), ServiceError> {
    let mut notes = Notes::default();
    if push.body.iter().all(u8::is_ascii_whitespace) {
        notes.no_event.insert("an empty body".to_owned(), 1);
        return Ok((Prepared::default(), notes));
    }
    // Its address says whose events these are; a line that names another source is held.
    let (taken, form) = match reading {
        Reading::Tool(adapter, settings) => {
            let plan = SourcePlan { format: adapter.name.to_owned(), settings: settings.as_ref().clone() };
            let form = Form::Tool { plan, around: Around::Push };
            (vec![by_tool(*adapter, settings, push.body, &mut notes)?], form)
        }
        Reading::Ours if push.attributes.is_empty() => ours(push.body, push.encoding)?,
        Reading::Ours => match enveloped(&push.attributes, &push.body) {
            Some(envelope) => ours(envelope, Some(Encoding::CloudEvents))?,
            None => {
                let why = "the attributes of the envelope cannot be read".to_owned();
                (vec![held(push.body, why)], Form::Own(Written::Line))
            }
        },
    };
    let terms = Terms { form: Some(form.kept()?), ..terms };
    Ok((prepare(taken, &terms, 0)?, notes))
}

fn by_tool(adapter: Adapter, settings: &Settings, body: Vec<u8>, notes: &mut Notes) -> Result<Taken, ServiceError> {
    let mut record = pushed(adapter, settings, body).map_err(|fault| refusal_of(&fault))?;
    notes.take(&mut record.understood);
    let understood = &record.understood;
    if !understood.drills.is_empty() || !understood.enriched.is_empty() || understood.feed.is_some() {
        return Ok(held(record.raw, format!("{} are imported as a file", adapter.title)));
    }
    Ok(record.into())
}

/// Events of our own. What cannot be cut into records any further is held whole; what came before stands.
fn ours(body: Vec<u8>, encoding: Option<Encoding>) -> Result<(Vec<Taken>, Form), Refusal> {
    let (mut taken, mut fault, mut written) = (Vec::new(), None, Written::Line);
    match records(body.as_slice(), encoding) {
        Err(broken) => fault = Some(broken.to_string()),
        Ok(all) => {
            written = all.written();
            for record in all {
                if taken.len() == EVENTS_PER_REQUEST_MAX {
                    let detail = format!("more than {EVENTS_PER_REQUEST_MAX} events in one request");
                    return Err(Refusal::new("too_many_events", detail).hint("split it, or upload a file"));
                }
                match record {
                    Ok(record) => taken.push(by_its_address(record.into())),
                    Err(broken) => fault = Some(broken.to_string()),
                }
            }
        }
    }
    taken.extend(fault.map(|fault| held(body, fault)));
    Ok((taken, Form::Own(written)))
}

/// An envelope names its source by an address of its own, which stands for the source of the webhook.
fn by_its_address(mut taken: Taken) -> Taken {
    for outcome in &mut taken.outcomes {
        if let Outcome::Event(draft) = outcome
            && draft.source.as_deref().is_some_and(|source| !is_slug(source))
        {
            draft.source = None;
        }
    }
    taken
}

fn held(raw: Vec<u8>, why: String) -> Taken {
    let outcome = Outcome::Held(Held::because(Fault::whole(Reason::Unreadable, why)));
    Taken::plain(WHOLE, raw, vec![outcome])
}

/// An envelope whose attributes came as headers, written as one whose data is the body. The body goes in as it is: one
/// that is no JSON makes an envelope that is none.
fn enveloped(attributes: &BTreeMap<String, String>, body: &[u8]) -> Option<Vec<u8>> {
    if attributes.len() > ATTRIBUTES_MAX || attributes.contains_key("data") {
        return None;
    }
    let mut envelope = String::from("{");
    for (name, value) in attributes {
        envelope.push_str(&format!(
            "{}:{},",
            serde_json::Value::from(name.as_str()),
            serde_json::Value::from(value.as_str())
        ));
    }
    envelope.push_str("\"data\":");
    envelope.push_str(str::from_utf8(body).ok()?);
    envelope.push('}');
    Some(envelope.into_bytes())
}
