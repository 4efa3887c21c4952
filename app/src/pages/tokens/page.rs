//! Which programs read for me?

use leptos::prelude::*;

use super::api;
use super::content::TokensContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;
use crate::words::tokens;

/// Loads the reader's tokens and shows them, with the outcome of the form where one was sent.
#[component]
pub fn TokensPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::tokens(query.clone());
    framed(Place::Connect, tokens::TITLE.to_owned(), query, answer, |view| view! { <TokensContent view=view/> })
}
