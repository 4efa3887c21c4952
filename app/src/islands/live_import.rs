//! An import on the list while it runs: the server sends news, and the page is shown anew when it has ended.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

use super::progress_job::go_to;
use crate::pages::imports::ProgressView;

/// How far the import is; with script it follows the news of the server.
#[island]
pub fn LiveImport(progress: ProgressView) -> impl IntoView {
    let address = format!("/imports/{}/news", crate::filter::encode(&progress.id));
    let is_running = progress.is_running;
    let (progress, set_progress) = signal(progress);
    Effect::new(move |_| {
        if is_running {
            follow(&address, set_progress);
        }
    });
    view! {
        <div class="progress-job" aria-live="polite">
            <progress
                max=move || progress.read().total_bytes.max(1).to_string()
                value=move || progress.read().bytes.to_string()
                aria-label="Bytes read"
            ></progress>
            <p class="caption">{move || progress.read().words.clone()}</p>
        </div>
    }
}

fn follow(address: &str, set_progress: WriteSignal<ProgressView>) {
    let source = match EventSource::new(address) {
        Ok(source) => source,
        Err(error) => {
            leptos::logging::warn!("could not follow the import: {error:?}");
            return;
        }
    };
    let ended = source.clone();
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        let Ok(news) = leptos::serde_json::from_str::<ProgressView>(&text) else {
            return;
        };
        if !news.is_running {
            ended.close();
            let here = window().location();
            go_to(&(here.pathname().unwrap_or_default() + &here.search().unwrap_or_default()));
        }
        set_progress.set(news);
    });
    source.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The browser keeps the listener for as long as the page is open; one small closure an import is the price.
    listener.forget();
}
