//! What does this file say?

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api;
use super::content::MappingContent;
use crate::components::framed;
use crate::place::Place;
use crate::words::mapping;

/// Loads the draft that the address names and shows it.
#[component]
pub fn MappingPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id")).unwrap_or_default();
    let answer = api::draft(id);
    framed(
        Place::Sources,
        mapping::TITLE.to_owned(),
        String::new(),
        answer,
        |view| view! { <MappingContent view=view/> },
    )
}
