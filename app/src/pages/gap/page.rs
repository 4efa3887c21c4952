//! Are we as safe as the report says?

use leptos::prelude::*;

use super::api;
use super::content::GapContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn GapPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::gap(query.clone());
    framed(Place::Gap, Place::Gap.name().to_owned(), query, answer, |view| view! { <GapContent view=view/> })
}
