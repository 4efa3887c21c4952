//! Which weaknesses are these?

use leptos::prelude::*;

use super::api;
use super::content::ItemsContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn ItemsPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::items(query.clone());
    framed(Place::Items, Place::Items.name().to_owned(), query, answer, |view| view! { <ItemsContent view=view/> })
}
