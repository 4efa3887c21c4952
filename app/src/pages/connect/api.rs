//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ConnectView;
use crate::error::UiError;

/// The answer to the page's question under the filter in `query`.
#[server(prefix = "/sfn", endpoint = "connect")]
pub async fn connect(query: String) -> Result<ConnectView, UiError> {
    crate::answers::connect::load(&query).await
}
