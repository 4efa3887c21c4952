//! Which filters are on, each with a way to take it off.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::items;

/// One filter that is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipView {
    /// `team network`
    pub words: String,
    /// The view without it.
    pub without: String,
}

/// The filters that are on, and one link that clears them all.
#[component]
pub fn Chips(chips: Vec<ChipView>, clear: String) -> impl IntoView {
    let any = !chips.is_empty();
    let chips = chips.into_iter().map(|chip| {
        let label = format!("Take off {}", chip.words);
        view! { <li><a href=chip.without aria-label=label>{chip.words}<span aria-hidden="true">"×"</span></a></li> }
    });
    any.then(|| {
        view! { <ul class="chips" aria-label="Filters that are on">{chips.collect_view()}<li><a class="clear" href=clear>{items::CLEAR}</a></li></ul> }
    })
}
