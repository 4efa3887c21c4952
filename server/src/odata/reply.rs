//! Which headers does an answer carry, and does the client have it already?

use super::{
    answer::{Feed, ODataRequest},
    error::ODataError,
    negotiate::Version,
};
use axum::{
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Metadata changes with a release; tools ask for it again and again.
pub(super) const METADATA_CACHE: &str = "private, max-age=300";
const DATA_CACHE: &str = "private, no-cache";

/// A whole answer.
#[derive(Clone, Debug)]
pub struct ODataAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl IntoResponse for ODataAnswer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

/// A body with the headers that only its maker knows.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) cache: &'static str,
    /// What the answer depends on beside the request and the caller: goes into the `ETag`.
    pub(super) tag: String,
    /// The value of `Preference-Applied`.
    pub(super) applied: Option<String>,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn of(content_type: impl Into<String>, body: String) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: content_type.into(),
            cache: DATA_CACHE,
            tag: String::new(),
            applied: None,
            body,
        }
    }
}

pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

pub(super) fn bare(status: StatusCode) -> ODataAnswer {
    ODataAnswer { status, headers: HeaderMap::new(), body: String::new() }
}

pub(super) fn refusal(error: &ODataError) -> ODataAnswer {
    let mut answer = bare(error.status);
    set(&mut answer.headers, CONTENT_TYPE, "application/json;charset=utf-8");
    set(&mut answer.headers, CACHE_CONTROL, "no-store");
    answer.body = error.body();
    answer
}

/// Adds what all good answers carry, or says that the client has this one already.
pub(super) fn finish(reply: Reply, request: &ODataRequest<'_>, feed: &Feed<'_>, spoken: Version) -> ODataAnswer {
    let tag = etag(&[
        &reply.tag,
        &reply.content_type,
        feed.scope,
        spoken.as_str(),
        request.path,
        request.query.unwrap_or_default(),
    ]);
    let mut answer = bare(reply.status);
    set(&mut answer.headers, ETAG, &tag);
    set(&mut answer.headers, CACHE_CONTROL, reply.cache);
    if has_already(request.headers, &tag) {
        answer.status = StatusCode::NOT_MODIFIED;
        return answer;
    }
    if reply.status != StatusCode::NO_CONTENT {
        set(&mut answer.headers, CONTENT_TYPE, &reply.content_type);
    }
    if let Some(applied) = reply.applied {
        set(&mut answer.headers, PREFERENCE_APPLIED, &applied);
    }
    answer.body = reply.body;
    answer
}

pub(super) fn etag(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    let short: String = digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{short}\"")
}

fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let strong = tag.trim_start_matches("W/");
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == strong)
}
