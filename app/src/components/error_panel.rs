//! What a page shows when it has no answer.

use leptos::prelude::*;

use crate::error::UiError;

/// One sentence, the id the log knows, and a way on.
#[component]
pub fn ErrorPanel(error: UiError) -> impl IntoView {
    let title = match error {
        UiError::BadFilter(_) => "The address cannot be read.",
        UiError::NotFound => "Nothing is kept at this address.",
        UiError::SignInFirst => "Nobody is signed in.",
        UiError::NotAllowed(_) => "Your role does not see this.",
        UiError::Busy { .. } | UiError::Unavailable => "There is no answer right now.",
        UiError::Broken { .. } => "The answer could not be made.",
    };
    let next = match error {
        UiError::BadFilter(_) => ("?", "Open the page without a filter"),
        UiError::SignInFirst => ("/sign-in", "Sign in"),
        UiError::NotFound | UiError::NotAllowed(_) => ("/", "Go to the gap"),
        UiError::Busy { .. } | UiError::Unavailable | UiError::Broken { .. } => ("", "Try again"),
    };
    let words = crate::format::capitalised(&error.to_string());
    let id = match error {
        UiError::Broken { request_id } => Some(request_id),
        UiError::BadFilter(_)
        | UiError::NotFound
        | UiError::SignInFirst
        | UiError::NotAllowed(_)
        | UiError::Busy { .. }
        | UiError::Unavailable => None,
    };
    view! {
        <div class="page-head"><h1>{title}</h1></div>
        <div class="error-panel" role="alert">
            <p>{words}"."</p>
            {id.map(|id| view! { <p class="muted">"The log knows it as "<code>{id}</code>"."</p> })}
            <p><a class="button" href=next.0>{next.1}</a></p>
        </div>
    }
    .into_any()
}
