//! The pair that opens the product.

use leptos::prelude::*;

use super::figure::LabelFirst;
use super::{Figure, FigureView, WordsOf};
use crate::sentence::Sentence;

/// What the report says, and under it the ticket tool's own word where there is one, beside what happened.
#[component]
pub fn PairFigure(paper: FigureView, claimed: Sentence, practice: FigureView) -> impl IntoView {
    let claimed =
        (!claimed.is_empty()).then(|| view! { <p class="figure-note own-word"><WordsOf sentence=claimed/></p> });
    view! {
        <div class="pair-figure">
            <div><Figure figure=paper label_first=LabelFirst::Yes/>{claimed}</div>
            <Figure figure=practice label_first=LabelFirst::Yes/>
        </div>
    }
    .into_any()
}
