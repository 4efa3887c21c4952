//! A filter form that answers as soon as a choice is made; without script its button does the same.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, HtmlSelectElement, SubmitEvent};

/// Wraps a form with `method=get`.
#[island]
pub fn FilterBar(children: Children) -> impl IntoView {
    view! {
        <div class="filter-bar" on:change=move |event| apply(&event) on:submit=move |event| leave_out_empty(&event)>
            {children()}
        </div>
    }
}

fn apply(event: &Event) {
    let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = field.and_then(|field| field.closest("form").ok().flatten());
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        report(form.request_submit());
    }
}

/// A field nobody filled has no place in the address. It is put back at once, for the reader who comes back.
fn leave_out_empty(event: &SubmitEvent) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let fields = form.elements();
    let empty: Vec<Element> = (0..fields.length()).filter_map(|place| fields.item(place)).filter(is_empty).collect();
    for field in &empty {
        report(field.set_attribute("disabled", ""));
    }
    set_timeout(
        move || {
            for field in &empty {
                report(field.remove_attribute("disabled"));
            }
        },
        std::time::Duration::ZERO,
    );
}

fn is_empty(field: &Element) -> bool {
    let select = field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    let value = select.or_else(|| field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value));
    value.is_some_and(|value| value.trim().is_empty())
}

fn report<T: std::fmt::Debug, E: std::fmt::Debug>(outcome: Result<T, E>) {
    if let Err(error) = outcome {
        leptos::logging::warn!("the filter form would not obey: {error:?}");
    }
}
