//! Which part of the address is the id? Decoded once; what cannot be decoded is not found.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::{Code, Problem};

/// The one variable part of the address.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::<String>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(text)| Self(text))
            .map_err(|_| Problem::new(Code::NotFound))
    }
}
