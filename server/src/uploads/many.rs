//! What becomes of many held lines when somebody confirms it on the page?

use std::time::Duration;

use app::answers::quality::decision_of;
use app::filter::QualityQuery;
use axum::extract::State;
use axum::response::Redirect;
use domain::id::QuarantineId;
use service::authorise::proof;

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// A few lines are settled within this, and a reader without script sees the counts at once.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// `POST /quality/act` with the `choice` that was shown beforehand, as the address of that page, and its last line.
pub async fn act(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::QuarantineWork>,
    Facts(facts): Facts,
    fields: Fields,
) -> Result<Redirect, Problem> {
    let unreadable = |detail: String| Problem::new(Code::BadParameter).detail(detail).at("choice");
    let choice = fields.get("choice");
    let up_to = fields.get("up_to").parse().map(QuarantineId::from_row).ok();
    let decision = decision_of(choice, up_to).map_err(|error| unreadable(error.to_string()))?;
    let Some((chosen, act)) = decision.filter(|_| up_to.is_some()) else {
        return Err(unreadable("nothing was shown that could be confirmed".to_owned()));
    };
    let (origin, key) = (facts.origin(), fields.get("idempotency"));
    let begun = state.services.begin_many(&granted, &origin, key, &chosen, act).await.map_err(problem_of)?;
    if let Some(work) = begun.work {
        // Spawned: it goes on when the reader leaves. What it came to stands on the page.
        let work = tokio::spawn(async move {
            if let Err(error) = work.run().await {
                tracing::error!(event = "many_stopped", %error, "a decision about held lines ended early");
            }
        });
        if tokio::time::timeout(PATIENCE, work).await.is_err() {
            tracing::info!(event = "many_goes_on", act = begun.id, "a decision about held lines goes on");
        }
    }
    let plain = QualityQuery::parse(choice).map_err(|error| unreadable(error.to_string()))?.plain();
    let told = QualityQuery { act: Some(begun.id), ..plain };
    Ok(Redirect::to(&format!("{}#decided", told.address("/quality"))))
}
