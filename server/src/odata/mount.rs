//! How does the server answer for the feed? It finds who asks and the present ledger; [`super::answer()`] does the rest.

use super::{Feed, LedgerRows, Names, ODataAnswer, ODataRequest, answer};
use crate::{
    api::error::problem_of,
    extract::allowed::Allowed,
    problem::{Code, Problem},
    state::ServerState,
};
use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
};
use service::{
    authorise::{self, Granted, GrantedScope, Who, proof},
    question::ask::Ask,
};

/// Whatever is asked of `/odata` and below it.
///
/// # Errors
/// What the database said. All other refusals are answers of the feed.
pub async fn read(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ItemsRead>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<ODataAnswer, Problem> {
    let present = state.services.present_ledger(granted.org()).await.map_err(problem_of)?;
    let view = state.services.view_of(granted.org(), &Ask::default()).await.map_err(problem_of)?;
    let work = move || {
        let request = ODataRequest { method: &method, path: uri.path(), query: uri.query(), headers: &headers };
        let rows = LedgerRows {
            ledger: &present.ledger,
            frame: state.services.frame(view),
            teams_allowed: granted.scope().teams(),
            names: names_of(granted.scope()),
        };
        let feed = Feed {
            items: &rows,
            view,
            revision: present.revision.get(),
            headline: state.services.policy().headline,
            public_url: &state.settings.public_url.origin(),
            signer: &state.signer,
            scope: &reader(&granted),
            now: state.clock.now(),
        };
        answer(&request, &feed)
    };
    // A scan of all items would keep other requests waiting on a thread that serves them.
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new(Code::Internal))
}

pub(crate) const fn names_of(scope: &GrantedScope) -> Names {
    match scope.names() {
        authorise::Names::Masked => Names::Masked,
        authorise::Names::Shown => Names::Shown,
    }
}

/// Who reads, and how much of it: two readers never share a tag or a token.
fn reader<P>(granted: &Granted<P>) -> String {
    let who = match &granted.caller().who {
        Who::Person { id, .. } => format!("person {}", id.get()),
        Who::Token { id, .. } => format!("token {}", id.get()),
        Who::Webhook { id, .. } => format!("webhook {}", id.get()),
        Who::Operator => "operator".to_owned(),
    };
    format!("org {} {who} {:?}", granted.org().get(), granted.scope())
}
