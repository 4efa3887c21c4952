//! The pair that opens the product.

use leptos::prelude::*;

use super::figure::LabelFirst;
use super::{Figure, FigureView};

/// What the report says beside what happened.
#[component]
pub fn PairFigure(paper: FigureView, practice: FigureView) -> impl IntoView {
    view! {
        <div class="pair-figure">
            <Figure figure=paper label_first=LabelFirst::Yes/>
            <Figure figure=practice label_first=LabelFirst::Yes/>
        </div>
    }
    .into_any()
}
