//! What does a feed client read when something is refused? One envelope, never HTML, nothing of our insides.

use crate::problem::Problem;
use axum::{
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName, HeaderValue},
    },
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The version header; exactly once on every answer of the feed.
pub const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");

/// Writes a refusal of the server itself in the envelope of OData.
#[must_use]
pub fn write(problem: &Problem) -> Response {
    let message = problem.detail.as_deref().unwrap_or_else(|| problem.code.title());
    let body = envelope(problem.code.as_str(), message, problem.place.as_deref());
    let mut response = (problem.code.status(), body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
    response
}

fn envelope(code: &str, message: &str, target: Option<&str>) -> String {
    let mut error = json!({ "code": code, "message": message });
    if let (Some(target), Some(members)) = (target, error.as_object_mut()) {
        members.insert("target".to_owned(), json!(target));
    }
    json!({ "error": error }).to_string()
}

/// A refusal of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ODataError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The option, header or segment that it is about.
    pub(super) target: Option<String>,
}

impl ODataError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), target: None }
    }

    /// 400: the request cannot be read.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// 400: this value of an option cannot be used.
    pub(super) fn bad_option(target: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_parameter", message).about(target)
    }

    /// 501: OData has it, this feed does not.
    pub(super) fn not_served(feature: &str) -> Self {
        let message = format!("`{feature}` is part of OData and is not served here");
        Self::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", message).about(feature)
    }

    /// 422: readable, but larger than anybody needs.
    pub(super) fn too_complex(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "query_too_complex", message).about("$filter")
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(super) fn about(mut self, target: &str) -> Self {
        self.target = Some(target.to_owned());
        self
    }

    pub(super) fn body(&self) -> String {
        envelope(self.code, &self.message, self.target.as_deref())
    }
}
