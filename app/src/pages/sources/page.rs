//! Did everything that arrived get counted?

use leptos::prelude::*;

use super::api;
use super::content::SourcesContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn SourcesPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::sources(query.clone());
    framed(
        Place::Sources,
        Place::Sources.name().to_owned(),
        query,
        answer,
        |view| view! { <SourcesContent view=view/> },
    )
}
