//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::QualityView;
use crate::error::UiError;

/// The answer to the page's question under the filter and the choice in `query`.
#[server(prefix = "/sfn", endpoint = "quality")]
pub async fn quality(query: String) -> Result<QualityView, UiError> {
    crate::answers::quality::load(&query).await
}
