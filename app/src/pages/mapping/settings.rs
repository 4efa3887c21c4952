//! How is the file read? Its format, its zone, and how it writes dates and numbers.

use leptos::prelude::*;

use super::view::{PickView, SettingsView, StatesView, TypedView};
use crate::components::SectionHead;
use crate::format::visible;
use crate::words::mapping;

/// The settings, each with what is wrong with it beside it.
#[component]
pub fn Settings(settings: SettingsView) -> impl IntoView {
    let picks = settings.picks.into_iter().map(pick).collect_view();
    // What was said, or is asked, is not folded away.
    let is_open = settings.excel.0 || !settings.excel.1.is_empty();
    let is_open = is_open || settings.more.iter().any(|more| !more.chosen.is_empty() || !more.error.is_empty());
    let more = settings.more.into_iter().map(pick).collect_view();
    view! {
        <section class="section" aria-labelledby="reading">
            <SectionHead id="reading".to_owned() title=mapping::READING_TITLE.to_owned() note=mapping::READING_NOTE.into()/>
            <div class="mapping-settings">
                {pick(settings.format)}
                {typed(settings.source)}
                {typed(settings.zone)}
                {typed(settings.exported_at)}
                {picks}
            </div>
            {settings.states.map(states)}
            <details class="fold mapping-more" open=is_open>
                <summary>{mapping::MORE}</summary>
                <div class="mapping-settings">{more}</div>
                {excel(settings.excel)}
            </details>
        </section>
    }
    .into_any()
}

fn states(states: StatesView) -> impl IntoView {
    view! {
        <div class="mapping-settings">{pick(states.states)}{typed(states.scope)}</div>
        <div class="mapping-excel">
            <label class="choice">
                <input type="checkbox" id="accept_gone" name="accept_gone" value="on" checked=states.accept_gone/>
                <span>{mapping::ACCEPT_GONE}</span>
            </label>
        </div>
    }
    .into_any()
}

fn pick(pick: PickView) -> impl IntoView {
    let (chosen, note) = (pick.chosen, format!("{}-note", pick.name));
    let has_note = !pick.help.is_empty() || !pick.error.is_empty();
    let is_wrong = !pick.error.is_empty();
    let none = (!pick.none.is_empty()).then(|| view! { <option value="">{pick.none}</option> });
    let choices = pick.choices.into_iter().map(|choice| {
        let is_chosen = choice.value == chosen;
        view! { <option value=choice.value selected=is_chosen>{choice.words}</option> }
    });
    view! {
        <div class="field">
            <label for=pick.name.clone()>{pick.label}</label>
            <select
                id=pick.name.clone()
                name=pick.name
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=has_note.then(|| note.clone())
            >
                {none}{choices.collect_view()}
            </select>
            {has_note.then(|| notes(note, &pick.error, &pick.help))}
        </div>
    }
    .into_any()
}

fn typed(typed: TypedView) -> impl IntoView {
    let (note, list) = (format!("{}-note", typed.name), format!("{}-offered", typed.name));
    let has_note = !typed.help.is_empty() || !typed.error.is_empty();
    let is_wrong = !typed.error.is_empty();
    let offered = (!typed.offered.is_empty()).then(|| {
        let values = typed.offered.into_iter().map(|value| view! { <option value=value></option> }).collect_view();
        view! { <datalist id=list.clone()>{values}</datalist> }
    });
    view! {
        <div class="field">
            <label for=typed.name.clone()>{typed.label}</label>
            <input
                id=typed.name.clone()
                name=typed.name
                value=typed.value
                maxlength="64"
                autocomplete="off"
                list=offered.is_some().then(|| list.clone())
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=has_note.then(|| note.clone())
            />
            {offered}
            {has_note.then(|| notes(note, &typed.error, &typed.help))}
        </div>
    }
    .into_any()
}

fn notes(id: String, error: &str, help: &str) -> impl IntoView {
    let error = (!error.is_empty()).then(|| view! { <p class="error">{visible(error)}</p> });
    let help = (!help.is_empty()).then(|| view! { <p class="help">{visible(help)}</p> });
    view! { <div id=id>{error}{help}</div> }.into_any()
}

fn excel((is_on, asked): (bool, String)) -> impl IntoView {
    let note = (!asked.is_empty()).then(|| view! { <p class="error" id="excel-note">{visible(&asked)}</p> });
    let described = note.is_some().then_some("excel-note");
    view! {
        <div class="mapping-excel">
            <label class="choice">
                <input type="checkbox" id="excel" name="excel" value="on" checked=is_on aria-describedby=described/>
                <span>{mapping::EXCEL}</span>
            </label>
            {note}
        </div>
    }
    .into_any()
}
