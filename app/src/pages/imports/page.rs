//! What became of each file?

use leptos::prelude::*;

use super::api;
use super::content::ImportsContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;
use crate::words::imports;

/// Loads the imports and shows them.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::imports(query.clone());
    framed(Place::Sources, imports::TITLE.to_owned(), query, answer, |view| view! { <ImportsContent view=view/> })
}
