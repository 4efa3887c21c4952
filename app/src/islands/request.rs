//! How does an island ask the server something? The same addresses a plain form or link would use.

use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, ProgressEvent, UrlSearchParams, XmlHttpRequest};

/// What came back.
pub(super) struct Reply {
    /// 0 when nothing came back at all.
    pub(super) status: u16,
    pub(super) text: String,
    /// Where the answer came from, after redirects.
    pub(super) address: String,
}

/// Reads an address.
pub(super) fn get(address: &str, done: impl Fn(Reply) + 'static) -> Result<(), JsValue> {
    let request = opened("GET", address, done)?;
    request.send()
}

/// Sends a form as the browser would, and tells how many bytes are out.
pub(super) fn post(
    address: &str,
    form: &FormData,
    progress: impl Fn(f64, f64) + 'static,
    done: impl Fn(Reply) + 'static,
) -> Result<(), JsValue> {
    let request = opened("POST", address, done)?;
    let listener =
        Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| progress(event.loaded(), event.total()));
    request.upload()?.set_onprogress(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    request.send_with_opt_form_data(Some(form))
}

/// Sends the fields of a form without files as the browser would.
pub(super) fn post_fields(address: &str, form: &FormData, done: impl Fn(Reply) + 'static) -> Result<(), JsValue> {
    let request = opened("POST", address, done)?;
    // A form is a list of pairs, as is what stands behind a question mark.
    let fields = UrlSearchParams::new_with_str_sequence_sequence(form)?;
    request.set_request_header("content-type", "application/x-www-form-urlencoded")?;
    request.send_with_opt_str(Some(&String::from(fields.to_string())))
}

fn opened(method: &str, address: &str, done: impl Fn(Reply) + 'static) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open(method, address)?;
    let finished = request.clone();
    // The browser keeps the listener for as long as the request lives; one small closure a request is the price.
    let listener = Closure::<dyn Fn()>::new(move || {
        done(Reply {
            status: finished.status().unwrap_or_default(),
            text: finished.response_text().ok().flatten().unwrap_or_default(),
            address: finished.response_url(),
        });
    });
    request.set_onloadend(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    Ok(request)
}
