//! The layout of the page.

use leptos::prelude::*;

use super::view::{NowView, PlanView, VersionView};
use crate::components::{PageHead, SectionHead};
use crate::format::{in_textarea, visible};
use crate::sentence::Sentence;
use crate::words::source_plan;

/// What is in force, how it is changed, and every version.
#[component]
pub fn SourcePlanContent(view: PlanView) -> impl IntoView {
    let place = Sentence::default().link("Sources", "/sources").and(format!(" / {}", visible(&view.source)));
    let versions = view.versions.into_iter().map(version).collect_view();
    let change = view.action.map(|action| change(action, view.now.clone()));
    view! {
        <PageHead question=place answer=view.answer/>
        {view.now.map(now)}
        {change}
        <section class="section" aria-labelledby="versions">
            <SectionHead id="versions".to_owned() title=source_plan::VERSIONS_TITLE.to_owned() note=source_plan::VERSIONS_NOTE.into()/>
            <table class="table stack">
                <caption class="visually-hidden">{source_plan::VERSIONS_TITLE}</caption>
                <thead><tr><th scope="col">"Version"</th><th scope="col">"It says"</th><th scope="col">"File"</th></tr></thead>
                <tbody>{versions}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn now(now: NowView) -> impl IntoView {
    let said = now.said.into_iter();
    let said = said.map(|(of, what)| view! { <div><dt>{visible(&of)}</dt><dd>{visible(&what)}</dd></div> });
    view! {
        <section class="section" aria-labelledby="now">
            <SectionHead id="now".to_owned() title=source_plan::NOW_TITLE.to_owned() note=source_plan::NOW_NOTE.into()/>
            <dl class="mapping-facts">{said.collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn change(action: String, now: Option<NowView>) -> impl IntoView {
    let json = now.as_ref().map(|now| now.json.clone()).unwrap_or_default();
    let rows = json.lines().count().clamp(4, 30).to_string();
    let acts = now.map(|now| {
        let (act, words) = if now.look_first { ("at_once", source_plan::NO_LOOK) } else { ("look", source_plan::LOOK) };
        let waits = now.look_first.then(|| view! { <p>{source_plan::LOOKS}</p> });
        view! {
            {waits}
            <form method="post" action=action.clone() class="actions">
                <button class="button" name="act" value=act>{words}</button>
                <button class="button" name="act" value="forget">{source_plan::FORGET}</button>
                <p class="help">{source_plan::FORGET_NOTE}</p>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="change">
            <SectionHead id="change".to_owned() title=source_plan::CHANGE_TITLE.to_owned() note=source_plan::CHANGE_NOTE.into()/>
            {acts}
            <form method="post" action=action>
                <div class="field">
                    <label for="plan">{source_plan::JSON}</label>
                    <textarea id="plan" name="plan" rows=rows spellcheck="false" required>{in_textarea(&json)}</textarea>
                </div>
                <p class="actions"><button class="button" name="act" value="save">{source_plan::SAVE}</button></p>
            </form>
        </section>
    }
    .into_any()
}

fn version(version: VersionView) -> impl IntoView {
    let label = format!("{} as JSON", version.name);
    let file = version.href.map(|href| view! { <a href=href aria-label=label download>{source_plan::FILE}</a> });
    view! {
        <tr>
            <th scope="row">{version.name}<span class="sub">{version.words}</span></th>
            <td data-th="It says">{visible(&version.said)}</td>
            <td data-th="File">{file}</td>
        </tr>
    }
    .into_any()
}
