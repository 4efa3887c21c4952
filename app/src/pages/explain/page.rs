//! What exactly is this number?

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api;
use super::content::ExplainContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;
use crate::words::question;

/// Loads what the address names and shows it.
#[component]
pub fn ExplainPage() -> impl IntoView {
    let query = query_of_page();
    let metric = use_params_map().with_untracked(|params| params.get("metric")).unwrap_or_default();
    let answer = api::explain(metric, query.clone());
    framed(Place::Elsewhere, question::EXPLAIN.to_owned(), query, answer, |view| view! { <ExplainContent view=view/> })
}
