//! How does a reader get the list of the items page as a file?

use axum::{
    extract::{RawQuery, State},
    http::{
        HeaderName, HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use metrics::ledger::{Filter, Ledger};
use service::{authorise::proof, question::ask::refuse_search};

use super::csv::{Csv, ESCAPED_HEADER, items_csv as written};
use crate::{
    api::error::problem_of,
    extract::allowed::Allowed,
    odata::{LedgerRows, mount::names_of},
    problem::{Code, Problem},
    state::ServerState,
};

/// `GET /items.csv`, with the address of the page behind the question mark: the file holds the items of the whole list.
///
/// # Errors
/// A parameter that cannot be used, or what the database said.
pub async fn items_csv(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ItemsRead>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let ask = app::answers::ask_of(query.as_deref().unwrap_or_default())
        .map_err(|error| Problem::new(Code::BadParameter).detail(error.to_string()))?;
    refuse_search(&granted, &ask.filter).map_err(problem_of)?;
    let services = state.services.clone();
    let view = services.view_of(granted.org(), &ask).await.map_err(problem_of)?;
    let ledger = services.ledger_of(granted.org(), view).await.map_err(problem_of)?;
    let work = move || {
        let frame = services.frame(view);
        let filter = Filter { teams_allowed: granted.scope().teams(), ..ask.filter };
        let selected = ledger.select(&filter, &frame).into_iter().cloned().collect();
        let rows = LedgerRows {
            ledger: &Ledger::new(selected),
            frame,
            teams_allowed: filter.teams_allowed.clone(),
            names: names_of(granted.scope()),
        };
        written(rows.rows(view.as_of, filter.mode))
    };
    let csv = tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new(Code::Internal))?;
    Ok(sent(csv, "attachment; filename=\"items.csv\""))
}

/// A file for a spreadsheet, under the name it is kept by.
pub(super) fn sent(csv: Csv, disposition: &'static str) -> Response {
    let mut response = csv.text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv;charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    if csv.escaped {
        headers.insert(HeaderName::from_static(ESCAPED_HEADER), HeaderValue::from_static("1"));
    }
    response
}
