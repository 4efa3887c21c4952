//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::PlanView;
use crate::error::UiError;

/// What was saved for the source `id`.
#[server(prefix = "/sfn", endpoint = "source-plan")]
pub async fn source_plan(id: String) -> Result<PlanView, UiError> {
    crate::answers::source_plan::load(&id).await
}
