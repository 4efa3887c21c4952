//! A page for those who are not in yet.

use leptos::prelude::*;

use super::{LabelPatterns, PageHead, SkipLink};
use crate::sentence::Sentence;
use crate::words::everywhere;

/// The wordmark, one question and its form; nothing to navigate by.
#[component]
pub fn Door(
    question: Sentence,
    answer: Vec<String>,
    #[prop(optional, into)] standfirst: Sentence,
    children: Children,
) -> impl IntoView {
    view! {
        <SkipLink/>
        <LabelPatterns/>
        <div class="page door">
            <header><p class="wordmark">{everywhere::PRODUCT}</p></header>
            <main id="main" tabindex="-1">
                <PageHead question=question answer=answer standfirst=standfirst/>
                {children()}
            </main>
        </div>
    }
    .into_any()
}
