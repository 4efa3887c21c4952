//! One field of a form: label above, help below, error beside it.

use leptos::prelude::*;

/// A field to type in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextView {
    pub name: &'static str,
    pub label: &'static str,
    /// `text`, `email`, `password`, `search`
    pub sort: &'static str,
    pub value: String,
    pub help: &'static str,
    /// What is wrong with what was typed; empty when nothing is.
    pub error: String,
    /// What a password keeper should offer.
    pub autocomplete: &'static str,
    pub is_required: bool,
}

/// A labelled input.
#[component]
pub fn Field(field: TextView) -> impl IntoView {
    let described = format!("{}-note", field.name);
    let has_note = !field.help.is_empty() || !field.error.is_empty();
    let error = (!field.error.is_empty()).then(|| view! { <p class="error">{field.error.clone()}</p> });
    let help = (!field.help.is_empty()).then(|| view! { <p class="help">{field.help}</p> });
    let is_wrong = error.is_some();
    view! {
        <div class="field">
            <label for=field.name>{field.label}</label>
            <input
                id=field.name
                name=field.name
                type=field.sort
                value=field.value
                autocomplete=(!field.autocomplete.is_empty()).then_some(field.autocomplete)
                required=field.is_required
                maxlength="1024"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=has_note.then(|| described.clone())
            />
            {has_note.then(|| view! { <div id=described>{error}{help}</div> })}
        </div>
    }
    .into_any()
}
