//! Which request is this, from where, and how did it end? The id that is in the answer, the log and the audit trail.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use service::identity::record::Origin;
use service::identity::secret::random;

use crate::state::ServerState;

/// The header that carries the id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: [HeaderName; 5] = [
    HeaderName::from_static("forwarded"),
    FORWARDED_FOR,
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];
const CLIENT_ID_LETTERS_MAX: usize = 64;
const AGENT_LETTERS_MAX: usize = 200;

/// What is known about a request before anything is read of it.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// Ours, 128 random bits.
    pub id: String,
    /// The client, seen through the proxies that are trusted.
    pub address: IpAddr,
    /// What the client calls itself.
    pub agent: String,
}

impl RequestFacts {
    /// The same for the audit trail.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { request_id: self.id.clone(), address: self.address.to_string(), agent: self.agent.clone() }
    }
}

/// The pattern of the route that answered, put into the response by the gate.
#[derive(Clone, Copy, Debug)]
pub struct RoutePattern(pub &'static str);

/// Whom a request was answered for, by id, put into the response by the gate.
#[derive(Clone, Debug)]
pub struct AnsweredFor(pub String);

/// Gives the request its id and writes its one line of log.
pub async fn observe(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    let started = crate::clock::started();
    let facts = facts_of(&state, &request);
    let client_id = client_id(request.headers());
    let method = request.method().clone();
    if !is_trusted(&state, &request) {
        for name in &FORWARDED {
            request.headers_mut().remove(name);
        }
    }
    request.extensions_mut().insert(facts.clone());
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&facts.id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let route = response.extensions().get::<RoutePattern>().map_or("none", |pattern| pattern.0);
    let caller = response.extensions().get::<AnsweredFor>().map_or("", |caller| caller.0.as_str());
    let milliseconds = started.elapsed().as_millis();
    tracing::info!(
        event = "request",
        request_id = facts.id,
        client_request_id = client_id,
        method = method.as_str(),
        route,
        status = response.status().as_u16(),
        ms = u64::try_from(milliseconds).unwrap_or(u64::MAX),
        caller,
    );
    response
}

fn facts_of(state: &ServerState, request: &Request) -> RequestFacts {
    let agent = request.headers().get(axum::http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    RequestFacts {
        id: new_id(),
        address: client_address(state, request),
        agent: agent.unwrap_or("").chars().take(AGENT_LETTERS_MAX).collect(),
    }
}

fn new_id() -> String {
    let bytes: [u8; 16] = random().unwrap_or_default();
    let mut id = String::with_capacity(32);
    for byte in bytes {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}

/// Theirs is kept for their search, if it is short and plain.
fn client_id(headers: &HeaderMap) -> String {
    let theirs = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or("");
    let plain = theirs.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if plain && theirs.len() <= CLIENT_ID_LETTERS_MAX { theirs.to_owned() } else { String::new() }
}

fn peer(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip())
}

fn is_trusted(state: &ServerState, request: &Request) -> bool {
    state.settings.trusted_proxies.contains(&peer(request))
}

/// The rightmost address that no trusted proxy has; headers of anybody else are not believed.
fn client_address(state: &ServerState, request: &Request) -> IpAddr {
    let peer = peer(request);
    if !state.settings.trusted_proxies.contains(&peer) {
        return peer;
    }
    let lists = request.headers().get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        lists.flat_map(|list| list.split(',')).filter_map(|word| word.trim().parse().ok()).collect();
    chain.into_iter().rev().find(|address| !state.settings.trusted_proxies.contains(address)).unwrap_or(peer)
}
