//! May the caller do this? Gives the proof that the service asks for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use service::authorise::{Caller, Granted, Object, Proves, authorise};

use crate::middleware::gate::denial;
use crate::problem::{Code, Problem};

/// Proof that the caller may do `P` in the own organisation.
pub struct Allowed<P>(pub Granted<P>);

impl<P: Proves, S: Send + Sync> FromRequestParts<S> for Allowed<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().ok_or_else(|| Problem::new(Code::AuthRequired))?;
        authorise(caller, Object::OwnOrg).map(Self).map_err(denial)
    }
}
