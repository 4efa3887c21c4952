//! Whose numbers these are, and who reads them.

use leptos::prelude::*;

use super::{Theme, ThemeSwitch};
use crate::words::everywhere;

/// Wordmark, organisation, reader, colours.
#[component]
pub fn Masthead(
    organisation: String,
    /// Empty when nobody is signed in.
    person: String,
    theme: Theme,
) -> impl IntoView {
    let account = (!person.is_empty()).then(|| {
        view! {
            <span>{person}</span>
            <form method="post" action="/sign-out"><button class="link-button">{everywhere::SIGN_OUT}</button></form>
        }
    });
    view! {
        <div class="masthead">
            <a class="wordmark" href="/">{everywhere::PRODUCT}<span>{organisation}</span></a>
            <div class="account">{account}<ThemeSwitch theme=theme/></div>
        </div>
    }
    .into_any()
}
