//! What does a person decide about a file that waits for a mapping? Look again, import, or discard: each a plain form.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use service::authorise::{Granted, proof};
use service::draft::{Answers, Fixed, RowFilter, RowTest};
use service::identity::record::Origin;

use super::jobs::JobKey;
use super::said::Said;
use super::{PATIENCE, end};
use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::problem::Problem;
use crate::state::ServerState;

/// Where nothing waits any more.
const PAGE: &str = "/sources";

/// `POST /sources/map/{id}` with `act`: `discard`, `import`, or anything else to look again.
pub async fn act(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
    fields: Fields,
) -> Result<Response, Problem> {
    let key = JobKey {
        org: granted.org(),
        actor: granted.caller().actor(),
        idempotency: format!("{id}:{}", fields.get("idempotency")),
    };
    // The same form sent twice: the draft may be gone, its import is not, whether it counts or waits for a person.
    if let Some(job) = state.uploads.find(&key) {
        return Ok(to_job(&state, &job));
    }
    if fields.get("act") == "discard" {
        state.services.discard_draft(&granted, &id).await.map_err(problem_of)?;
        return Ok(Redirect::to(PAGE).into_response());
    }
    let before = state.services.draft_answers(&granted, &id).await.map_err(problem_of)?;
    state.services.answer_draft(&granted, &id, said(&fields, before)).await.map_err(problem_of)?;
    if let Some(received_at) = Said::of_draft(&fields)? {
        state.services.draft_received_at(&granted, &id, received_at).await.map_err(problem_of)?;
    }
    if fields.get("act") != "import" {
        return Ok(to_draft(&id, "preview"));
    }
    let look = state.services.draft(&granted, &id).await.map_err(problem_of)?;
    if look.asks.iter().any(|ask| ask.blocks) {
        return Ok(to_draft(&id, "asked"));
    }
    let (job, is_new) = state.uploads.open(&key, &look.draft.name, look.draft.bytes)?;
    if is_new {
        let import = run(state.clone(), granted, facts.origin(), id, job.clone());
        // Spawned: it goes on when the reader leaves. How it ended stands on the page, whichever way.
        drop(tokio::time::timeout(PATIENCE, tokio::spawn(import)).await);
    }
    Ok(to_job(&state, &job))
}

async fn run(state: ServerState, granted: Granted<proof::ImportsWrite>, origin: Origin, id: String, job: String) {
    let (uploads, followed) = (state.uploads.clone(), job.clone());
    let progress = std::sync::Arc::new(move |progress| uploads.follow(&followed, progress));
    let imported = state.services.import_draft(&granted, &id, origin, progress).await;
    if let Err(problem) = end(&state.uploads, &job, imported) {
        tracing::info!(event = "draft_refused", code = problem.code.as_str(), "a draft was not imported");
    }
}

fn to_job(state: &ServerState, job: &str) -> Response {
    Redirect::to(&state.uploads.page(job)).into_response()
}

fn to_draft(id: &str, part: &str) -> Response {
    Redirect::to(&format!("{PAGE}/map/{id}#{part}")).into_response()
}

/// What the form says; of columns and words that were not on the page nothing changes.
fn said(fields: &Fields, before: Answers) -> Answers {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let under = |prefix: &str| {
        let found =
            fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.to_owned())));
        found.collect::<BTreeMap<String, String>>()
    };
    let with = |mut known: BTreeMap<String, String>, prefix: &str| {
        known.extend(under(prefix));
        known
    };
    let columns = under("column:");
    let roles = if columns.is_empty() {
        before.roles.clone()
    } else {
        let meant = columns.into_iter().filter(|(_, role)| !role.is_empty());
        meant.filter_map(|(place, role)| Some((place.parse().ok()?, role))).collect()
    };
    let has = |name: &str| fields.iter().any(|(known, _)| known == name);
    let of_table = |name: &str, before: &str| if has(name) { text(name) } else { before.to_owned() };
    Answers {
        format: text("format"),
        source: text("source"),
        zone: text("zone"),
        order: text("order"),
        decimal: text("decimal"),
        repeated: text("repeated"),
        encoding: text("encoding"),
        excel: !fields.get("excel").is_empty(),
        kind: text("kind"),
        exported_at: text("exported_at"),
        scale: text("scale"),
        roles,
        statuses: with(before.statuses.clone(), "status:"),
        severities: with(before.severities.clone(), "severity:"),
        resolutions: with(before.resolutions.clone(), "resolution:"),
        states: text("states"),
        scope: text("scope"),
        item_id: of_table("item_id", &before.item_id),
        fixed: if has("fixed-role:0") { fixed(&under("fixed-role:"), &under("fixed:")) } else { before.fixed.clone() },
        filters: if has("filter-column:0") { filters(&under) } else { before.filters.clone() },
        null_words: if has("null_words") { lines(fields.get("null_words")) } else { before.null_words.clone() },
        accept_gone: !fields.get("accept_gone").is_empty(),
        anew: !fields.get("anew").is_empty(),
        ..before
    }
}

/// Values that are the same in every row; a line nobody filled is none.
fn fixed(roles: &BTreeMap<String, String>, values: &BTreeMap<String, String>) -> Vec<Fixed> {
    let line = |(place, role): (usize, &String)| Fixed {
        role: role.clone(),
        value: values.get(&place.to_string()).map(|value| value.trim().to_owned()).unwrap_or_default(),
    };
    let lines = by_place(roles).into_iter().map(line);
    lines.filter(|fixed| !fixed.role.is_empty() || !fixed.value.is_empty()).collect()
}

/// Tests that rows must pass; a line nobody filled is none.
fn filters(under: &impl Fn(&str) -> BTreeMap<String, String>) -> Vec<RowFilter> {
    let (columns, tests, words) = (under("filter-column:"), under("filter-test:"), under("filter-words:"));
    let line = |(place, column): (usize, &String)| {
        let said = |of: &BTreeMap<String, String>| of.get(&place.to_string()).cloned().unwrap_or_default();
        RowFilter { column: column.clone(), test: RowTest::named(&said(&tests)), words: lines(&said(&words)) }
    };
    let filters = by_place(&columns).into_iter().map(line);
    filters.filter(|filter| !filter.column.is_empty() || !filter.words.is_empty()).collect()
}

/// Lines of a form in their order: names are sorted as text.
fn by_place(found: &BTreeMap<String, String>) -> Vec<(usize, &String)> {
    let mut lines: Vec<(usize, &String)> =
        found.iter().filter_map(|(place, value)| Some((place.parse().ok()?, value))).collect();
    lines.sort_unstable_by_key(|(place, _)| *place);
    lines
}

/// What stands on the lines of a text.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
