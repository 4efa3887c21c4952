//! May this request reach its handler? Room, size, time, rate, then who is asking and whether they may.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use service::authorise::{Caller, Denied, Object, Who, decide};

use super::body_bounds;
use super::rates::Asker;
use super::request_facts::{AnsweredFor, RequestFacts, RoutePattern};
use crate::api::error::problem_of;
use crate::extract::accept;
use crate::extract::credentials::{self, Credentials};
use crate::limits::Class;
use crate::problem::{Code, Problem};
use crate::routes::table::{Access, Route, Surface};
use crate::state::ServerState;

/// The gate of one route.
pub struct Gate {
    pub route: &'static Route,
    pub state: ServerState,
}

/// Room, size and time.
pub async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let route = gate.route;
    let Some(_place) = gate.state.places.take(route.class) else {
        return marked(Problem::new(Code::Busy).retry_after(1).into_response(), route);
    };
    if route.surface == Surface::Api
        && let Err(problem) = accept::json(request.headers())
    {
        return marked(problem.into_response(), route);
    }
    let limits = &gate.state.limits;
    let request = match body_bounds::bound(request, route.body_max, route.class, limits) {
        Ok(request) => request,
        Err(problem) => return marked(problem.into_response(), route),
    };
    let response = match tokio::time::timeout(gate.work_time(), next.run(request)).await {
        Ok(response) => response,
        Err(_) => gate.too_late().into_response(),
    };
    marked(response, route)
}

fn marked(mut response: Response, route: &Route) -> Response {
    response.extensions_mut().insert(RoutePattern(route.path));
    response
}

impl Gate {
    fn work_time(&self) -> Duration {
        let limits = &self.state.limits;
        match self.route.class {
            Class::Health | Class::Read | Class::Export => limits.read_work,
            // The body may take its own time before the work begins.
            Class::Ingest => limits.ingest_work + limits.body_whole,
            Class::Upload => limits.upload_whole,
            Class::Render => limits.render_work,
            Class::SignIn => limits.sign_in_work + limits.body_whole,
        }
    }

    fn too_late(&self) -> Problem {
        match self.route.class {
            Class::Ingest | Class::Upload => Problem::new(Code::OutcomeUnknown).retry_after(1),
            Class::Render => Problem::new(Code::RenderTimeout).retry_after(10),
            Class::SignIn => Problem::new(Code::Busy).retry_after(1),
            Class::Health | Class::Read | Class::Export => Problem::new(Code::QueryTimeout),
        }
    }
}

/// Who is asking, how often, and whether they may. What is learnt goes along with the request.
pub async fn identify(State(gate): State<Arc<Gate>>, mut request: Request, next: Next) -> Response {
    match gate.known(&mut request).await {
        Err(response) => *response,
        Ok(caller) => {
            let mut response = next.run(request).await;
            if let Some(caller) = caller {
                response.extensions_mut().insert(AnsweredFor(name_of(&caller)));
            }
            response
        }
    }
}

/// Who it is by id: logs hold no names.
fn name_of(caller: &Caller) -> String {
    match &caller.who {
        Who::Person { id, .. } => format!("person:{}", id.get()),
        Who::Token { id, .. } => format!("token:{}", id.get()),
        Who::Webhook { id, .. } => format!("webhook:{}", id.get()),
        Who::Operator => "operator".to_owned(),
    }
}

impl Gate {
    /// The caller, if there is one and may pass.
    async fn known(&self, request: &mut Request) -> Result<Option<Caller>, Box<Response>> {
        // Who sends by itself is known by its body, which the handler reads.
        if matches!(self.route.surface, Surface::Open | Surface::Webhook) {
            return Ok(None);
        }
        let credentials = credentials::read(request.headers(), self.route.surface, &self.state).await;
        let credentials = credentials.map_err(|error| refuse(problem_of(error)))?;
        self.take_turn(&credentials, request).map_err(refuse)?;
        let caller = match credentials {
            Credentials::Person(signed_in) => {
                let caller = signed_in.caller.clone();
                request.extensions_mut().insert(*signed_in);
                Some(caller)
            }
            Credentials::Token(caller) => Some(*caller),
            Credentials::None => None,
            Credentials::Wrong if self.route.access == Access::Public => None,
            Credentials::Wrong => return Err(refuse(self.challenge(Code::TokenInvalid))),
        };
        self.allow(caller.as_ref(), request)?;
        if let Some(caller) = &caller {
            request.extensions_mut().insert(caller.clone());
        }
        Ok(caller)
    }

    fn allow(&self, caller: Option<&Caller>, request: &Request) -> Result<(), Box<Response>> {
        let (Some(caller), access) = (caller, self.route.access) else {
            return if self.route.access == Access::Public { Ok(()) } else { Err(self.ask_who(request)) };
        };
        match access {
            Access::Public | Access::SignedIn | Access::Proved => Ok(()),
            Access::Needs(permission) => {
                decide(caller, permission, Object::OwnOrg).map(drop).map_err(|denied| refuse(denial(denied)))
            }
        }
    }

    /// A reader is led to the sign-in page and back; a program is told.
    fn ask_who(&self, request: &Request) -> Box<Response> {
        let to_page = self.route.surface == Surface::Page && matches!(*request.method(), Method::GET | Method::HEAD);
        if to_page {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            let next = if wanted == "/" { String::new() } else { format!("?next={}", percent_encoded(wanted)) };
            return Box::new(Redirect::to(&format!("/sign-in{next}")).into_response());
        }
        refuse(self.challenge(Code::AuthRequired))
    }

    fn challenge(&self, code: Code) -> Problem {
        let problem = Problem::new(code);
        match self.route.surface {
            Surface::OData => problem.challenge("Basic realm=\"wallclock\", charset=\"UTF-8\""),
            Surface::Api => problem.challenge("Bearer realm=\"wallclock\""),
            Surface::Open | Surface::Page | Surface::Function | Surface::Webhook => problem,
        }
    }

    fn take_turn(&self, credentials: &Credentials, request: &Request) -> Result<(), Problem> {
        let limits = &self.state.limits;
        let caller = match credentials {
            Credentials::Person(signed_in) => Some(&signed_in.caller),
            Credentials::Token(caller) => Some(caller.as_ref()),
            Credentials::None | Credentials::Wrong => None,
        };
        let (asker, rate) = match caller.map(|caller| &caller.who) {
            Some(Who::Person { id, .. }) => (Asker::Person(id.get()), limits.person_rate),
            Some(Who::Token { id, .. }) => (Asker::Token(id.get()), limits.token_rate),
            Some(Who::Operator | Who::Webhook { .. }) | None => {
                let facts = request.extensions().get::<RequestFacts>();
                let Some(facts) = facts else {
                    return Err(Problem::new(Code::Internal));
                };
                (Asker::Address(facts.address), limits.anonymous_rate)
            }
        };
        self.state
            .rates
            .take(asker, rate, crate::clock::started())
            .map_err(|seconds| Problem::new(Code::RateLimited).retry_after(seconds).header(CONNECTION, "close"))
    }
}

fn refuse(problem: Problem) -> Box<Response> {
    Box::new(problem.into_response())
}

/// The member of a refusal that says where the password is given again.
pub const CONFIRM: &str = "confirm";

/// Why not, in words for the caller.
#[must_use]
pub fn denial(denied: Denied) -> Problem {
    match denied {
        Denied::Foreign => Problem::new(Code::NotFound),
        Denied::Role(_) | Denied::NotActive => Problem::new(Code::NotAllowed).detail(denied.to_string()),
        Denied::Source => Problem::new(Code::SourceNotAllowed),
        Denied::StepUp => Problem::new(Code::StepUpRequired).member(CONFIRM, "/step-up"),
        Denied::Scope(permission) => {
            let scopes: Vec<&str> = permission.scopes().iter().map(|scope| scope.as_str()).collect();
            let wanted = scopes.join("` or `");
            Problem::new(Code::ScopeMissing)
                .detail(if scopes.is_empty() { denied.to_string() } else { format!("it needs `{wanted}`") })
                .hint("make a token with that scope on the page `/settings/tokens`, or by `wallclock token add`")
        }
    }
}

/// Everything but letters, digits and `-._~/` as `%XX`.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
