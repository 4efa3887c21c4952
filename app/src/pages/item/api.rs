//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::ItemView;
use crate::error::UiError;

/// The clocks and events of the item `id`, at the moment that `query` names.
#[server(prefix = "/sfn", endpoint = "item")]
pub async fn item(id: String, query: String) -> Result<ItemView, UiError> {
    crate::answers::item::load(&id, &query).await
}
