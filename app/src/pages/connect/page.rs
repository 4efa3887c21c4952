//! How do other tools read the same numbers?

use leptos::prelude::*;

use super::api;
use super::content::ConnectContent;
use crate::components::framed;
use crate::place::Place;
use crate::routes::query_of_page;

/// Loads the answer of this address and shows it.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let query = query_of_page();
    let answer = api::connect(query.clone());
    framed(
        Place::Connect,
        Place::Connect.name().to_owned(),
        query,
        answer,
        |view| view! { <ConnectContent view=view/> },
    )
}
