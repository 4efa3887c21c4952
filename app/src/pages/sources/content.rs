//! The layout of the page.

use leptos::prelude::*;

use super::feeds::Feeds;
use super::quarantine::Quarantine;
use super::table::Sources;
use super::view::{SourcesView, UploadView, WaitingView};
use crate::components::{Equation, ExplainLinks, PageHead, SectionHead, WordsOf};
use crate::format::visible;
use crate::islands::{FileDrop, JobState, JobView, ProgressJob};
use crate::place::Place;
use crate::words::{imports, quality, sources, webhooks};

/// The import, the ledger, what is held, what is silent.
#[component]
pub fn SourcesContent(view: SourcesView) -> impl IntoView {
    view! {
        <PageHead question=Place::Sources.question().into() answer=view.answer/>
        {view.job.map(job)}
        {waiting(view.waiting)}
        {view.upload.map(upload)}
        <section class="section" aria-labelledby="ledger">
            <SectionHead id="ledger".to_owned() title="The ledger balances.".to_owned() note=sources::EQUATION.into()/>
            <Equation equation=view.ledger/>
        </section>
        <Quarantine quarantine=view.quarantine/>
        <p><a href="/quality">{quality::CHECK}</a></p>
        <Sources table=view.sources/>
        {view.may_hook.then(|| view! { <p><a href="/settings/webhooks">{webhooks::DOOR}</a></p> })}
        {(!view.claimed.is_empty()).then(|| view! { <p><WordsOf sentence=view.claimed/></p> })}
        <Feeds feeds=view.feeds/>
        <ExplainLinks links=view.explanations/>
    }
    .into_any()
}

fn upload(upload: UploadView) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="import">
            <SectionHead id="import".to_owned() title=sources::IMPORT_TITLE.to_owned() note=sources::IMPORT_NOTE.into()/>
            <FileDrop idempotency=upload.idempotency limit=upload.limit formats=upload.formats learnt=upload.learnt/>
            <p><a href="/imports">{imports::DOOR}</a></p>
        </section>
    }
    .into_any()
}

fn waiting(files: Vec<WaitingView>) -> impl IntoView {
    (!files.is_empty()).then(|| {
        let file = |file: WaitingView| {
            view! { <li><a href=file.href>{visible(&file.name)}</a>", "{file.words}</li> }
        };
        view! {
            <section class="section waiting-files" aria-labelledby="waiting">
                <SectionHead id="waiting".to_owned() title=sources::WAITING_TITLE.to_owned() note=sources::WAITING_NOTE.into()/>
                <ul>{files.into_iter().map(file).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn job(job: JobView) -> impl IntoView {
    let is_done = job.state == JobState::Done;
    let is_running = matches!(job.state, JobState::Waiting | JobState::Reading);
    let title = match job.state {
        JobState::Waiting | JobState::Reading => format!("{} {}.", sources::READING, visible(&job.file)),
        JobState::Done => format!("{} is in.", visible(&job.file)),
        JobState::Failed if job.waits.is_some() => format!("{} waits for a person.", visible(&job.file)),
        JobState::Failed => format!("{} was not taken as a whole.", visible(&job.file)),
    };
    let decide = job.waits.map(|_| job.page());
    view! {
        <section class="import-job" aria-labelledby="job">
            <h2 id="job">{title}</h2>
            <ProgressJob job=job/>
            {is_done.then(|| view! { <p class="actions"><a class="button primary" href="/">{sources::SEE_GAP}</a></p> })}
            {decide.map(|href| view! { <p class="actions"><a class="button primary" href=href>{sources::DECIDE}</a></p> })}
            {is_running.then(|| view! { <noscript><p class="caption">{sources::RELOAD}</p></noscript> })}
        </section>
    }
    .into_any()
}
