//! Where the page's answer comes from.

use leptos::prelude::*;

use super::view::TokensView;
use crate::error::UiError;

/// The tokens of the reader of this request.
#[server(prefix = "/sfn", endpoint = "tokens")]
pub async fn tokens(query: String) -> Result<TokensView, UiError> {
    crate::answers::tokens::load(&query).await
}
