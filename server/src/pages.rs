//! How do Leptos pages get onto the wire? Each whole before its first byte, with what they need to know beside them.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use app::answers::connect::PublicAddress;
use app::answers::tokens::FormOutcome;
use app::answers::webhooks::WebhookOutcome;
use app::components::Theme;
use app::islands::JobView;
use app::routes::App;
use app::shell::shell;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{LOCATION, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::generate_route_list;
use service::authorise::Caller;
use service::identity::sessions::SignedIn;

use crate::extract::query::pairs;
use crate::middleware::problem_mapper::AlreadyWritten;
use crate::middleware::request_facts::RequestFacts;
use crate::routes::build::BuildError;
use crate::routes::table::{Name, Route};
use crate::sign_in::cookie;
use crate::state::ServerState;

/// Renders whatever page the address names.
pub type Renderer = std::sync::Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// The renderer of all pages. Asynchronous rendering: a page with a fault keeps its own status.
#[must_use]
pub fn renderer(state: &ServerState) -> Renderer {
    let (context, options) = (state.clone(), state.leptos_options().clone());
    let render = leptos_axum::render_app_async_with_context(move || provide(&context), move || shell(options.clone()));
    std::sync::Arc::new(move |request| {
        let rendered = render(request);
        Box::pin(async move {
            let mut response = rendered.await;
            response.extensions_mut().insert(AlreadyWritten);
            response
        })
    })
}

/// One server function.
pub async fn function(State(state): State<ServerState>, request: Request<Body>) -> Response {
    let from_form = request.headers().get(REFERER).cloned();
    let answer = leptos_axum::handle_server_fns_with_context(move || provide(&state), request).await;
    let mut response = answer.into_response();
    if let Some(location) = response.headers().get(LOCATION)
        && from_form.as_ref() == Some(location)
    {
        // The referrer is what the client says it is: only its path is followed.
        let path = path_of(location);
        response.headers_mut().insert(LOCATION, path);
    }
    response.extensions_mut().insert(AlreadyWritten);
    response
}

fn path_of(location: &HeaderValue) -> HeaderValue {
    let uri = location.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
    let path = uri.as_ref().map_or("/", Uri::path);
    let safe = service::identity::next_path::safe_next(Some(path));
    HeaderValue::from_str(&safe).unwrap_or_else(|_| HeaderValue::from_static("/"))
}

/// What pages and server functions find in their context. Leptos has made its own nonce by now; the one in the header
/// replaces it.
fn provide(state: &ServerState) {
    provide_context(state.services.clone());
    provide_context(state.identity.clone());
    provide_context(PublicAddress(state.settings.public_url.origin()));
    let Some(parts) = use_context::<Parts>() else { return };
    provide_context(Theme::from_cookie(&cookie::theme(&parts.headers)));
    if let Some(nonce) = parts.extensions.get::<Nonce>() {
        provide_context(nonce.clone());
    }
    if let Some(caller) = parts.extensions.get::<Caller>() {
        provide_context(caller.clone());
        if let Some(job) = named_job(state, caller, parts.uri.query().unwrap_or("")) {
            provide_context(job);
        }
    }
    if let Some(outcome) = parts.extensions.get::<FormOutcome>() {
        provide_context(outcome.clone());
    }
    if let Some(outcome) = parts.extensions.get::<WebhookOutcome>() {
        provide_context(outcome.clone());
    }
    if let Some(signed_in) = parts.extensions.get::<SignedIn>() {
        provide_context(signed_in.clone());
    }
    if let Some(facts) = parts.extensions.get::<RequestFacts>() {
        provide_context(facts.origin());
    }
}

/// The import that `?import=` names, for the page that shows how far it is.
fn named_job(state: &ServerState, caller: &Caller, query: &str) -> Option<JobView> {
    let id = pairs(query).ok()?.remove("import")?;
    state.uploads.view(caller.org, &id)
}

/// Whether the pages and server functions that exist are those of the table.
///
/// # Errors
/// The first that stands in one alone.
pub fn check_table(routes: &[Route]) -> Result<(), BuildError> {
    let paths = |names: &[Name]| -> BTreeSet<String> {
        routes.iter().filter(|route| names.contains(&route.name)).map(|route| route.path.to_owned()).collect()
    };
    let pages: BTreeSet<String> = generate_route_list(App).iter().map(|page| page.path().to_owned()).collect();
    let functions: BTreeSet<String> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    for (real, table) in [(pages, paths(&[Name::Page, Name::SetupPage])), (functions, paths(&[Name::Function]))] {
        if let Some(lonely) = real.symmetric_difference(&table).next() {
            return Err(BuildError::NotInBoth(lonely.clone()));
        }
    }
    Ok(())
}
