//! How a section opens: its finding as a sentence, and the small print beside it.

use leptos::prelude::*;

use super::WordsOf;
use crate::format::heading;
use crate::sentence::Sentence;

/// A heading that states what the chart below it shows.
#[component]
pub fn SectionHead(
    /// Names the section for whoever jumps there.
    id: String,
    title: String,
    note: Sentence,
) -> impl IntoView {
    view! {
        <div class="section-head">
            <h2 id=id>{heading(title)}</h2>
            {(!note.is_empty()).then(|| view! { <p><WordsOf sentence=note/></p> })}
        </div>
    }
    .into_any()
}
