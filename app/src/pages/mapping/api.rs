//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::DraftView;
use crate::error::UiError;

/// The draft `id`, with what would come of it.
#[server(prefix = "/sfn", endpoint = "draft")]
pub async fn draft(id: String) -> Result<DraftView, UiError> {
    crate::answers::mapping::load(&id).await
}
