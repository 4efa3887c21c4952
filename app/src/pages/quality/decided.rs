//! What became of a decision about many lines.

use leptos::prelude::*;

use super::foreseen::{kept, sums};
use super::view::DecidedView;
use crate::components::SectionHead;
use crate::words::quality;

/// The counts so far, and why lines stay held.
#[component]
pub fn Decided(decided: DecidedView) -> impl IntoView {
    view! {
        <section class="section foreseen" aria-labelledby="decided">
            <SectionHead id="decided".to_owned() title=decided.title note=decided.asked.as_str().into()/>
            {sums(decided.sums)}
            {decided.is_running.then(|| view! { <p class="caption" role="status">{quality::RELOAD}</p> })}
            {kept(decided.kept)}
        </section>
    }
    .into_any()
}
