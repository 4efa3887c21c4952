//! Who keeps this?

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::content::{SetupContent, SetupTrouble, SetupView};
use crate::routes::query_of_page;
use crate::words::setup;

/// Shows the form of the one-time address; the server checks the code when the form is sent.
#[component]
pub fn SetupPage() -> impl IntoView {
    let query = query_of_page();
    let code = use_params_map().with_untracked(|params| params.get("code")).unwrap_or_default();
    let trouble = query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("error="));
    let view = SetupView { code, trouble: trouble.map(SetupTrouble::from_code) };
    view! { <Title text=setup::TITLE/><SetupContent view=view/> }
}
