//! What does each word of a column mean? The word, how often it stands there, and a list of meanings.

use leptos::prelude::*;

use super::view::{WordView, WordsView};
use crate::components::{ChoiceView, SectionHead};
use crate::format::visible;
use crate::words::mapping;

/// One row a word.
#[component]
pub fn WordsTable(words: WordsView) -> impl IntoView {
    let (id, name, kind, choices) = (format!("{}-words", words.name), words.name, words.kind, words.choices);
    let has_rows = !words.rows.is_empty();
    let rows = words.rows.into_iter().enumerate();
    let rows = rows.map(|(place, row)| word((&name, &kind), place, row, &choices)).collect_view();
    view! {
        <section class="section mapping-words" aria-labelledby=id.clone()>
            <SectionHead id=id.clone() title=words.title note=words.note.as_str().into()/>
            {has_rows.then(|| view! {
                <table class="table stack mapping-table">
                    <caption>{mapping::WORDS_CAPTION}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Word"</th>
                            <th scope="col" class="num">"Times"</th>
                            <th scope="col">"It means"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn word((list, kind): (&str, &str), place: usize, row: WordView, choices: &[ChoiceView]) -> impl IntoView {
    let (id, name) = (format!("{list}-word-{place}"), format!("{kind}:{}", row.key));
    let label = format!("Meaning of {}", visible(&row.words));
    let options = choices.iter().map(|choice| {
        let is_chosen = choice.value == row.said;
        view! { <option value=choice.value.clone() selected=is_chosen>{choice.words.clone()}</option> }
    });
    view! {
        <tr>
            <th scope="row">{visible(&row.words)}</th>
            <td class="num" data-th="Times">{row.count}</td>
            <td data-th="Means">
                <select id=id name=name aria-label=label><option value="">{row.none}</option>{options.collect_view()}</select>
            </td>
        </tr>
    }
    .into_any()
}
