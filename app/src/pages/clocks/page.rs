//! How long does it really take?

use leptos::prelude::*;

use super::api;
use super::content::ClocksContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn ClocksPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::clocks(query.clone());
    framed(Place::Clocks, Place::Clocks.name().to_owned(), query, answer, |view| view! { <ClocksContent view=view/> })
}
