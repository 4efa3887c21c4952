//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::columns::Columns;
use super::more::More;
use super::preview::{Clocks, Preview};
use super::settings::Settings;
use super::view::{AskView, DraftView, KeptView, MappingView, RowsView};
use super::words_table::WordsTable;
use crate::components::{PageHead, SectionHead};
use crate::error::answer_with_status;
use crate::format::visible;
use crate::islands::LivePreview;
use crate::sentence::Sentence;
use crate::words::{mapping, question};

/// The questions about a file, each beside its field, and what the answers make of it.
#[component]
pub fn MappingContent(view: DraftView) -> impl IntoView {
    match view {
        DraftView::Here(view) => Either::Left(here(*view)),
        DraftView::Gone => {
            answer_with_status(404);
            Either::Right(gone())
        }
    }
}

fn gone() -> impl IntoView {
    view! {
        <PageHead question=question::MAPPING.into() answer=vec![mapping::GONE.to_owned()]/>
        <p>{mapping::GONE_WHY}</p>
        <p class="actions"><a class="button primary" href="/sources">{mapping::BRING_AGAIN}</a></p>
    }
    .into_any()
}

fn here(view: MappingView) -> impl IntoView {
    let place = Sentence::default().link("Sources", "/sources").and(format!(" / {}", visible(&view.file)));
    let words = view.words.into_iter().map(|words| view! { <WordsTable words=words/> }).collect_view();
    let has_preview = view.preview.is_some();
    let take = if view.may_save {
        (mapping::IMPORT, mapping::IMPORT_NOTE)
    } else {
        (mapping::IMPORT_ONLY, mapping::IMPORT_ONLY_NOTE)
    };
    view! {
        <div id="live-head" class="live-part">
            <PageHead question=place answer=view.answer/>
            {steps(view.steps)}
            {asked(view.asks)}
        </div>
        {facts(view.facts)}
        <LivePreview>
            <form method="post" action=view.action id="mapping" class="mapping-form">
                <input type="hidden" name="idempotency" value=view.idempotency/>
                // The first button of a form is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true" name="act" value="preview">{mapping::AGAIN}</button>
                <Settings settings=view.settings/>
                {view.kept.map(kept)}
                {view.columns.map(|columns| view! { <Columns columns=columns/> })}
                {view.more.map(|more| view! { <More more=more/> })}
                <div id="live-words" class="live-part">{words}</div>
                {buttons(take, "top")}
            </form>
        </LivePreview>
        {view.rows.map(rows)}
        <div id="live-preview" class="live-part">
            {view.preview.map(|preview| view! { <Preview preview=preview/> })}
            <Clocks clocks=view.clocks/>
        </div>
        {has_preview.then(|| buttons(take, "end"))}
    }
    .into_any()
}

/// The saved mapping it began with, and what goes along of it.
fn kept(kept: KeptView) -> impl IntoView {
    let lines = kept.lines.into_iter().map(|line| view! { <li>{visible(&line)}</li> }).collect_view();
    let anew = kept.anew.map(|(is_on, error)| {
        let error = (!error.is_empty()).then(|| view! { <p class="error" id="anew-note">{visible(&error)}</p> });
        let described = error.is_some().then_some("anew-note");
        view! {
            <label class="choice">
                <input type="checkbox" id="anew" name="anew" value="on" checked=is_on aria-describedby=described/>
                <span>{mapping::ANEW}</span>
            </label>
            {error}
        }
    });
    view! {
        <section class="section mapping-kept" aria-labelledby="kept">
            <SectionHead id="kept".to_owned() title=kept.title note=mapping::KEPT_NOTE.into()/>
            <ul class="mapping-lines">{lines}</ul>
            {anew}
            <p><a href=kept.href>{mapping::KEPT_LINK}</a></p>
        </section>
    }
    .into_any()
}

/// Look again, take it, leave it. They stand twice: under the questions and under the answer.
fn buttons((take, note): (&'static str, &'static str), place: &'static str) -> impl IntoView {
    let class = format!("actions mapping-actions {place}");
    view! {
        <div class=class>
            <button class="button" form="mapping" name="act" value="preview">{mapping::AGAIN}</button>
            <button class="button primary" form="mapping" name="act" value="import">{take}</button>
            <p class="help">{note}</p>
        </div>
        <details class="fold">
            <summary>{mapping::DISCARD}</summary>
            <p>{mapping::DISCARD_WHAT}</p>
            <p class="actions">
                <button class="button" form="mapping" name="act" value="discard" formnovalidate>{mapping::DISCARD_DO}</button>
            </p>
        </details>
    }
    .into_any()
}

fn steps(steps: Vec<(String, bool)>) -> impl IntoView {
    let current = steps.iter().position(|(_, done)| !done);
    let step = |(place, (name, done)): (usize, (String, bool))| {
        let class = if done { "done" } else { "open" };
        let words = if done { mapping::STEP_DONE } else { mapping::STEP_OPEN };
        let is_current = (current == Some(place)).then_some("step");
        view! { <li class=class aria-current=is_current>{name}<span class="visually-hidden">" "{words}</span></li> }
    };
    view! { <ol class="mapping-steps" aria-label=mapping::STEPS>{steps.into_iter().enumerate().map(step).collect_view()}</ol> }.into_any()
}

fn asked(asks: Vec<AskView>) -> impl IntoView {
    let (needed, notes): (Vec<AskView>, Vec<AskView>) = asks.into_iter().partition(|ask| ask.blocks);
    let list = |title: &'static str, asks: Vec<AskView>| {
        let link = |ask: AskView| view! { <li><a href=format!("#{}", ask.place)>{visible(&ask.sentence)}</a></li> };
        (!asks.is_empty()).then(|| view! { <h2>{title}</h2><ul>{asks.into_iter().map(link).collect_view()}</ul> })
    };
    let any = !needed.is_empty() || !notes.is_empty();
    any.then(|| {
        view! {
            <section class="mapping-asked" id="asked" aria-label=mapping::ASKED>
                {list(mapping::NEEDED, needed)}
                {list(mapping::FOLLOWS, notes)}
            </section>
        }
        .into_any()
    })
}

fn facts(facts: Vec<(String, String)>) -> impl IntoView {
    let fact = |(name, value): (String, String)| view! { <div><dt>{name}</dt><dd>{visible(&value)}</dd></div> };
    view! { <dl class="mapping-facts">{facts.into_iter().map(fact).collect_view()}</dl> }.into_any()
}

fn rows(rows: RowsView) -> impl IntoView {
    let head = rows.header.into_iter().map(|name| view! { <th scope="col">{visible(&name)}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        view! { <tr>{cells.into_iter().map(|cell| view! { <td>{visible(&cell)}</td> }).collect_view()}</tr> }
    };
    let name = rows.caption.clone();
    view! {
        <section class="section" aria-labelledby="rows">
            <SectionHead id="rows".to_owned() title=mapping::ROWS_TITLE.to_owned() note=mapping::ROWS_NOTE.into()/>
            <div class="table-scroll" tabindex="0" role="region" aria-label=name>
                <table class="table mapping-rows">
                    <caption>{rows.caption}</caption>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
