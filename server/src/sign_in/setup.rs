//! How does the first owner come in? The link that the terminal printed, and the form behind it.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::identity::secret::Secret;
use service::identity::setup::FirstOwner;

use super::signed_in;
use crate::api::error::problem_of;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::pages::Renderer;
use crate::problem::Problem;
use crate::state::ServerState;

/// `GET /setup/{code}`: the form while the code holds, else the same answer as for an address that never was.
pub async fn setup_page(
    Path(code): Path<String>,
    State(state): State<ServerState>,
    request: Request,
    page: Renderer,
) -> Result<Response, Problem> {
    state.identity.open_setup(&code).await.map_err(problem_of)?;
    Ok(page(request).await)
}

/// `POST /setup/{code}` with `organisation`, `email`, `password`.
pub async fn set_up(
    State(state): State<ServerState>,
    Facts(facts): Facts,
    Segment(code): Segment,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let owner = FirstOwner {
        organisation: fields.take("organisation"),
        email: fields.take("email"),
        name: fields.take("name"),
        password: Secret::new(fields.take("password")),
    };
    match state.identity.complete_setup(&code, owner, facts.origin()).await {
        Ok(key) => Ok(signed_in(&state, &key, "/")),
        Err(ServiceError::Refused(refusal)) => {
            let error = match refusal.code {
                "password_refused" => "password",
                "bad_email" => "email",
                _ => "other",
            };
            Ok(Redirect::to(&format!("/setup/{code}?error={error}")).into_response())
        }
        Err(error) => Err(problem_of(error)),
    }
}
