//! One question, one answer.

use leptos::prelude::*;

use super::WordsOf;
use crate::format::heading;
use crate::sentence::Sentence;

/// The question, and its answer as the only `h1` of the page, one sentence a line.
#[component]
pub fn PageHead(
    question: Sentence,
    answer: Vec<String>,
    #[prop(optional, into)] standfirst: Sentence,
) -> impl IntoView {
    let lines = answer.into_iter().map(heading).map(|line| view! { <span>{line}" "</span> }).collect_view();
    view! {
        <div class="page-head">
            <p class="question"><WordsOf sentence=question/></p>
            <h1>{lines}</h1>
            {(!standfirst.is_empty()).then(|| view! { <p class="standfirst"><WordsOf sentence=standfirst/></p> })}
        </div>
    }
    .into_any()
}
