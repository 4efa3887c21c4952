//! Which request is this? Its id, its address, and who signed in, for handlers.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use service::authorise::Caller;
use service::identity::sessions::SignedIn;

use crate::middleware::request_facts::RequestFacts;
use crate::problem::{Code, Problem};

/// The facts of the request, put there by the edge.
pub struct Facts(pub RequestFacts);

impl<S: Send + Sync> FromRequestParts<S> for Facts {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<RequestFacts>().cloned().map(Self).ok_or_else(|| Problem::new(Code::Internal))
    }
}

/// The caller that the gate found.
pub struct Asking(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().map(Self).ok_or_else(|| Problem::new(Code::AuthRequired))
    }
}

/// Who signed in, if anybody did.
pub struct MaybeSignedIn(pub Option<SignedIn>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<SignedIn>().cloned()))
    }
}
