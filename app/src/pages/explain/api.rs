//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ExplanationView;
use crate::error::UiError;

/// What the figure `metric` is, and what it rests on under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "explain")]
pub async fn explain(metric: String, query: String) -> Result<ExplanationView, UiError> {
    crate::answers::explain::load(&metric, &query).await
}
