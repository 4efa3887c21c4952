//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ReportsView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "reports")]
pub async fn reports(query: String) -> Result<ReportsView, UiError> {
    crate::answers::reports::load(&query).await
}
