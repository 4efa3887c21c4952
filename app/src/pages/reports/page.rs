//! What does the board get to read?

use leptos::prelude::*;

use super::api;
use super::content::ReportsContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn ReportsPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::reports(query.clone());
    framed(
        Place::Reports,
        Place::Reports.name().to_owned(),
        query,
        answer,
        |view| view! { <ReportsContent view=view/> },
    )
}
