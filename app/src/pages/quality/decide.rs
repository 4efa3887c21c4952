//! What is to become of many lines: one form, which first asks what would happen.

use leptos::prelude::*;

use super::view::DecideView;
use crate::components::{ChoiceView, SectionHead};
use crate::filter::Deed;
use crate::words::quality;

/// Which lines, and what for. Ticked lines belong to it by the name of the form.
#[component]
pub fn Decide(decide: DecideView) -> impl IntoView {
    let hidden =
        decide.hidden.clone().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let deeds = Deed::ALL.map(|deed| choice(deed, &decide)).collect_view();
    view! {
        <section class="section" aria-labelledby="many">
            <SectionHead id="many".to_owned() title=quality::DECIDE_TITLE.to_owned() note=quality::DECIDE_NOTE.into()/>
            <form id="decide" class="decide" method="get" action="/quality#foreseen">
                {hidden.collect_view()}
                <fieldset>
                    <legend>"Which lines"</legend>
                    <label class="choice"><input type="radio" name="whole" value="off" checked=!decide.is_whole/>"Those that are ticked above"</label>
                    <label class="choice"><input type="radio" name="whole" value="on" checked=decide.is_whole/>{decide.whole}</label>
                </fieldset>
                <fieldset>
                    <legend>"What becomes of them"</legend>
                    {deeds}
                </fieldset>
                <button class="button">{quality::FORESEE}</button>
            </form>
        </section>
    }
    .into_any()
}

fn choice(deed: Deed, decide: &DecideView) -> impl IntoView + use<> {
    let is_chosen = if decide.deed.is_empty() { deed == Deed::Release } else { decide.deed == deed.word() };
    let id = format!("do-{}", deed.word());
    let words = match deed {
        Deed::Release => "Release them as they are",
        Deed::Set => "Release them with a field set to a word",
        Deed::Zone => "Release them with times without an offset read in a zone",
        Deed::Low => "Release those with a severity below low as low",
        Deed::Dismiss => "Dismiss them for a reason",
    };
    let details = match deed {
        Deed::Release | Deed::Low => None,
        Deed::Set => Some(set(decide).into_any()),
        Deed::Zone => Some(text("zone", "Zone", &decide.zone, "Europe/Madrid").into_any()),
        Deed::Dismiss => Some(text("note", "Reason", &decide.note, "").into_any()),
    };
    view! {
        <div class="deed">
            <label class="choice" for=id.clone()><input id=id.clone() type="radio" name="do" value=deed.word() checked=is_chosen/>{words}</label>
            {details.map(|details| view! { <div class="deed-words">{details}</div> })}
        </div>
    }
    .into_any()
}

fn set(decide: &DecideView) -> impl IntoView + use<> {
    let chosen = decide.field.clone();
    let fields = decide.fields.clone().into_iter().map(|field: ChoiceView| {
        let is_chosen = field.value == chosen;
        view! { <option value=field.value selected=is_chosen>{field.words}</option> }
    });
    view! {
        <div class="field">
            <label for="field">"Field"</label>
            <select id="field" name="field">{fields.collect_view()}</select>
        </div>
        {text("value", "becomes", &decide.value, "")}
        {text("word", "where it holds (nothing: where it is empty)", &decide.word, "")}
    }
}

fn text(name: &'static str, label: &'static str, value: &str, example: &'static str) -> impl IntoView + use<> {
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type="text" value=value placeholder=example maxlength="200" autocomplete="off"/>
        </div>
    }
}
