//! What is held, and how far can the rest be believed?

use leptos::prelude::*;

use super::api;
use super::content::QualityContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn QualityPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::quality(query.clone());
    framed(
        Place::Quality,
        Place::Quality.name().to_owned(),
        query,
        answer,
        |view| view! { <QualityContent view=view/> },
    )
}
