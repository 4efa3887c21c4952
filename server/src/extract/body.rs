//! What bytes were sent? Read whole, within the bounds that the gate put around them.

use axum::body::{Body, Bytes};

use crate::middleware::body_bounds::problem_of;
use crate::problem::Problem;

/// All bytes of a bounded body.
///
/// # Errors
/// Too large, too slow, or broken off.
pub async fn read(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, usize::MAX).await.map_err(|error| problem_of(&error))
}
