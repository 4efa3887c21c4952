//! A chart that can be walked by keyboard: arrows move between its points, Home and End jump, Esc leaves.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Points of a drawing that can take the focus.
const POINTS: &str = "[tabindex]";

/// Wraps a drawing; without script its points are still reached by Tab.
#[island]
pub fn ChartFocus(children: Children) -> impl IntoView {
    view! { <div class="chart-focus" on:keydown=move |event| step(&event)>{children()}</div> }
}

fn step(event: &KeyboardEvent) {
    let Some(here) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let Ok(Some(drawing)) = here.closest("svg") else {
        return;
    };
    let Ok(points) = drawing.query_selector_all(POINTS) else {
        return;
    };
    let point = |place: u32| points.item(place).and_then(|node| node.dyn_into::<Element>().ok());
    let Some(place) = (0..points.length()).find(|place| point(*place).as_ref() == Some(&here)) else {
        return;
    };
    let last = points.length().saturating_sub(1);
    let wanted = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => (place + 1).min(last),
        "ArrowLeft" | "ArrowUp" => place.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        "Escape" => {
            // Every drawn element knows how to give up the focus, though only those of HTML say so in their type.
            let blurred = here.unchecked_into::<HtmlElement>().blur();
            leptos::logging::debug_warn!("left the chart: {blurred:?}");
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = point(wanted) {
        let moved = next.unchecked_into::<HtmlElement>().focus();
        leptos::logging::debug_warn!("moved in the chart: {moved:?}");
    }
}
