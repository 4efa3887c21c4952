//! Where does this lead?

use leptos::prelude::*;

use crate::components::{PageHead, framed};
use crate::error::{UiError, answer_with_status};
use crate::place::Place;
use crate::words::{not_found, question};

/// An address that no page has.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    answer_with_status(UiError::NotFound.status());
    let nothing = async { Ok(()) };
    framed(Place::Elsewhere, not_found::TITLE.to_owned(), String::new(), nothing, |()| view! { <NotFoundContent/> })
}

/// Says so, and leads back.
#[component]
pub fn NotFoundContent() -> impl IntoView {
    view! {
        <PageHead question=question::NOT_FOUND.into() answer=vec![not_found::TITLE.to_owned()] standfirst=not_found::NEXT/>
        <p class="actions"><a class="button" href="/">"Go to the gap"</a><a class="button" href="/items">"Go to the items"</a></p>
    }
    .into_any()
}
