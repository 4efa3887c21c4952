//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::WebhooksView;
use crate::error::UiError;

/// The webhooks of the reader's organisation.
#[server(prefix = "/sfn", endpoint = "webhooks")]
pub async fn webhooks(query: String) -> Result<WebhooksView, UiError> {
    crate::answers::webhooks::load(&query).await
}
