//! The layout of the page.

use leptos::prelude::*;

use super::clock::SourceClock;
use super::quality::ImportQuality;
use super::view::{DecisionView, ImportView, ImportsView};
use crate::components::{Equation, PageHead, SectionHead};
use crate::format::visible;
use crate::islands::LiveImport;
use crate::sentence::Sentence;
use crate::words::{imports, question};

/// A section a file.
#[component]
pub fn ImportsContent(view: ImportsView) -> impl IntoView {
    let of_source = view.source.map(|source| {
        view! {
            <p class="chips">
                <span class="chip">{format!("source {}", visible(&source))}</span>
                " "<a href="/imports">{imports::ALL}</a>
            </p>
        }
    });
    let all = view.quality.is_some().then(|| view! { <p class="chips"><a href="/imports">{imports::EVERY}</a></p> });
    let clock = view.clock.map(|clock| view! { <SourceClock clock=clock/> });
    let quality = view.quality.map(|quality| view! { <ImportQuality quality=quality/> });
    view! {
        <PageHead question=question::IMPORTS.into() answer=view.answer/>
        {of_source}
        {all}
        {view.imports.into_iter().map(import).collect_view()}
        {quality}
        {clock}
        <p class="caption">{view.more}</p>
    }
    .into_any()
}

fn import(import: ImportView) -> impl IntoView {
    let heading = format!("import-{}", import.id);
    // Files often have the name of the one before: the number tells them apart.
    let title = format!("Import {}, {}: {}", import.id, visible(&import.file), import.state);
    let note = format!("From {}. {}", visible(&import.source), import.times);
    let actions = actions(&import);
    let decision = import.decision.map(|asked| decision(&import.id, asked));
    let live = import.progress.map(|progress| view! { <LiveImport progress=progress/> });
    let mend = import.mend.map(|href| view! { <li><a href=href>{imports::MEND}</a></li> });
    let report = import.report.map(|href| view! { <p class="to-report"><a href=href>{imports::REPORT}</a></p> });
    let notes = (!import.notes.is_empty()).then(|| {
        let notes = import.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
        view! { <ul class="caption">{notes}{mend}</ul> }
    });
    view! {
        <section class="section import-job" aria-labelledby=heading.clone()>
            <SectionHead id=heading.clone() title=title note=Sentence::plain(note)/>
            {live}
            {decision}
            <Equation equation=import.equation/>
            <p class="caption">{import.items}</p>
            {notes}
            {report}
            {actions}
        </section>
    }
    .into_any()
}

fn actions(import: &ImportView) -> impl IntoView + use<> {
    let button = |is_there: bool, act: &'static str, words: &'static str| {
        let action = format!("/imports/{}/{act}", import.id);
        let label = format!("{words} import {}", import.id);
        is_there.then(|| {
            view! {
                <form method="post" action=action>
                    <button class="button" aria-label=label>{words}</button>
                </form>
            }
        })
    };
    let cancel = import.may_cancel.then(|| cancel(import));
    let withdraw = import.may_withdraw.then(|| withdraw(import));
    view! {
        <div class="actions">
            {button(import.may_pause, "pause", imports::PAUSE)}
            {button(import.may_resume, "resume", imports::RESUME)}
        </div>
        {cancel}
        {withdraw}
    }
    .into_any()
}

/// What is gone, and the three things it can mean: each a plain form.
fn decision(id: &str, asked: DecisionView) -> impl IntoView + use<> {
    let more = (!asked.more.is_empty()).then(|| view! { <li>{asked.more}</li> });
    let choice = |act: &'static str, words: &'static str, what: &'static str| {
        let (action, help) = (format!("/imports/{id}/{act}"), format!("{act}-{id}"));
        let label = format!("{words}: import {id}");
        view! {
            <form method="post" action=action>
                <button class="button" aria-label=label aria-describedby=help.clone()>{words}</button>
                <p class="caption" id=help>{what}</p>
            </form>
        }
    };
    view! {
        <div class="decision">
            <p>{asked.words}</p>
            <ul class="caption">
                {asked.examples.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}
                {more}
            </ul>
            <p>{imports::HELD_ASK}</p>
            {choice("accept", imports::HELD_ACCEPT, imports::HELD_ACCEPT_WHAT)}
            {choice("partial", imports::HELD_PARTIAL, imports::HELD_PARTIAL_WHAT)}
            {choice("cancel", imports::HELD_DISCARD, imports::HELD_DISCARD_WHAT)}
            <p class="caption">{asked.until}</p>
        </div>
    }
    .into_any()
}

/// Says what will happen before it does.
fn cancel(import: &ImportView) -> impl IntoView + use<> {
    let action = format!("/imports/{}/cancel", import.id);
    let label = format!("{} {}", imports::CANCEL_DO, import.id);
    view! {
        <details class="fold">
            <summary>{imports::CANCEL}</summary>
            <form method="post" action=action>
                <p>{imports::CANCEL_WHAT}</p>
                <button class="button" aria-label=label>{imports::CANCEL_DO}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Says what will happen and asks for the name of the file.
fn withdraw(import: &ImportView) -> impl IntoView + use<> {
    let action = format!("/imports/{}/withdraw", import.id);
    let field = format!("name-{}", import.id);
    let help = format!("help-{}", import.id);
    let name = visible(&import.file);
    view! {
        <details class="fold">
            <summary>{imports::WITHDRAW}</summary>
            <form method="post" action=action>
                <p>{imports::WITHDRAW_WHAT}</p>
                <div class="field">
                    <label for=field.clone()>{imports::WITHDRAW_NAME}</label>
                    <input id=field name="name" required autocomplete="off" aria-describedby=help.clone()/>
                    <p class="caption" id=help>{name}</p>
                </div>
                <button class="button">{imports::WITHDRAW_DO}</button>
            </form>
        </details>
    }
    .into_any()
}
