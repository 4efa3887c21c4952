//! How do tools send by themselves? The sender is proved by the bytes it sent, then its events take the same way as all.

mod shown;

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use formats::encoding::Encoding;
use serde::Serialize;
use service::authorise::{Object, authorise};
use service::ingest::{LineReceipt, Push, Pushed};
use service::webhook::{Kind, Proved, Shown, Unproved, Webhook};

use crate::api::error::problem_of;
use crate::extract::body::read;
use crate::extract::facts::Facts;
use crate::middleware::gate::denial;
use crate::middleware::rates::Asker;
use crate::middleware::request_facts::{AnsweredFor, RequestFacts};
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// No source has a longer name.
const SOURCE_BYTES_MAX: usize = 64;

/// What became of a push.
#[derive(Serialize)]
struct PushedDto {
    delivery: &'static str,
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    no_event: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    no_events: BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    rules: BTreeMap<String, u64>,
    revision: i64,
    batches: Vec<i64>,
    events: Vec<LineReceipt>,
}

/// `POST /api/v1/webhooks/in/{source}`, and the same with a key behind it.
pub async fn receive(State(state): State<ServerState>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let Facts(facts) = Facts::from_request_parts(&mut parts, &state).await?;
    let Path(mut names) = Path::<BTreeMap<String, String>>::from_request_parts(&mut parts, &state)
        .await
        .map_err(|_| Problem::new(Code::NotFound))?;
    let (source, key) = (names.remove("source").unwrap_or_default(), names.remove("key"));
    let Some(webhook) = find(&state, &source).await? else { return Err(to_a_stranger(&state, &facts, Code::NotFound)) };
    let body = read(body).await?;
    let shown = shown::shown(&webhook, &parts.headers, key);
    let proved = prove(&state, &webhook, &shown, &body, &facts)?;
    let id = name_of(&proved);
    let pushed = push(&state, &webhook, &proved, (&parts.headers, body), &facts).await?;
    state.services.touch_webhook(&webhook, &proved);
    let mut response = Json(dto(pushed)).into_response();
    response.extensions_mut().insert(AnsweredFor(id));
    Ok(response)
}

async fn find(state: &ServerState, source: &str) -> Result<Option<Webhook>, Problem> {
    if source.len() > SOURCE_BYTES_MAX {
        return Ok(None);
    }
    state.services.webhook(state.identity.org(), source).await.map_err(problem_of)
}

/// A refusal to whoever has shown nothing; asked too often, it is told so instead.
fn to_a_stranger(state: &ServerState, facts: &RequestFacts, code: Code) -> Problem {
    match turn(state, Asker::Address(facts.address), state.limits.anonymous_rate) {
        Ok(()) => Problem::new(code),
        Err(too_often) => too_often,
    }
}

fn turn(state: &ServerState, asker: Asker, rate: (f64, f64)) -> Result<(), Problem> {
    let taken = state.rates.take(asker, rate, crate::clock::started());
    taken.map_err(|seconds| Problem::new(Code::RateLimited).retry_after(seconds))
}

/// The sender, or one refusal for all that was wrong or missing.
fn prove(
    state: &ServerState,
    webhook: &Webhook,
    shown: &Shown,
    body: &[u8],
    facts: &RequestFacts,
) -> Result<Proved, Problem> {
    let now = state.services.now();
    match webhook.prove(shown, body, now) {
        Ok(proved) => Ok(proved),
        Err(why) => {
            tracing::warn!(event = "webhook_refused", request_id = facts.id, source = webhook.source, reason = ?why);
            Err(match why {
                Unproved::Wrong => to_a_stranger(state, facts, Code::SignatureInvalid),
                Unproved::OutOfTime => to_a_stranger(state, facts, Code::TimestampSkew).member("now", now.to_string()),
            })
        }
    }
}

/// By id, as logs name callers.
fn name_of(proved: &Proved) -> String {
    proved.caller.actor().to_string().replace(' ', ":")
}

async fn push(
    state: &ServerState,
    webhook: &Webhook,
    proved: &Proved,
    (headers, body): (&HeaderMap, Bytes),
    facts: &RequestFacts,
) -> Result<Pushed, Problem> {
    let source = webhook.source.clone();
    let granted = authorise(&proved.caller, Object::Source(&source)).map_err(denial)?;
    turn(state, Asker::Webhook(webhook.id().get()), state.limits.token_rate)?;
    let is_ours = webhook.kind == Kind::Generic;
    let media = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let push = Push {
        source,
        kind: webhook.kind,
        body: body.into(),
        encoding: Encoding::of_media_type(media).filter(|_| is_ours),
        attributes: if is_ours { shown::attributes(headers) } else { BTreeMap::new() },
        delivery: shown::delivery(webhook, headers),
        origin: facts.origin(),
    };
    state.services.push(&granted, push).await.map_err(problem_of)
}

fn dto(pushed: Pushed) -> PushedDto {
    let Pushed { receipt, came_before, notes } = pushed;
    PushedDto {
        delivery: if came_before { "duplicate" } else { "new" },
        received: receipt.received,
        accepted: receipt.accepted,
        duplicate: receipt.duplicate,
        quarantined: receipt.quarantined,
        no_event: notes.no_event.values().sum(),
        no_events: notes.no_event,
        rules: notes.met.into_iter().map(|(rule, met)| (rule, met.count)).collect(),
        revision: receipt.revision,
        batches: receipt.batches,
        events: receipt.lines,
    }
}
