//! A file on its way: a plain form; with script also a place to drop it, and a bar while it is sent.

use leptos::prelude::*;
use web_sys::{DragEvent, FormData};

use super::progress_job::go_to;
use super::request;
use crate::format;
use crate::words::sources;

/// The form of `POST /sources/import`.
#[island]
pub fn FileDrop(
    /// Makes a form that was sent twice act once.
    idempotency: String,
    /// The largest file, in words.
    limit: String,
    /// The tools whose exports are read: name and title.
    formats: Vec<(String, String)>,
) -> impl IntoView {
    let form = NodeRef::<leptos::html::Form>::new();
    let input = NodeRef::<leptos::html::Input>::new();
    let (is_over, set_over) = signal(false);
    let (sending, set_sending) = signal(None::<(u64, u64)>);
    let (problem, set_problem) = signal(String::new());
    let (is_awake, wake) = signal(false);
    Effect::new(move |_| wake.set(true));
    let send = move || {
        if let Some(form) = form.get_untracked() {
            upload(&form, set_sending, set_problem);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        set_over.set(false);
        let files = event.data_transfer().and_then(|carried| carried.files());
        if let (Some(files), Some(input)) = (files, input.get_untracked()) {
            input.set_files(Some(&files));
            send();
        }
    };
    view! {
        <form
            node_ref=form
            class="file-drop"
            class:over=is_over
            method="post"
            action="/sources/import"
            enctype="multipart/form-data"
            on:submit=move |event| { event.prevent_default(); send(); }
            on:dragover=move |event| { event.prevent_default(); set_over.set(true); }
            on:dragleave=move |_| set_over.set(false)
            on:drop=dropped
        >
            <input type="hidden" name="idempotency" value=idempotency/>
            <div>
                <label for="file">{sources::FILE}</label>
                <input node_ref=input id="file" type="file" name="file" required accept=".ndjson,.jsonl,.json,.csv,.txt,.xes,.xml,.gz,.zst,.zip"/>
                <p class="help">{limit}" "{move || is_awake.get().then_some(sources::DROP)}</p>
            </div>
            <div class="field">
                <label for="source">{sources::SOURCE}</label>
                <input id="source" name="source" value="upload" required maxlength="64" pattern="[a-z0-9._\\-]+" autocomplete="off"/>
                <p class="help">{sources::SOURCE_HELP}</p>
            </div>
            <div class="field">
                <label for="format">{sources::FORMAT}</label>
                <select id="format" name="format">
                    <option value="">{sources::FORMAT_USUAL}</option>
                    {formats.into_iter().map(|(name, title)| view! { <option value=name>{title}</option> }).collect_view()}
                </select>
            </div>
            {said_of_snapshot()}
            <button class="button primary" disabled=move || sending.read().is_some()>{sources::IMPORT}</button>
            <div aria-live="polite">{move || sending.get().map(bar)}<p class="error">{problem}</p></div>
        </form>
    }
}

/// What a list of what stands may not say itself.
fn said_of_snapshot() -> impl IntoView {
    view! {
        <div class="field">
            <label for="exported_at">{sources::EXPORTED_AT}</label>
            <input id="exported_at" name="exported_at" maxlength="40" autocomplete="off"/>
            <p class="help">{sources::EXPORTED_AT_HELP}</p>
        </div>
        <div class="field">
            <label><input type="checkbox" name="accept_mass_absence" value="yes"/>" "{sources::ACCEPT_GONE}</label>
        </div>
    }
}

fn bar((sent, total): (u64, u64)) -> impl IntoView {
    let words = format!("{} of {} sent.", format::bytes(sent), format::bytes(total));
    view! { <progress max=total.max(1).to_string() value=sent.to_string() aria-label="Bytes sent"></progress><p class="caption">{words}</p> }
}

fn upload(
    form: &web_sys::HtmlFormElement,
    set_sending: WriteSignal<Option<(u64, u64)>>,
    set_problem: WriteSignal<String>,
) {
    set_problem.set(String::new());
    set_sending.set(Some((0, 0)));
    let progress = move |sent: f64, total: f64| set_sending.set(Some((whole(sent), whole(total))));
    let done = move |reply: request::Reply| {
        set_sending.set(None);
        if (200..400).contains(&reply.status) {
            go_to(path_of(&reply.address));
        } else {
            set_problem.set(refusal(reply.status).to_owned());
        }
    };
    let sent = FormData::new_with_form(form).and_then(|data| request::post("/sources/import", &data, progress, done));
    if let Err(error) = sent {
        leptos::logging::warn!("could not send the file: {error:?}");
        set_sending.set(None);
        set_problem.set(refusal(0).to_owned());
    }
}

/// A number of bytes as the browser counts them: whole, and far below where a double loses one.
fn whole(bytes: f64) -> u64 {
    format!("{bytes:.0}").parse().unwrap_or_default()
}

/// An address without its origin.
fn path_of(address: &str) -> &str {
    let behind_scheme = address.find("://").map_or(0, |at| at + 3);
    let path_at = address.get(behind_scheme..).and_then(|rest| rest.find('/'));
    path_at.and_then(|at| address.get(behind_scheme + at..)).unwrap_or("/sources")
}

/// What a status means for whoever sent a file.
const fn refusal(status: u16) -> &'static str {
    match status {
        400 => "The file could not be read as events; nothing of it was kept.",
        422 => {
            "The file could not be taken as it is; nothing of it was kept. Where it is a list of what stands, say when it was exported, and whether so much may be gone."
        }
        401 => "You are signed out; sign in and send it again.",
        403 => "Your role may not import files.",
        413 => "The file is larger than this server takes; cut it and send the parts.",
        429 | 503 => "Too much is arriving at once; wait a little and send it again.",
        _ => "The file did not arrive; nothing of it was kept. Send it again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_after_an_upload_is_named_without_its_origin() {
        assert_eq!(path_of("http://127.0.0.1:3000/sources?import=7"), "/sources?import=7");
        assert_eq!(path_of(""), "/sources");
    }

    #[test]
    fn the_browsers_count_of_bytes_becomes_a_whole_number() {
        assert_eq!(whole(8_300_000.0), 8_300_000);
        assert_eq!(whole(f64::NAN), 0);
    }
}
