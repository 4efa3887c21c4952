//! The layout of the page.

use leptos::prelude::*;

use super::view::ExplanationView;
use crate::components::{ExplainList, PageHead, SectionHead};
use crate::words::question;

/// The value with what it rests on, then the worked example.
#[component]
pub fn ExplainContent(view: ExplanationView) -> impl IntoView {
    let explain = view.explain;
    let answer = if explain.value.is_empty() {
        format!("{}.", explain.name)
    } else {
        format!("{}: {}.", explain.name, explain.value)
    };
    let rows = [("Unit", view.unit), ("Direction", view.direction), ("Shown on", view.shown)];
    let rows = rows.map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> });
    let (id, metric) = (explain.metric.clone(), explain.metric.clone());
    view! {
        <PageHead question=question::EXPLAIN.into() answer=vec![answer]/>
        <section class="section explain" aria-labelledby="rests-on" data-metric=metric>
            <SectionHead id="rests-on".to_owned() title="What it is, and what it rests on.".to_owned() note="Each count leads to its list; the list has exactly as many.".into()/>
            <ExplainList explain=explain/>
        </section>
        <section class="section explain" aria-labelledby="entry">
            <SectionHead id="entry".to_owned() title="What it means anywhere.".to_owned() note="The same words stand in the documentation, in every report and in the interface for programs.".into()/>
            <dl class="explain-list">
                <dt>"Id"</dt><dd><code>{id}</code></dd>
                {rows}
                <dt>"Worked example"</dt><dd>{view.example}</dd>
                <dt>"Its story"</dt><dd>{view.story}</dd>
                <dt>"For programs"</dt><dd><code>{view.entry}</code></dd>
            </dl>
        </section>
    }
    .into_any()
}
