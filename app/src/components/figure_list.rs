//! Several figures of one kind on one rule.

use leptos::prelude::*;

use super::{Figure, FigureView};

/// Figures side by side, at most six in a line.
#[component]
pub fn FigureList(figures: Vec<FigureView>) -> impl IntoView {
    let class = match figures.len() {
        4 => "figure-list of-4",
        5 => "figure-list of-5",
        6 => "figure-list of-6",
        _ => "figure-list",
    };
    let figures = figures.into_iter().map(|figure| view! { <Figure figure=figure/> }).collect_view();
    view! { <div class=class>{figures}</div> }
}
