//! Says on every page that nothing here is real.

use leptos::prelude::*;

use crate::words::everywhere;

/// Only over the sample organisation.
#[component]
pub fn SampleRibbon() -> impl IntoView {
    view! {
        <div class="sample-ribbon">
            <p>{everywhere::SAMPLE_RIBBON}" "<a href="/sources#import">{everywhere::USE_OWN_DATA}</a></p>
        </div>
    }
    .into_any()
}
