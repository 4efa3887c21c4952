//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ImportsView;
use crate::error::UiError;

/// The files of the source in `query`, or of all.
#[server(prefix = "/sfn", endpoint = "imports")]
pub async fn imports(query: String) -> Result<ImportsView, UiError> {
    crate::answers::imports::load(&query).await
}
