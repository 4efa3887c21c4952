//! How does a person make, rotate and end webhooks on a page? Plain forms; the answer shows a new secret, once.

use app::answers::webhooks::{TypedWebhook, WebhookOutcome};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::authorise::{Granted, Object, authorise_freshly, proof};
use service::error::Refusal;
use service::identity::record::Origin;
use service::identity::secret::Secret;
use service::webhook::{Kind, Proof, Rotation, WebhookToAdd};

use crate::api::error::problem_of;
use crate::extract::facts::{Asking, Facts};
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::own_tokens::{is_read_by_a_person, refused, shown};
use crate::pages::Renderer;
use crate::problem::Problem;
use crate::state::ServerState;

const PAGE: &str = "/settings/webhooks";
const CONFIRM_AND_COME_BACK: &str = "/step-up?next=/settings/webhooks";

/// A form that was sent by somebody who may change webhooks and gave the password a moment ago.
struct Form {
    parts: Parts,
    fields: Fields,
    granted: Granted<proof::SourcesWrite>,
    origin: Origin,
}

impl Form {
    async fn of(state: &ServerState, request: Request) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let fields = Fields::from_request(Request::from_parts(parts.clone(), body), state).await?;
        let Asking(caller) = Asking::from_request_parts(&mut parts, state).await?;
        let Facts(facts) = Facts::from_request_parts(&mut parts, state).await?;
        let granted = authorise_freshly::<proof::SourcesWrite>(&caller, Object::OwnOrg);
        let granted = granted.map_err(|denied| refused(denied.into(), CONFIRM_AND_COME_BACK))?;
        Ok(Self { parts, fields, granted, origin: facts.origin() })
    }

    /// The page again, with the secret or with what has to change.
    async fn told(
        mut self,
        outcome: Result<WebhookOutcome, ServiceError>,
        typed: TypedWebhook,
        page: Renderer,
    ) -> Result<Response, Problem> {
        let (outcome, status) = match outcome {
            Ok(made) => (made, StatusCode::OK),
            Err(ServiceError::Refused(refusal)) if is_read_by_a_person(&self.parts.headers) => {
                let status = problem_of(ServiceError::Refused(refusal.clone())).code.status();
                (WebhookOutcome::Refused { typed, refusal }, status)
            }
            Err(error) => return Err(problem_of(error)),
        };
        self.parts.extensions.insert(outcome);
        Ok(shown(PAGE, self.parts, status, page).await)
    }
}

/// `POST /settings/webhooks`.
pub async fn make(State(state): State<ServerState>, request: Request, page: Renderer) -> Result<Response, Problem> {
    let mut form = Form::of(&state, request).await?;
    let secret = given(&mut form.fields);
    let fields = &mut form.fields;
    let typed = TypedWebhook { source: fields.take("source"), kind: fields.take("kind"), proof: fields.take("proof") };
    let made = async {
        let is_ours = secret.is_none();
        let wanted = wanted(&typed, secret)?;
        let text = state.services.add_webhook(&form.granted, &form.origin, wanted).await?;
        Ok(WebhookOutcome::Made { source: typed.source.clone(), secret: is_ours.then_some(text) })
    };
    let made = made.await;
    form.told(made, typed, page).await
}

/// What is done about one webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It gets a second secret.
    Rotate,
    /// The older of two secrets ends.
    Retire,
    /// It ends itself; the `name` of the source confirms it.
    Remove,
}

/// `POST /settings/webhooks/{source}/…`: a new secret or what has to change on the page, else back to it.
pub async fn act(
    act: Act,
    State(state): State<ServerState>,
    Segment(source): Segment,
    request: Request,
    page: Renderer,
) -> Result<Response, Problem> {
    let mut form = Form::of(&state, request).await?;
    let services = &state.services;
    let ended = match act {
        Act::Rotate => {
            let secret = given(&mut form.fields);
            let is_ours = secret.is_none();
            // What is no number of days is none: the rules say what would be one.
            let rotation = Rotation { secret, days: Some(form.fields.take("days").parse().unwrap_or(0)) };
            let text = services.rotate_webhook(&form.granted, &form.origin, &source, rotation).await;
            let made = text.map(|text| WebhookOutcome::Made { source, secret: is_ours.then_some(text) });
            return form.told(made, TypedWebhook::default(), page).await;
        }
        Act::Retire => services.retire_webhook_secret(&form.granted, &form.origin, &source).await,
        Act::Remove if form.fields.get("name").trim() == source => {
            services.remove_webhook(&form.granted, &form.origin, &source).await
        }
        Act::Remove => {
            let wrong = Refusal::new("bad_parameter", "this is not the name of the source").place("name");
            Err(wrong.hint("type it as the page shows it").into())
        }
    };
    match ended {
        Ok(()) => Ok(Redirect::to(PAGE).into_response()),
        Err(error) => form.told(Err(error), TypedWebhook::default(), page).await,
    }
}

fn given(fields: &mut Fields) -> Option<Secret<String>> {
    let text = fields.take("secret");
    let text = text.trim();
    (!text.is_empty()).then(|| Secret::new(text.to_owned()))
}

fn wanted(typed: &TypedWebhook, secret: Option<Secret<String>>) -> Result<WebhookToAdd, Refusal> {
    let known = Kind::ALL.map(Kind::as_str).join(", ");
    let no_kind = || Refusal::new("bad_parameter", "no tool is chosen").place("kind").hint(format!("one of {known}"));
    let kind = Kind::named(&typed.kind).ok_or_else(no_kind)?;
    let proof = match typed.proof.as_str() {
        "" => None,
        word => {
            let no_proof = || Refusal::new("bad_parameter", "a proof is `signature` or `key`").place("proof");
            Some(Proof::named(word).ok_or_else(no_proof)?)
        }
    };
    Ok(WebhookToAdd { source: typed.source.clone(), kind, proof, secret })
}
