//! What bytes were sent? Read whole, within the bounds that the gate put around them.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};

use crate::middleware::body_bounds::problem_of;
use crate::problem::Problem;

/// The whole body.
pub struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request.into_body()).await.map(Self)
    }
}

/// All bytes of a bounded body.
///
/// # Errors
/// Too large, too slow, or broken off.
pub async fn read(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, usize::MAX).await.map_err(|error| problem_of(&error))
}
