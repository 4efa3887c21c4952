//! A file on its way: a plain form; with script also a place to drop it, and a bar while it is sent.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;
use serde::Deserialize;
use web_sys::{DragEvent, File, FileList, FormData, HtmlFormElement};

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
    /// Since when else lines can count as known, as far as the reader may say so: value and words.
    learnt: Vec<(String, String)>,
) -> impl IntoView {
    let form = NodeRef::<leptos::html::Form>::new();
    let input = NodeRef::<leptos::html::Input>::new();
    let (is_over, set_over) = signal(false);
    let (sending, set_sending) = signal(None::<(u64, u64)>);
    let (problems, set_problems) = signal(Vec::<String>::new());
    let (is_awake, wake) = signal(false);
    Effect::new(move |_| wake.set(true));
    let shown = Shown { sending: set_sending, problems: set_problems };
    let send = move |files: Vec<File>| {
        if let Some(form) = form.get_untracked() {
            Upload::begin(form, files, shown);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        set_over.set(false);
        let files = event.data_transfer().and_then(|carried| carried.files());
        if let (Some(files), Some(input)) = (files, input.get_untracked()) {
            if files.length() > 1 {
                send(all(&files));
            } else {
                input.set_files(Some(&files));
                send(Vec::new());
            }
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
            on:submit=move |event| { event.prevent_default(); send(Vec::new()); }
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
            {seldom(learnt)}
            <button class="button primary" disabled=move || sending.read().is_some()>{sources::IMPORT}</button>
            <div aria-live="polite">{move || sending.get().map(bar)}{move || problems.get().into_iter().map(refused).collect_view()}</div>
        </form>
    }
}

/// What few files need said, folded away.
fn seldom(learnt: Vec<(String, String)>) -> impl IntoView {
    view! {
        <details class="fold">
            <summary>{sources::SELDOM}</summary>
            <div class="seldom">{said_of_snapshot()}{said_of_lines(learnt)}</div>
        </details>
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
        <label class="choice"><input type="checkbox" name="complete" value="yes"/><span>{sources::COMPLETE}</span></label>
        <label class="choice">
            <input type="checkbox" name="accept_mass_absence" value="yes"/>
            <span>{sources::ACCEPT_GONE}</span>
        </label>
        <div class="field">
            <label for="scope">{sources::SCOPE}</label>
            <input id="scope" name="scope" maxlength="200" autocomplete="off"/>
            <p class="help">{sources::SCOPE_HELP}</p>
        </div>
    }
}

/// What lines cannot say themselves.
fn said_of_lines(learnt: Vec<(String, String)>) -> impl IntoView {
    let learnt = learnt.into_iter().map(|(value, words)| view! { <option value=value>{words}</option> });
    view! {
        <div class="field">
            <label for="text_encoding">{sources::ENCODING}</label>
            <select id="text_encoding" name="text_encoding">
                <option value="">{sources::ENCODING_USUAL}</option>
                <option value="windows-1252">"Windows-1252"</option>
                <option value="latin-1">"Latin-1"</option>
            </select>
            <p class="help">{sources::ENCODING_HELP}</p>
        </div>
        <div class="field">
            <label for="received_at">{sources::LEARNT}</label>
            <select id="received_at" name="received_at">
                <option value="">{sources::STAMPED}</option>
                {learnt.collect_view()}
            </select>
            <p class="help">{sources::LEARNT_HELP}</p>
        </div>
    }
}

fn refused(words: String) -> impl IntoView {
    view! { <p class="error">{words}</p> }
}

fn bar((sent, total): (u64, u64)) -> impl IntoView {
    let words = format!("{} of {} sent.", format::bytes(sent), format::bytes(total));
    view! { <progress max=total.max(1).to_string() value=sent.to_string() aria-label="Bytes sent"></progress><p class="caption">{words}</p> }
}

fn all(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|place| files.get(place)).collect()
}

/// Where it is seen how the files fare.
#[derive(Clone, Copy)]
struct Shown {
    sending: WriteSignal<Option<(u64, u64)>>,
    problems: WriteSignal<Vec<String>>,
}

/// Files on their way, one after another: a form brings one.
struct Upload {
    form: HtmlFormElement,
    waiting: RefCell<VecDeque<File>>,
    /// Several were dropped at once.
    several: bool,
    taken: Cell<u64>,
    shown: Shown,
}

impl Upload {
    /// Sends these files, or the one the form holds.
    fn begin(form: HtmlFormElement, files: Vec<File>, shown: Shown) {
        shown.problems.set(Vec::new());
        let several = !files.is_empty();
        let upload = Self { form, waiting: RefCell::new(files.into()), several, taken: Cell::new(0), shown };
        Rc::new(upload).send();
    }

    fn send(self: Rc<Self>) {
        let file = self.waiting.borrow_mut().pop_front();
        let name = file.as_ref().map(File::name);
        let sending = self.shown.sending;
        sending.set(Some((0, 0)));
        let progress = move |sent: f64, total: f64| sending.set(Some((whole(sent), whole(total))));
        let (upload, of) = (self.clone(), name.clone());
        let done = move |reply: request::Reply| upload.clone().answered(of.as_deref(), &reply);
        let data = FormData::new_with_form(&self.form).and_then(|data| {
            if let (Some(file), Some(name)) = (&file, &name) {
                data.set_with_blob_and_filename("file", file, name)?;
                // Each of them is a form of its own.
                data.set_with_str("idempotency", "")?;
            }
            Ok(data)
        });
        if let Err(error) = data.and_then(|data| request::post("/sources/import", &data, progress, done)) {
            leptos::logging::warn!("could not send the file: {error:?}");
            sending.set(None);
            self.tell(name.as_deref(), &refusal(0, ""));
        }
    }

    fn answered(self: Rc<Self>, name: Option<&str>, reply: &request::Reply) {
        let is_taken = (200..400).contains(&reply.status);
        if is_taken {
            self.taken.set(self.taken.get() + 1);
        } else {
            self.tell(name, &refusal(reply.status, &reply.text));
        }
        if !self.waiting.borrow().is_empty() {
            self.send();
            return;
        }
        self.shown.sending.set(None);
        if !self.several {
            if is_taken {
                go_to(path_of(&reply.address));
            }
        } else if self.shown.problems.try_update(|problems| problems.is_empty()) == Some(true) {
            go_to("/sources");
        } else {
            let taken = format::counted(self.taken.get(), "other file was", "other files were");
            self.shown.problems.update(|problems| problems.push(format!("{taken} taken.")));
        }
    }

    fn tell(&self, name: Option<&str>, words: &str) {
        let words = name.map_or_else(|| words.to_owned(), |name| format!("{name}: {words}"));
        self.shown.problems.update(|problems| problems.push(words));
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

/// What the server says of a file it refused.
#[derive(Deserialize)]
struct Told {
    title: String,
    detail: Option<String>,
    hint: Option<String>,
    code: String,
}

/// Why a file was refused: in the words of the server, else by what the status means for whoever sent it.
fn refusal(status: u16, text: &str) -> String {
    match leptos::serde_json::from_str::<Told>(text) {
        Ok(told) => {
            let words = [Some(told.detail.unwrap_or(told.title)), told.hint];
            let sentences = words.into_iter().flatten().map(|words| format!("{}.", format::capitalised(&words)));
            format!("{} ({}) Nothing of it was kept.", sentences.collect::<Vec<_>>().join(" "), told.code)
        }
        Err(_) => refusal_of_status(status).to_owned(),
    }
}

const fn refusal_of_status(status: u16) -> &'static str {
    match status {
        400 | 422 => "The file could not be taken as it is; nothing of it was kept.",
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
        assert_eq!(path_of("http://127.0.0.1:3000/imports?id=4"), "/imports?id=4", "what waits for a person");
        assert_eq!(path_of(""), "/sources");
    }

    #[test]
    fn a_refused_file_is_told_in_the_words_of_the_server() {
        let body = r#"{"type":"/problems/json_syntax","title":"not JSON","status":422,"code":"json_syntax",
            "detail":"line 3, column 7: expected a value","hint":"mend the file","request_id":"r1"}"#;
        let told = "Line 3, column 7: expected a value. Mend the file. (json_syntax) Nothing of it was kept.";
        assert_eq!(refusal(422, body), told);
        let bare = r#"{"title":"too much at once","code":"busy"}"#;
        assert_eq!(refusal(503, bare), "Too much at once. (busy) Nothing of it was kept.");
        assert_eq!(refusal(413, "<html>"), refusal_of_status(413));
    }

    #[test]
    fn the_browsers_count_of_bytes_becomes_a_whole_number() {
        assert_eq!(whole(8_300_000.0), 8_300_000);
        assert_eq!(whole(f64::NAN), 0);
    }
}
