//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::SourcesView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "sources")]
pub async fn sources(query: String) -> Result<SourcesView, UiError> {
    crate::answers::sources::load(&query).await
}
