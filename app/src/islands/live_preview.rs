//! A mapping form whose preview follows each answer; without script its button does the same.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{DomParser, Element, Event, FormData, HtmlFormElement, SupportedType};

use super::request;

/// Long enough to go from one list to the next, short enough to see what it did.
const PAUSE: Duration = Duration::from_millis(400);

/// What the answer replaces; what holds the focus stays until it is left.
const PARTS: [&str; 3] = ["live-head", "live-words", "live-preview"];

/// Wraps the form of a draft.
#[island]
pub fn LivePreview(children: Children) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let asked = StoredValue::new(0_u64);
    let (is_asking, set_asking) = signal(false);
    let changed = move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let form = field.and_then(|field| field.closest("form").ok().flatten());
        let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        // Whatever is asked before this change no longer counts: its answer would take the change back.
        asked.update_value(|number| *number += 1);
        let number = asked.get_value();
        let ask = move || ask(&form, (number, asked), set_asking);
        match set_timeout_with_handle(ask, PAUSE) {
            Ok(handle) => waiting.set_value(Some(handle)),
            Err(error) => leptos::logging::warn!("the preview would not wait: {error:?}"),
        }
    };
    view! {
        <div class="live-preview" aria-busy=move || is_asking.get().to_string() on:change=changed>
            {children()}
        </div>
    }
}

/// Sends the form as its button would, and shows what comes back unless something changed meanwhile.
fn ask(form: &HtmlFormElement, (number, asked): (u64, StoredValue<u64>), set_asking: WriteSignal<bool>) {
    set_asking.set(true);
    let done = move |reply: request::Reply| {
        if asked.get_value() != number {
            return;
        }
        set_asking.set(false);
        if reply.status == 200 {
            show(&reply.text);
        }
    };
    // The attribute: a field of the form may be called `action`.
    let action = form.get_attribute("action").unwrap_or_default();
    let sent = FormData::new_with_form(form).and_then(|data| request::post_fields(&action, &data, done));
    if let Err(error) = sent {
        leptos::logging::warn!("could not ask for the preview: {error:?}");
        set_asking.set(false);
    }
}

fn show(page: &str) {
    let fresh = DomParser::new().and_then(|parser| parser.parse_from_string(page, SupportedType::TextHtml));
    let fresh = match fresh {
        Ok(fresh) => fresh,
        Err(error) => {
            leptos::logging::warn!("could not read the preview: {error:?}");
            return;
        }
    };
    let here = document();
    let focus = here.active_element();
    for part in PARTS {
        let (Some(old), Some(new)) = (here.get_element_by_id(part), fresh.get_element_by_id(part)) else { continue };
        let holds_focus = focus.as_ref().is_some_and(|focus| old.contains(Some(focus.as_ref())));
        if holds_focus {
            continue;
        }
        // The parsed element itself moves over: nothing is written as text.
        if let Err(error) = old.replace_with_with_node_1(&new) {
            leptos::logging::warn!("could not show the preview: {error:?}");
        }
    }
}
