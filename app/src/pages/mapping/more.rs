//! What few tables need said: an id of several columns, values that no column has, rows left out, words for nothing.

use leptos::prelude::*;

use super::view::{FilterView, FixedView, LinesView, MoreView, TypedView};
use crate::components::ChoiceView;
use crate::format::{in_textarea, visible};
use crate::words::mapping;

/// Letters of a template or a value.
const LETTERS_MAX: &str = "400";
/// Letters of a list of words.
const LIST_LETTERS_MAX: &str = "4000";

/// Folded away until something of it was said or is asked.
#[component]
pub fn More(more: MoreView) -> impl IntoView {
    let fixed = more.fixed.into_iter().enumerate().map(|(place, line)| fixed(place, line, &more.roles)).collect_view();
    let filters = more.filters.into_iter().enumerate();
    let filters = filters.map(|(place, line)| filter(place, &line, &more.columns)).collect_view();
    view! {
        <details class="fold mapping-more mapping-table-more" id="more" open=more.is_open>
            <summary>{mapping::TABLE_MORE}</summary>
            <div class="mapping-parts">
                {item_id(more.item_id)}
                <fieldset>
                    <legend>{mapping::FIXED}</legend>
                    <p class="help">{mapping::FIXED_HELP}</p>
                    {fixed}
                </fieldset>
                <fieldset>
                    <legend>{mapping::FILTERS}</legend>
                    <p class="help">{mapping::FILTERS_HELP}</p>
                    {filters}
                </fieldset>
                {null_words(more.null_words)}
            </div>
        </details>
    }
    .into_any()
}

fn item_id(item: TypedView) -> impl IntoView {
    let is_wrong = !item.error.is_empty();
    view! {
        <div class="field">
            <label for="item_id">{item.label}</label>
            <input
                id="item_id"
                name="item_id"
                value=item.value
                maxlength=LETTERS_MAX
                autocomplete="off"
                spellcheck="false"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby="item_id-note"
            />
            <div id="item_id-note">{error(&item.error)}<p class="help">{visible(&item.help)}</p></div>
        </div>
    }
    .into_any()
}

fn fixed(place: usize, line: FixedView, roles: &[ChoiceView]) -> impl IntoView {
    let (id, note) = (format!("fixed-{place}"), format!("fixed-{place}-note"));
    let is_wrong = !line.error.is_empty();
    view! {
        <div class="mapping-line">
            <select id=id name=format!("fixed-role:{place}") aria-label=format!("{} {}", mapping::FIXED_WHAT, place + 1)>
                <option value="">{mapping::FIXED_NONE}</option>
                {options(roles, &line.role)}
            </select>
            <span aria-hidden="true">"="</span>
            <input
                name=format!("fixed:{place}")
                value=line.value
                maxlength=LETTERS_MAX
                autocomplete="off"
                aria-label=format!("{} {}", mapping::FIXED_VALUE, place + 1)
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=is_wrong.then(|| note.clone())
            />
            {is_wrong.then(|| view! { <div id=note>{error(&line.error)}</div> })}
        </div>
    }
    .into_any()
}

fn filter(place: usize, line: &FilterView, columns: &[ChoiceView]) -> impl IntoView + use<> {
    let (id, note) = (format!("filter-{place}"), format!("filter-{place}-note"));
    let is_wrong = !line.error.is_empty();
    let label = |words: &str| format!("{words} {}", place + 1);
    // A column that the file lacks is still what was said.
    let is_known = line.column.is_empty() || columns.iter().any(|column| column.value == line.column);
    let gone =
        (!is_known).then(|| view! { <option value=line.column.clone() selected>{visible(&line.column)}</option> });
    let tests = [("in", mapping::FILTER_IN), ("not_in", mapping::FILTER_NOT_IN)];
    let tests = tests.map(|(value, words)| ChoiceView { value: value.to_owned(), words: words.to_owned() });
    view! {
        <div class="mapping-line">
            <select id=id name=format!("filter-column:{place}") aria-label=label(mapping::FILTER_COLUMN) aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then(|| note.clone())>
                <option value="">{mapping::FILTER_NONE}</option>
                {gone}
                {options(columns, &line.column)}
            </select>
            <select name=format!("filter-test:{place}") aria-label=label(mapping::FILTER_TEST)>{options(&tests, &line.test)}</select>
            <textarea name=format!("filter-words:{place}") rows="2" maxlength=LIST_LETTERS_MAX spellcheck="false" aria-label=label(mapping::FILTER_WORDS)>{in_textarea(&line.words)}</textarea>
            {is_wrong.then(|| view! { <div id=note>{error(&line.error)}</div> })}
        </div>
    }
    .into_any()
}

fn null_words(lines: LinesView) -> impl IntoView {
    view! {
        <div class="field">
            <label for="null_words">{lines.label}</label>
            <textarea id="null_words" name="null_words" rows="2" maxlength=LIST_LETTERS_MAX spellcheck="false" aria-describedby="null_words-note">{in_textarea(&lines.value)}</textarea>
            <p class="help" id="null_words-note">{lines.help}</p>
        </div>
    }
    .into_any()
}

fn options(choices: &[ChoiceView], chosen: &str) -> impl IntoView + use<> {
    let options = choices.iter().map(|choice| {
        let is_chosen = choice.value == chosen;
        view! { <option value=choice.value.clone() selected=is_chosen>{visible(&choice.words)}</option> }
    });
    options.collect_view().into_any()
}

fn error(words: &str) -> impl IntoView + use<> {
    (!words.is_empty()).then(|| view! { <p class="error">{visible(words)}</p> })
}
