//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ItemsView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "items")]
pub async fn items(query: String) -> Result<ItemsView, UiError> {
    crate::answers::items::load(&query).await
}
