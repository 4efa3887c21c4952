//! What does the log say of any moment, under any filter? The sections of `wallclock analyze`, to the letter.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};
use service::analyze::{ItemList, Wanted};

use super::answer::private;
use crate::api::error::problem_of;
use crate::extract::ask::{Asked, MOMENT_NAMES, VIEW_NAMES};
use crate::extract::facts::Asking;
use crate::extract::query::Parameters;
use crate::problem::Problem;
use crate::state::ServerState;

/// Longer than any watching.
const TAU_DAYS_MAX: u32 = 36_500;

/// `GET /api/v1/analysis` with the names of a view, `tau_days` and `items`.
pub async fn analysis(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.parameters.only(&[&VIEW_NAMES[..], &["tau_days", "items"]].concat())?;
    let prints_items = asked.parameters.read::<bool>("items", "`true` or `false`")?.unwrap_or(false);
    let wanted = Wanted {
        tau_days: asked.parameters.number("tau_days", 1, TAU_DAYS_MAX)?.map(i64::from),
        items: if prints_items { ItemList::Printed } else { ItemList::LeftOut },
    };
    let mut answer = state.services.analysis(&caller, &asked.ask, wanted).await.map_err(problem_of)?;
    let filter = narrowing(&asked.parameters);
    if let (Value::Object(answer), false) = (&mut answer, filter.is_empty()) {
        answer.insert("filter".to_owned(), Value::Object(filter));
    }
    Ok(private(answer))
}

/// The parameters that narrow which items count: the answer says what it is an answer to.
fn narrowing(parameters: &Parameters) -> Map<String, Value> {
    let narrows = |name: &str| VIEW_NAMES.contains(&name) && !MOMENT_NAMES.contains(&name);
    let given = parameters.iter().filter(|(name, value)| narrows(name) && !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}
