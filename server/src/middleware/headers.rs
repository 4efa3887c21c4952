//! Which headers does every answer carry? The policy of what a page may do, and what caches may keep.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SERVER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use leptos::nonce::Nonce;
use service::identity::secret::random;

use crate::problem::{Code, Problem};
use crate::state::ServerState;

const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
const PERMISSIONS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("permissions-policy"),
    HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
);
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // `no-referrer` would turn the `Origin` of our own forms into `null`.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Mints the nonce of this response and adds the headers of its kind.
pub async fn protect(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    let Ok(bytes) = random::<16>() else {
        return axum::response::IntoResponse::into_response(Problem::new(Code::Internal));
    };
    let nonce = STANDARD_NO_PAD.encode(bytes);
    request.extensions_mut().insert(Nonce::from_value(nonce.as_str()));
    let mut response = next.run(request).await;
    add(response.headers_mut(), &nonce, &state);
    response
}

fn add(headers: &mut HeaderMap, nonce: &str, state: &ServerState) {
    for (name, value) in &ALWAYS {
        headers.insert(name, value.clone());
    }
    headers.remove(SERVER);
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.insert(CONTENT_SECURITY_POLICY, page_policy(nonce));
        headers.insert(PERMISSIONS.0, PERMISSIONS.1);
    } else {
        headers.insert(CONTENT_SECURITY_POLICY, NO_PAGE);
    }
    if state.settings.public_url.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn page_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(NO_PAGE)
}
