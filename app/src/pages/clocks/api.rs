//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ClocksView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "clocks")]
pub async fn clocks(query: String) -> Result<ClocksView, UiError> {
    crate::answers::clocks::load(&query).await
}
