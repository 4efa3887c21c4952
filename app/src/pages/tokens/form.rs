//! The form that makes a token.

use leptos::prelude::*;

use super::view::{ScopeChoice, TokenForm};
use crate::components::{Field, Notice, TextView};
use crate::words::tokens;

/// A plain form to `POST /settings/tokens`; what was typed stays when it is not taken.
#[component]
pub fn MakeToken(form: TokenForm) -> impl IntoView {
    let wrong = |field: &str| {
        let here = form.trouble.as_ref().filter(|(place, _)| place == field);
        here.map(|(_, sentence)| sentence.clone()).unwrap_or_default()
    };
    let name = TextView {
        name: "name",
        label: tokens::NAME,
        sort: "text",
        value: form.name.clone(),
        help: tokens::NAME_HELP,
        error: wrong("name"),
        is_required: true,
        ..TextView::default()
    };
    let days = TextView {
        name: "days",
        label: tokens::DAYS,
        sort: "number",
        value: form.days.clone(),
        help: tokens::DAYS_HELP,
        error: wrong("days"),
        is_required: true,
        ..TextView::default()
    };
    let scopes_wrong = wrong("scope");
    let trouble = form.trouble.map(|(_, sentence)| view! { <Notice word="Not made." sentence=sentence/> });
    let names = form.names.map(|is_on| {
        let choice = ScopeChoice { word: tokens::NAMES_HELP.to_owned(), sentence: tokens::NAMES.to_owned(), is_on };
        check("names".to_owned(), choice)
    });
    view! {
        {trouble}
        <form method="post" action="/settings/tokens" class="token-form">
            <input type="hidden" name="id" value=form.id/>
            <Field field=name/>
            <Field field=days/>
            {scopes(form.scopes, scopes_wrong)}
            {names.map(|names| view! { <fieldset class="choices"><legend>{tokens::NAMES_TITLE}</legend>{names}</fieldset> })}
            <div class="actions"><button class="button primary">{tokens::MAKE}</button></div>
        </form>
    }
    .into_any()
}

fn scopes(choices: Vec<ScopeChoice>, wrong: String) -> impl IntoView {
    let error = (!wrong.is_empty()).then(|| view! { <p class="error" id="scope-note">{wrong}</p> });
    let described = error.is_some().then_some("scope-note");
    let choices = choices.into_iter().map(|choice| check(format!("scope:{}", choice.word), choice));
    view! {
        <fieldset class="choices" aria-describedby=described>
            <legend>{tokens::SCOPES}</legend>
            {error}
            {choices.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn check(name: String, choice: ScopeChoice) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" name=name value="on" checked=choice.is_on/>
            <span>{choice.sentence}<span class="sub">{choice.word}</span></span>
        </label>
    }
    .into_any()
}
