//! The hatchings of the labels, once a page.

use leptos::prelude::*;

/// A hidden drawing that holds the patterns which charts name by id.
#[component]
pub fn LabelPatterns() -> impl IntoView {
    view! {
        <svg class="label-patterns" aria-hidden="true">
            <defs>
                {pattern("lab-R", 6, "rotate(45)", "pat-bg-paper", "pat-paper", "M0 0V6", "3")}
                {dots("lab-N", "pat-bg-paper", "pat-dot-paper", 2, "1.1")}
                {pattern("lab-P", 5, "rotate(0)", "pat-bg-soft", "pat-practice", "M0 1.5H5", "1")}
                {pattern("lab-E", 8, "rotate(45)", "pat-bg-soft", "pat-practice", "M0 4H8M4 0V8", ".8")}
                {pattern("lab-V", 9, "rotate(45)", "pat-bg-ground", "pat-practice", "M0 0V9", "2")}
                {dots("lab-X", "pat-bg-soft", "pat-dot-practice", 3, "1.2")}
            </defs>
        </svg>
    }
    .into_any()
}

fn pattern(
    id: &'static str,
    size: u8,
    turn: &'static str,
    ground: &'static str,
    line: &'static str,
    path: &'static str,
    width: &'static str,
) -> impl IntoView {
    view! {
        <pattern id=id width=size height=size patternUnits="userSpaceOnUse" patternTransform=turn>
            <rect class=ground width=size height=size></rect>
            <path class=line d=path stroke-width=width></path>
        </pattern>
    }
    .into_any()
}

fn dots(id: &'static str, ground: &'static str, dot: &'static str, place: u8, radius: &'static str) -> impl IntoView {
    view! {
        <pattern id=id width="6" height="6" patternUnits="userSpaceOnUse">
            <rect class=ground width="6" height="6"></rect>
            <circle class=dot cx=place cy=place r=radius></circle>
        </pattern>
    }
    .into_any()
}
