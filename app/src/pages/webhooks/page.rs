//! Which tools send by themselves?

use leptos::prelude::*;

use super::api;
use super::content::WebhooksContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;
use crate::words::webhooks;

/// Loads the webhooks and shows them, with the outcome of the form where one was sent.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::webhooks(query.clone());
    framed(Place::Connect, webhooks::TITLE.to_owned(), query, answer, |view| view! { <WebhooksContent view=view/> })
}
