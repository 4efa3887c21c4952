//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::GapView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "gap")]
pub async fn gap(query: String) -> Result<GapView, UiError> {
    crate::answers::gap::load(&query).await
}
