//! What becomes of a file of the page that is no export but tells what the world says of weaknesses? It is kept as that.

use std::fs::File;

use axum::response::{IntoResponse, Redirect, Response};
use domain::enrichment::FeedKind;
use service::Refusal;
use service::authorise::{Granted, Object, authorise, proof};
use service::enrichment::{FeedOptions, FeedSummary};
use service::identity::record::Origin;
use service::ingest::ImportInput;
use store::batches::Counts;

use super::jobs::JobKey;
use crate::api::error::problem_of;
use crate::problem::Problem;
use crate::state::ServerState;

/// The file with what its form said.
pub(super) struct Sent {
    pub(super) key: JobKey,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) file: File,
    pub(super) origin: Origin,
}

/// Keeps a feed and shows what became of it where imports are shown.
pub(super) async fn keep(
    state: &ServerState,
    granted: &Granted<proof::ImportsWrite>,
    sent: Sent,
) -> Result<Response, Problem> {
    let denied = |_| {
        let detail = "the file is a feed of weaknesses, not an export, and your role may not keep one";
        let hint = "ask somebody who may bring it here, or keep it by `wallclock enrich FILE`";
        problem_of(Refusal::new("no_events", detail).hint(hint).into())
    };
    let may_keep = authorise::<proof::ReferencesWrite>(granted.caller(), Object::OwnOrg).map_err(denied)?;
    let (id, is_new) = state.uploads.open(&sent.key, &sent.name, sent.bytes)?;
    if is_new {
        let options = FeedOptions { origin: sent.origin, ..FeedOptions::default() };
        match state.services.enrich(&may_keep, ImportInput::File(sent.file), options).await {
            Ok(summary) => state.uploads.finish(&id, counts(&summary), words(&summary)),
            Err(error) => {
                let problem = problem_of(error);
                state.uploads.fail(&id, problem.detail.clone().unwrap_or_else(|| problem.code.title().to_owned()));
                return Err(problem);
            }
        }
    }
    Ok(Redirect::to(&format!("/sources?import={id}")).into_response())
}

fn counts(summary: &FeedSummary) -> Counts {
    let (accepted, duplicate) = if summary.unchanged { (0, summary.kept) } else { (summary.kept, 0) };
    Counts { received: summary.received, accepted, duplicate, quarantined: summary.held }
}

fn words(summary: &FeedSummary) -> String {
    let what = match summary.feed.kind {
        FeedKind::Kev => "KEV catalogue",
        FeedKind::Epss => "list of EPSS scores",
    };
    let kept = if summary.unchanged { "known already" } else { "kept" };
    let entries = if summary.kept == 1 { "entry" } else { "entries" };
    let told = format!("{what} of {} {entries}, published {}: {kept}.", summary.kept, summary.feed.published_on);
    let held = match summary.held {
        0 => String::new(),
        1 => " One entry that cannot be true was left out.".to_owned(),
        many => format!(" {many} entries that cannot be true were left out."),
    };
    let rules: Vec<String> = summary.notes.met.iter().map(|(rule, met)| format!("{rule} {}", met.count)).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" Rules that were met: {}.", rules.join(", ")) };
    format!("{told}{held}{rules}")
}
