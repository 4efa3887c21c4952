//! What happened to this one weakness?

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api;
use super::content::ItemContent;
use crate::components::framed;
use crate::format::visible;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the item that the address names and shows it.
#[component]
pub fn ItemPage() -> impl IntoView {
    let query = query_of_page();
    let id = use_params_map().with_untracked(|params| params.get("id")).unwrap_or_default();
    let title = format!("Item {}", visible(&id));
    let answer = api::item(id, query.clone());
    framed(Place::Items, title, query, answer, |view| view! { <ItemContent view=view/> })
}
