//! Held lines, each with its text, what is wrong with it, and a way out.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{FaultView, LineActView, LineView, LinesView};
use crate::components::{Chips, PageLinks, RawLine, SectionHead, SelectField, SelectView};
use crate::filter::encode;
use crate::format::in_textarea;
use crate::words::{items, quality, sources};

/// The filter, what is on, and one page of lines.
#[component]
pub fn Lines(lines: LinesView) -> impl IntoView {
    let form = filter(lines.fields, lines.text, lines.hidden, lines.clear.clone());
    let list = if lines.rows.is_empty() {
        Either::Left(view! { <p class="muted">{quality::NONE}</p> })
    } else {
        Either::Right(view! {
            <ol class="held-lines">{lines.rows.into_iter().map(line).collect_view()}</ol>
            <PageLinks links=lines.links/>
        })
    };
    view! {
        <section class="section" aria-labelledby="lines">
            <SectionHead id="lines".to_owned() title=lines.title note=quality::LINES_NOTE.into()/>
            {form}
            <Chips chips=lines.chips clear=lines.clear/>
            {list}
        </section>
    }
    .into_any()
}

fn filter(fields: Vec<SelectView>, text: String, hidden: Vec<(String, String)>, clear: String) -> impl IntoView {
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let fields = fields.into_iter().map(|select| view! { <SelectField select=select/> });
    view! {
        <form class="quality-form" method="get" action="/quality#lines" role="search" aria-label=items::FILTERS>
            {hidden.collect_view()}
            {fields.collect_view()}
            <div class="field">
                <label for="q">{quality::TEXT}</label>
                <input id="q" type="search" name="q" value=text maxlength="200"/>
            </div>
            <div class="send">
                <button class="button">{items::APPLY}</button>
                <a href=clear>{items::CLEAR}</a>
            </div>
        </form>
    }
    .into_any()
}

fn line(line: LineView) -> impl IntoView {
    let place = line.place.clone();
    let tick = line.act.as_ref().map(|act| {
        let label = format!("Choose {place}");
        let name = format!("line-{}", line.id);
        view! { <input type="checkbox" form="decide" name=name checked=act.is_ticked aria-label=label/> }
    });
    let acts = line.act.map(|act| acts(&line.id, &line.place, act));
    let file = (!line.file.is_empty()).then(|| format!("{}, ", line.file));
    view! {
        <li>
            <p class="held-head">{tick}<b>{line.place}</b><span class="muted">{file}{line.received}</span><code>{line.reason}</code></p>
            <ul class="faults">{line.faults.into_iter().map(fault).collect_view()}</ul>
            <RawLine shown=line.raw/>
            {(!line.cut.is_empty()).then(|| view! { <p class="caption">{line.cut}</p> })}
            {acts}
        </li>
    }
    .into_any()
}

fn fault(fault: FaultView) -> impl IntoView {
    let field = (!fault.field.is_empty()).then(|| view! { <code>{fault.field}</code>" " });
    let hint = (!fault.hint.is_empty()).then(|| view! { <span class="muted">" → "{fault.hint}</span> });
    view! { <li>{field}{fault.detail}{hint}</li> }.into_any()
}

fn acts(id: &str, place: &str, act: LineActView) -> impl IntoView + use<> {
    let release = format!("/sources/quarantine/{}/release", encode(id));
    let dismiss = format!("/sources/quarantine/{}/dismiss", encode(id));
    let carried = {
        let (idempotency, back) = (act.idempotency, act.back);
        move || {
            view! {
                <input type="hidden" name="idempotency" value=idempotency.clone()/>
                <input type="hidden" name="back" value=back.clone()/>
            }
        }
    };
    let (copy, why) = (format!("copy-{id}"), format!("why-{id}"));
    let mend = act.mendable.map(|raw| {
        view! {
            <details class="fold">
                <summary aria-label=format!("{} {place}", quality::EDIT)>{quality::EDIT}</summary>
                <form method="post" action=release.clone()>
                    {carried()}
                    <label for=copy.clone()>{quality::EDITED}</label>
                    <textarea id=copy name="line" rows="4" spellcheck="false">{in_textarea(&raw)}</textarea>
                    <button class="button">{quality::SEND_EDITED}</button>
                </form>
            </details>
        }
    });
    let as_is = act.release.then(|| {
        view! {
            <form method="post" action=release.clone()>
                {carried()}
                <button class="link-button" aria-label=format!("{} {place}", sources::RELEASE)>{sources::RELEASE}</button>
            </form>
        }
    });
    let as_low = act.as_low.then(|| {
        view! {
            <form method="post" action=release.clone()>
                {carried()}
                <input type="hidden" name="as" value="low"/>
                <button class="link-button" aria-label=format!("{} {place}", quality::AS_LOW)>{quality::AS_LOW}</button>
            </form>
        }
    });
    let why_not = (!act.why_not.is_empty()).then(|| view! { <p class="muted">{quality::STAYS}{act.why_not}</p> });
    view! {
        {why_not}
        <div class="held-acts">
            {as_is}
            {as_low}
            {mend}
            <details class="fold">
                <summary aria-label=format!("{} {place}", quality::DISMISS)>{quality::DISMISS}</summary>
                <form method="post" action=dismiss>
                    {carried()}
                    <label for=why.clone()>{quality::WHY}</label>
                    <input id=why name="note" type="text" maxlength="500" required/>
                    <button class="button">{quality::DISMISS}</button>
                </form>
            </details>
        </div>
    }
    .into_any()
}
