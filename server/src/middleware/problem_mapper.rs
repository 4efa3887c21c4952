//! How is a refusal written? As problem+json for programs, as a page for readers, as OData for its clients; bare
//! statuses of other layers are rewritten, so that no answer shows what is inside.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::request_facts::RequestFacts;
use crate::odata;
use crate::problem::{Code, Problem};
use crate::problem_page;

/// Says that the body of a 4xx or 5xx is ours and stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct AlreadyWritten;

/// In which form the asker wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Page,
    OData,
}

/// Writes problems.
pub async fn write(request: Request, next: Next) -> Response {
    let form = form_of(request.uri().path(), request.headers());
    let request_id = request.extensions().get::<RequestFacts>().map(|facts| facts.id.clone()).unwrap_or_default();
    let head_only = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let Some((problem, kept)) = problem_in(response.status(), &response) else {
        return response;
    };
    let (parts, _) = response.into_parts();
    let mut written = match form {
        Form::Json => json(&problem, &request_id),
        Form::OData => odata::error::write(&problem),
        Form::Page => (problem.code.status(), Html(problem_page::html(&problem, &request_id))).into_response(),
    };
    for (name, value) in &kept {
        written.headers_mut().insert(name, value.clone());
    }
    *written.extensions_mut() = parts.extensions;
    if head_only {
        *written.body_mut() = Body::empty();
    }
    written
}

/// The problem of a response, and the headers worth keeping; `None` for what stays as it is.
fn problem_in(status: StatusCode, response: &Response) -> Option<(Box<Problem>, HeaderMap)> {
    let mut kept = response.headers().clone();
    kept.remove(CONTENT_TYPE);
    kept.remove(CONTENT_LENGTH);
    if let Some(problem) = response.extensions().get::<Box<Problem>>() {
        return Some((problem.clone(), kept));
    }
    let bare = status.is_client_error() || status.is_server_error();
    // The feed writes its own refusals, in the envelope of its protocol.
    let by_feed = response.headers().contains_key(odata::error::ODATA_VERSION);
    if !bare || by_feed || response.extensions().get::<AlreadyWritten>().is_some() {
        return None;
    }
    kept.retain_only_allow();
    Some((Box::new(Problem::new(Code::of_status(status))), kept))
}

/// Of a bare answer nothing is kept but `Allow`.
trait RetainOnlyAllow {
    fn retain_only_allow(&mut self);
}

impl RetainOnlyAllow for HeaderMap {
    fn retain_only_allow(&mut self) {
        let allow = self.remove(ALLOW);
        self.clear();
        if let Some(allow) = allow {
            self.insert(ALLOW, allow);
        }
    }
}

fn json(problem: &Problem, request_id: &str) -> Response {
    let mut response = (problem.code.status(), problem.body(request_id).to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn form_of(path: &str, headers: &HeaderMap) -> Form {
    if path == "/odata" || path.starts_with("/odata/") {
        return Form::OData;
    }
    if path.starts_with("/api/") || path.starts_with("/sfn/") {
        return Form::Json;
    }
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    if accept.contains("text/html") { Form::Page } else { Form::Json }
}
