//! How much body, and how long may it take? Checked before reading where the length is announced, and while reading.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH};
use formats::unpack::Packing;
use http_body_util::Limited;
use tower_http::timeout::{DeadlineBody, TimeoutBody};

use crate::limits::{Class, Limits};
use crate::problem::{Code, Problem};

/// Wraps the body of the request in its bounds.
///
/// # Errors
/// 413 for an announced length above the limit, 415 for a packed body where none is taken, or packed in another way.
pub fn bound(request: Request, most: u64, class: Class, limits: &Limits) -> Result<Request, Problem> {
    let headers = request.headers();
    if !is_taken(headers, class) {
        let packed = "pack it with gzip or zstd, once";
        let hint = if class == Class::Ingest { packed } else { "send the body as it is, without packing" };
        return Err(Problem::new(Code::UnsupportedEncoding).hint(hint));
    }
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|text| text.parse().ok());
    if announced.is_some_and(|length: u64| length > most) {
        return Err(too_large(most).header(CONNECTION, "close"));
    }
    let (idle, whole) = match class {
        Class::Upload => (limits.upload_idle, limits.upload_whole),
        Class::Health | Class::Read | Class::Ingest | Class::Export | Class::Render | Class::SignIn => {
            (limits.body_idle, limits.body_whole)
        }
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(request.map(|body| {
        let timed = TimeoutBody::new(idle, DeadlineBody::new(whole, body));
        Body::new(Limited::new(timed, most))
    }))
}

/// Whether the body comes as it is, or packed once in a way that handlers of this class read.
fn is_taken(headers: &HeaderMap, class: Class) -> bool {
    let mut packings = headers.get_all(CONTENT_ENCODING).iter();
    let packing = packings.next().map(|packing| packing.to_str().unwrap_or("unreadable"));
    packings.next().is_none()
        && match packing.map(Packing::of_content_encoding) {
            None | Some(Some(Packing::Plain)) => true,
            Some(Some(_)) => class == Class::Ingest,
            Some(None) => false,
        }
}

/// The refusal of a body above `most` bytes.
#[must_use]
pub fn too_large(most: u64) -> Problem {
    Problem::new(Code::BodyTooLarge).detail(format!("at most {most} bytes")).member("limit", most)
}

/// What went wrong while a body was read, told apart by its cause.
#[must_use]
pub fn problem_of(error: &(dyn std::error::Error + 'static)) -> Problem {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return Problem::new(Code::BodyTooLarge);
        }
        if error.is::<tower_http::timeout::TimeoutError>() {
            return Problem::new(Code::BodyTimeout);
        }
        cause = error.source();
    }
    Problem::new(Code::BadRequest).detail("the body broke off or its framing is wrong")
}
