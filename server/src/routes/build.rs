//! How does the table become a router? Each route gets its gate; the edge stands around all of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on, post, put};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::table::{Name, ROUTES, Route, Surface};
use crate::extract::path::Segment;
use crate::middleware::gate::Gate;
use crate::middleware::{gate, headers, host, path_check, problem_mapper, request_facts};
use crate::own_webhooks::Act;
use crate::pages;
use crate::problem::{Code, Problem};
use crate::state::ServerState;
use crate::{
    api, assets, export, health, odata, own_tokens, own_webhooks, problem_pages, reports, sign_in, source_clocks,
    source_plans, uploads, webhook,
};

/// The table and the pages do not say the same, or the public address is no origin.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A page or a server function is missing from the table, or the other way round.
    #[error("`{0}` stands in the pages or in the route table, and not in both")]
    NotInBoth(String),
    /// The public address cannot be an origin.
    #[error("the public url is no origin a browser sends")]
    NoOrigin,
}

/// What answers each route.
pub type Handlers = fn(&Route, &ServerState) -> MethodRouter<ServerState>;

/// Everything the server answers, as `serve` runs it and tests call it.
///
/// # Errors
/// [`BuildError`]: such a server must not start.
pub fn router(state: &ServerState) -> Result<Router, BuildError> {
    router_with(state, handler)
}

/// The same edge and gates around other handlers: what they do to a handler that breaks or hangs can be seen there.
///
/// # Errors
/// As [`router`].
pub fn router_with(state: &ServerState, handler: Handlers) -> Result<Router, BuildError> {
    pages::check_table(ROUTES)?;
    let mut inner = Router::new();
    for route in ROUTES {
        inner = inner.route(route.path, gated(route, state, handler)?);
    }
    let inner = inner.fallback(async || Problem::new(Code::NotFound)).with_state(state.clone());
    let edge = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), request_facts::observe))
        .layer(from_fn_with_state(state.clone(), headers::protect))
        .layer(from_fn(problem_mapper::write))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn(path_check::check))
        .layer(from_fn_with_state(state.clone(), host::check))
        .service(inner);
    Ok(Router::new().fallback_service(edge))
}

fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::new(Code::Internal).into_response()
}

fn gated(
    route: &'static Route,
    state: &ServerState,
    handler: Handlers,
) -> Result<MethodRouter<ServerState>, BuildError> {
    let gate = Arc::new(Gate { route, state: state.clone() });
    let known = handler(route, state).route_layer(from_fn_with_state(gate.clone(), gate::identify));
    let guarded = match route.surface {
        Surface::Page | Surface::Function => {
            let own = state.settings.public_url.origin();
            let csrf = CsrfLayer::new().add_trusted_origin(own).map_err(|_| BuildError::NoOrigin)?;
            known.route_layer(csrf.with_rejection_response(cross_site))
        }
        Surface::Open | Surface::Webhook | Surface::Api | Surface::OData => known,
    };
    Ok(guarded.route_layer(from_fn_with_state(gate, gate::admit)))
}

fn cross_site(_: ProtectionError) -> Response {
    Problem::new(Code::CrossSite).into_response()
}

/// Every method a client may mean; the feed itself says which it takes.
const fn every_method() -> MethodFilter {
    let reading = MethodFilter::GET.or(MethodFilter::HEAD).or(MethodFilter::OPTIONS);
    reading.or(MethodFilter::POST).or(MethodFilter::PUT).or(MethodFilter::PATCH).or(MethodFilter::DELETE)
}

/// What answers; the list is complete or the server does not compile.
fn handler(route: &Route, state: &ServerState) -> MethodRouter<ServerState> {
    match route.name {
        Name::Healthz => get(health::healthz),
        Name::Readyz => get(health::readyz),
        Name::Asset => get(assets::asset),
        Name::ProblemPage => get(problem_pages::show),
        Name::Page => page(state),
        Name::SetupPage => setup_page(state),
        Name::Function => post(pages::function),
        Name::SignIn => post(sign_in::sign_in),
        Name::SignOut => post(sign_in::sign_out),
        Name::StepUp => post(sign_in::step_up),
        Name::TokenMake => token_make(state),
        Name::TokenRevoke => post(own_tokens::revoke),
        Name::WebhookMake => webhook_make(state),
        Name::WebhookRotate => webhook_act(Act::Rotate, state),
        Name::WebhookRetire => webhook_act(Act::Retire, state),
        Name::WebhookRemove => webhook_act(Act::Remove, state),
        Name::Setup => post(sign_in::set_up),
        Name::Theme => post(sign_in::theme),
        Name::ImportUpload => post(uploads::upload).layer(DefaultBodyLimit::disable()),
        Name::ImportStatus => get(uploads::status),
        Name::ImportNews => get(uploads::imports::news),
        Name::ImportQualityCsv => get(export::import_quality_csv::quality_csv),
        Name::ImportPause => post(uploads::imports::pause),
        Name::ImportResume => post(uploads::imports::resume),
        Name::ImportCancel => post(uploads::imports::cancel),
        Name::ImportAccept => post(uploads::imports::accept),
        Name::ImportPartial => post(uploads::imports::partial),
        Name::ImportWithdraw => post(uploads::imports::withdraw),
        Name::DraftAct => post(uploads::drafts::act),
        Name::PlanAct => post(source_plans::act),
        Name::ClockAct => post(source_clocks::decide),
        Name::PlanFile => get(source_plans::file),
        Name::QuarantineRelease => post(uploads::quarantine::release),
        Name::QuarantineDismiss => post(uploads::quarantine::dismiss),
        Name::QuarantineAct => post(uploads::many::act),
        Name::QualityCsv => get(export::held_csv::quality_csv),
        Name::BoardPdf => get(reports::board_pdf),
        Name::ItemsCsv => get(export::mount::items_csv),
        Name::Version => get(api::v1::version::version),
        Name::Events => post(api::v1::events::send),
        Name::EventsBatch => post(api::v1::events::send_batch),
        Name::ImportList => get(api::v1::imports::list),
        Name::ImportOne => get(api::v1::imports::one),
        Name::ImportQuality => get(api::v1::import_quality::quality),
        Name::ImportSend => post(api::v1::imports::send).layer(DefaultBodyLimit::disable()),
        Name::ImportApiPause => post(api::v1::imports::pause),
        Name::ImportApiResume => post(api::v1::imports::resume),
        Name::ImportApiCancel => post(api::v1::imports::cancel),
        Name::ImportApiAccept => post(api::v1::imports::accept),
        Name::ImportApiPartial => post(api::v1::imports::partial),
        Name::HeldList => get(api::v1::quarantine::list),
        Name::HeldRelease => post(api::v1::quarantine::release),
        Name::HeldDismiss => post(api::v1::quarantine::dismiss),
        Name::WebhookIn => post(webhook::receive),
        Name::Items => get(api::v1::items::list),
        Name::Item => get(api::v1::items::one),
        Name::Gap => get(api::v1::gap::gap),
        Name::Clocks => get(api::v1::clocks::clocks),
        Name::Analysis => get(api::v1::analysis::analysis),
        Name::Metrics => get(api::v1::metrics::list),
        Name::Metric => get(api::v1::metrics::one),
        Name::Registers => get(api::v1::registers::list),
        Name::Register => get(api::v1::registers::read),
        Name::RegisterPut => put(api::v1::registers::put),
        Name::Drills => post(api::v1::drills::send),
        Name::Enrichment => post(api::v1::enrichment::send),
        // The feed names the methods it takes itself, in its own envelope.
        Name::OData => on(every_method(), odata::mount::read),
    }
}

fn page(state: &ServerState) -> MethodRouter<ServerState> {
    let page = pages::renderer(state);
    get(move |request: Request| page(request))
}

fn setup_page(state: &ServerState) -> MethodRouter<ServerState> {
    let page = pages::renderer(state);
    get(move |code: axum::extract::Path<String>, state: axum::extract::State<ServerState>, request: Request| {
        sign_in::setup_page(code, state, request, page)
    })
}

/// The answer to the form shows the token, once.
fn token_make(state: &ServerState) -> MethodRouter<ServerState> {
    let page = pages::renderer(state);
    post(move |state: axum::extract::State<ServerState>, request: Request| own_tokens::make(state, request, page))
}

/// The answer to the form shows the secret, once.
fn webhook_make(state: &ServerState) -> MethodRouter<ServerState> {
    let page = pages::renderer(state);
    post(move |state: axum::extract::State<ServerState>, request: Request| own_webhooks::make(state, request, page))
}

/// What is done about one webhook; where it cannot be done the page says why.
fn webhook_act(act: Act, state: &ServerState) -> MethodRouter<ServerState> {
    let page = pages::renderer(state);
    post(move |state: axum::extract::State<ServerState>, source: Segment, request: Request| {
        own_webhooks::act(act, state, source, request, page)
    })
}
