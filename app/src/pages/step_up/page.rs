//! Is it still you?

use leptos::prelude::*;
use leptos_meta::Title;

use super::content::{StepUpContent, StepUpView};
use crate::pages::sign_in::SignInTrouble;
use crate::pages::sign_in::page::is_own_page;
use crate::routes::value_of_page;
use crate::words::step_up;

/// Reads where the reader was, and what the last attempt left in the address.
#[component]
pub fn StepUpPage() -> impl IntoView {
    let view = StepUpView {
        trouble: value_of_page("error").map(|code| SignInTrouble::from_code(&code)),
        next: value_of_page("next").filter(|next| is_own_page(next)).unwrap_or_default(),
    };
    view! { <Title text=step_up::TITLE/><StepUpContent view=view/> }
}
