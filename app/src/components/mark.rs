//! The two marks that mean one thing everywhere.

use leptos::either::Either;
use leptos::prelude::*;

use super::Side;

/// ○ on paper, ◆ in practice; nothing where a figure is neither.
#[component]
pub fn Mark(side: Side) -> impl IntoView {
    let shape = match side {
        Side::Paper => Either::Left(view! { <circle class="mark-paper" cx="6" cy="6" r="4.5"></circle> }),
        Side::Practice => Either::Right(view! { <path class="mark-practice" d="M6 0L12 6L6 12L0 6Z"></path> }),
        Side::Neither => return None,
    };
    Some(view! { <svg class="mark" viewBox="0 0 12 12" aria-hidden="true">{shape}</svg> })
}
