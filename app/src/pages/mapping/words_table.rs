//! What does each word of a column mean? The word, how often it stands there, and a list of meanings.

use leptos::prelude::*;

use super::view::WordsView;
use crate::components::{ChoiceView, SectionHead};
use crate::format::visible;
use crate::words::mapping;

/// One row a word.
#[component]
pub fn WordsTable(words: WordsView) -> impl IntoView {
    let (id, kind, choices) = (format!("{}-words", words.kind), words.kind, words.choices);
    let rows = words.rows.into_iter().enumerate().map(|(place, row)| word(&kind, place, row, &choices)).collect_view();
    view! {
        <section class="section mapping-words" aria-labelledby=id.clone()>
            <SectionHead id=id.clone() title=words.title note=words.note.as_str().into()/>
            <table class="table stack mapping-table">
                <caption>{mapping::WORDS_CAPTION}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Word"</th>
                        <th scope="col" class="num">"Rows"</th>
                        <th scope="col">"It means"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn word(kind: &str, place: usize, row: (String, String, String), choices: &[ChoiceView]) -> impl IntoView {
    let (word, count, meant) = row;
    let (id, name) = (format!("{kind}-word-{place}"), format!("{kind}:{word}"));
    let label = format!("Meaning of {}", visible(&word));
    let none = if kind == "status" { mapping::NO_STATE } else { mapping::NO_LEVEL };
    let options = choices.iter().map(|choice| {
        let is_chosen = choice.value == meant;
        view! { <option value=choice.value.clone() selected=is_chosen>{choice.words.clone()}</option> }
    });
    view! {
        <tr>
            <th scope="row">{visible(&word)}</th>
            <td class="num" data-th="Rows">{count}</td>
            <td data-th="Means">
                <select id=id name=name aria-label=label><option value="">{none}</option>{options.collect_view()}</select>
            </td>
        </tr>
    }
    .into_any()
}
