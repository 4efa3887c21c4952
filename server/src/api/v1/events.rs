//! How do programs send events? Any of the encodings, and a receipt that adds up once they are durable.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use domain::quarantine::Reason;
use formats::canonical::{Outcome, read_line};
use formats::encoding::Encoding;
use serde::Serialize;
use service::ServiceError;
use service::authorise::{Caller, Object, Who, authorise};
use service::identity::record::Origin;
use service::ingest::{AllowedSources, Atomicity, LineReceipt, LineStatus, LongItem, Receipt, ReceivedAt, SendEvents};
use store::idempotency::RequestKey;

use crate::api::error::problem_of;
use crate::extract::body::read_unpacked;
use crate::extract::facts::{Asking, Facts};
use crate::extract::query::{Parameters, shown};
use crate::limits::EVENTS_BYTES_MAX;
use crate::middleware::gate::denial;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// The source of lines that name none, from a token without sources of its own.
const DEFAULT_SOURCE: &str = "api";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What became of a request.
#[derive(Serialize)]
pub struct ReceiptDto {
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    revision: i64,
    batches: Vec<i64>,
    events: Vec<LineReceipt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    long_items: Vec<LongItem>,
}

/// `POST /api/v1/events`: one object is a single event, anything else a batch.
pub async fn send(state: State<ServerState>, arrived: Arrived) -> Result<Response, Problem> {
    let sent = match encoding(&arrived.headers)? {
        Encoding::Json if first_byte(&arrived.body) == Some(b'{') => Sent::One,
        Encoding::Json
        | Encoding::Ndjson
        | Encoding::Csv { .. }
        | Encoding::CloudEvents
        | Encoding::CloudEventLines => Sent::Batch,
    };
    keep(state, arrived, "/api/v1/events", sent).await
}

/// `POST /api/v1/events/batch`: each event is told apart, even a single one.
pub async fn send_batch(state: State<ServerState>, arrived: Arrived) -> Result<Response, Problem> {
    keep(state, arrived, "/api/v1/events/batch", Sent::Batch).await
}

async fn keep(
    State(state): State<ServerState>,
    arrived: Arrived,
    route: &'static str,
    sent: Sent,
) -> Result<Response, Problem> {
    let Arrived { caller, origin, parameters, headers, body } = arrived;
    let encoding = encoding(&headers)?;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(Code::EmptyBody));
    }
    if sent == Sent::One {
        readable(&body)?;
    }
    let (source, allowed) = source(&caller, &parameters)?;
    let granted = authorise(&caller, Object::Source(&source)).map_err(denial)?;
    let events = SendEvents {
        body: body.into(),
        encoding: Some(encoding),
        source,
        allowed,
        received_at: ReceivedAt::Stamped,
        atomicity: atomicity(&parameters)?,
        origin,
        idempotency: request_key(&caller, &headers, route)?,
    };
    let receipt = state.services.send_events(&granted, events).await.map_err(refused)?;
    answer(receipt, sent)
}

/// What came, and from whom.
pub struct Arrived {
    caller: Caller,
    origin: Origin,
    parameters: Parameters,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Arrived {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Asking(caller) = Asking::from_request_parts(&mut parts, state).await?;
        let Facts(facts) = Facts::from_request_parts(&mut parts, state).await?;
        let parameters = Parameters::from_request_parts(&mut parts, state).await?;
        let body = read_unpacked(&parts.headers, body, EVENTS_BYTES_MAX).await?;
        Ok(Self { caller, origin: facts.origin(), parameters, headers: parts.headers, body })
    }
}

impl Arrived {
    pub(super) const fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(super) const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    pub(super) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn origin(&self) -> Origin {
        self.origin.clone()
    }

    pub(super) fn encoding(&self) -> Result<Encoding, Problem> {
        encoding(&self.headers)
    }

    /// The source that the address names, else the token's own first one.
    pub(super) fn own_source(&self) -> Option<&str> {
        self.parameters.get("source").or_else(|| own_sources(&self.caller).first().map(String::as_str))
    }

    /// The bytes, if there are any.
    pub(super) fn filled_body(self) -> Result<Vec<u8>, Problem> {
        let is_empty = self.body.iter().all(u8::is_ascii_whitespace);
        if is_empty { Err(Problem::new(Code::EmptyBody)) } else { Ok(self.body.into()) }
    }
}

/// What the body was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    One,
    Batch,
}

/// A single object that is not even JSON was never received: no line of it is worth keeping.
fn readable(body: &[u8]) -> Result<(), Problem> {
    let Outcome::Held(held) = read_line(body.trim_ascii()) else {
        return Ok(());
    };
    let fault = held.faults.first().filter(|_| held.reason == Reason::Unreadable);
    let codes = [Code::JsonSyntax, Code::JsonTooDeep, Code::JsonDuplicateKey, Code::InvalidUtf8];
    match fault.and_then(|fault| Some((fault, codes.into_iter().find(|code| code.as_str() == fault.code)?))) {
        Some((fault, code)) => Err(Problem::new(code).detail(&fault.detail)),
        None => Ok(()),
    }
}

/// Of a request that is taken whole or not at all, nothing was received.
fn refused(error: ServiceError) -> Problem {
    let problem = problem_of(error);
    if problem.code != Code::NotAtomic {
        return problem;
    }
    let counts = ["received", "accepted", "duplicate", "quarantined"];
    counts.into_iter().fold(problem, |problem, count| problem.member(count, 0))
}

fn first_byte(body: &[u8]) -> Option<u8> {
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let lower = kind.to_ascii_lowercase();
    let foreign = lower
        .split(';')
        .skip(1)
        .filter_map(|part| part.trim().strip_prefix("charset="))
        .any(|charset| !charset.trim_matches('"').eq_ignore_ascii_case("utf-8"));
    let known = Encoding::of_media_type(kind).filter(|_| !foreign);
    known.ok_or_else(|| {
        Problem::new(Code::UnsupportedMediaType)
            .detail(format!("`{}` is not taken", shown(kind)))
            .hint(format!("send UTF-8 as one of: {}", Encoding::MEDIA_TYPES.join(", ")))
    })
}

/// The source of lines that name none: what the address says, else the token's own first one.
fn source(caller: &Caller, parameters: &Parameters) -> Result<(String, AllowedSources), Problem> {
    parameters.only(&["source", "atomic"])?;
    let own = own_sources(caller);
    let named = parameters.get("source").map(str::to_owned);
    let source = named.or_else(|| own.first().cloned()).unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    let allowed = if own.is_empty() { AllowedSources::Any } else { AllowedSources::These(own.to_vec()) };
    Ok((source, allowed))
}

fn own_sources(caller: &Caller) -> &[String] {
    match &caller.who {
        Who::Token { sources, .. } => sources,
        Who::Person { .. } | Who::Webhook { .. } | Who::Operator => &[],
    }
}

fn atomicity(parameters: &Parameters) -> Result<Atomicity, Problem> {
    match parameters.read::<bool>("atomic", "`true` or `false`")? {
        Some(true) => Ok(Atomicity::AllOrNothing),
        Some(false) | None => Ok(Atomicity::LineByLine),
    }
}

fn request_key(caller: &Caller, headers: &HeaderMap, route: &str) -> Result<Option<RequestKey>, Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let refuse = || Problem::new(Code::BadIdentifier).detail("an idempotency key is plain text").at("Idempotency-Key");
    let key = key.to_str().map_err(|_| refuse())?.to_owned();
    let token = match &caller.who {
        Who::Token { id, .. } => id.get(),
        Who::Person { .. } | Who::Webhook { .. } | Who::Operator => 0,
    };
    Ok(Some(RequestKey { token, route: route.to_owned(), key }))
}

/// A single event that was held is a refusal with its place in the quarantine; of a batch, each line is told.
fn answer(receipt: Receipt, sent: Sent) -> Result<Response, Problem> {
    let held = receipt.lines.iter().find(|line| line.status == LineStatus::Quarantined);
    match held {
        Some(line) if sent == Sent::One => Err(of_line(line)),
        Some(_) if receipt.quarantined == receipt.received => {
            let problem =
                Problem::new(Code::EventHeld).detail(format!("all {} events were held back", receipt.received));
            Err(with_receipt(problem, &receipt))
        }
        Some(_) | None => Ok(Json(dto(receipt)).into_response()),
    }
}

fn of_line(line: &LineReceipt) -> Problem {
    let reason = line.reason.as_deref().unwrap_or("");
    let code = if reason == "event_conflict" { Code::EventConflict } else { Code::EventHeld };
    let faults = line.faults.as_ref().and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let first = faults.first().and_then(|fault| fault.get("detail")).and_then(serde_json::Value::as_str);
    let mut problem = Problem::new(code).detail(first.unwrap_or(reason)).member("reason", reason);
    problem = problem.member("received", 1).member("accepted", 0).member("duplicate", 0).member("quarantined", 1);
    problem.errors = faults;
    if let Some(id) = line.quarantine_id {
        problem = problem.member("quarantine_id", id);
    }
    problem.hint("mend it and send it again, or release it on the page of sources")
}

fn with_receipt(problem: Problem, receipt: &Receipt) -> Problem {
    let events = serde_json::to_value(&receipt.lines).unwrap_or_default();
    problem
        .member("received", receipt.received)
        .member("accepted", receipt.accepted)
        .member("duplicate", receipt.duplicate)
        .member("quarantined", receipt.quarantined)
        .member("events", events)
}

fn dto(receipt: Receipt) -> ReceiptDto {
    ReceiptDto {
        received: receipt.received,
        accepted: receipt.accepted,
        duplicate: receipt.duplicate,
        quarantined: receipt.quarantined,
        revision: receipt.revision,
        batches: receipt.batches,
        events: receipt.lines,
        long_items: receipt.long_items,
    }
}
