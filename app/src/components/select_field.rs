//! One field of a form whose values are a closed list.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceView {
    pub value: String,
    pub words: String,
}

/// A field with a closed list; the first choice, `any`, is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectView {
    pub name: String,
    pub label: String,
    pub any: String,
    pub choices: Vec<ChoiceView>,
    pub chosen: String,
}

/// A labelled list of choices.
#[component]
pub fn SelectField(select: SelectView) -> impl IntoView {
    let chosen = select.chosen;
    let choices = select.choices.into_iter().map(|choice| {
        let is_chosen = choice.value == chosen;
        view! { <option value=choice.value selected=is_chosen>{choice.words}</option> }
    });
    view! {
        <div class="field">
            <label for=select.name.clone()>{select.label}</label>
            <select id=select.name.clone() name=select.name>
                <option value="">{select.any}</option>
                {choices.collect_view()}
            </select>
        </div>
    }
    .into_any()
}
