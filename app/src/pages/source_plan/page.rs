//! How are the files of a source read?

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::api;
use super::content::SourcePlanContent;
use crate::components::framed;
use crate::place::Place;
use crate::words::source_plan;

/// Loads what was saved for the source that the address names and shows it.
#[component]
pub fn SourcePlanPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id")).unwrap_or_default();
    let answer = api::source_plan(id);
    framed(
        Place::Sources,
        source_plan::TITLE.to_owned(),
        String::new(),
        answer,
        |view| view! { <SourcePlanContent view=view/> },
    )
}
