//! What would come of the file? Counts that add up, the first events and held lines in words, and clocks that run.

use leptos::prelude::*;

use super::view::{ClockView, PreviewView};
use crate::components::{Chart, SectionHead};
use crate::format::visible;
use crate::sentence::Sentence;
use crate::words::mapping;

/// The counts, the events, what is held, what is no news, which rules are met.
#[component]
pub fn Preview(preview: PreviewView) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="preview">
            <SectionHead id="preview".to_owned() title=preview.title note=preview.note.as_str().into()/>
            {counts(preview.counts)}
            <div class="grid mapping-result">
                <div class="of-6 column">{sentences(preview.sentences)}{pairs(mapping::EVENTS, "Event", preview.events)}</div>
                <div class="of-6 column">
                    {held(preview.held, preview.held_lines)}
                    {pairs(mapping::QUIET, "What", preview.quiet)}
                    {rules(preview.rules)}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn counts(counts: [String; 4]) -> impl IntoView {
    let terms = [("", "received"), ("=", "events"), ("+", "held"), ("", "beside: no news of a lifecycle")];
    let term = |((sign, what), amount): ((&'static str, &'static str), String)| {
        view! { <div><span class="sign">{sign}</span><span class="amount">{amount}</span><span class="what">{what}</span></div> }
    };
    view! { <div class="equation">{terms.into_iter().zip(counts).map(term).collect_view()}</div> }.into_any()
}

fn sentences(sentences: Vec<String>) -> impl IntoView {
    (!sentences.is_empty()).then(|| {
        let lines = sentences.into_iter().map(|line| view! { <li>{visible(&line)}</li> }).collect_view();
        view! { <div><h3>{mapping::FIRST_EVENTS}</h3><ol class="mapping-lines">{lines}</ol></div> }.into_any()
    })
}

fn pairs(title: &'static str, head: &'static str, rows: Vec<(String, String)>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let row = |(name, count): (String, String)| {
            view! { <tr><th scope="row">{visible(&name)}</th><td class="num">{count}</td></tr> }
        };
        view! {
            <table class="table">
                <caption>{title}</caption>
                <thead><tr><th scope="col">{head}</th><th scope="col" class="num">"Times"</th></tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    })
}

fn held(reasons: Vec<(String, String, String)>, lines: Vec<String>) -> impl IntoView {
    if reasons.is_empty() {
        return view! { <p>{mapping::NONE_HELD}</p> }.into_any();
    }
    let row = |(reason, words, count): (String, String, String)| {
        view! { <tr><th scope="row"><code>{reason}</code><span class="sub">{words}</span></th><td class="num">{count}</td></tr> }
    };
    let lines = lines.into_iter().map(|line| view! { <li>{visible(&line)}</li> }).collect_view();
    view! {
        <div>
            <table class="table">
                <caption>{mapping::HELD}</caption>
                <thead><tr><th scope="col">"Reason"</th><th scope="col" class="num">"Times"</th></tr></thead>
                <tbody>{reasons.into_iter().map(row).collect_view()}</tbody>
            </table>
            <details class="fold" open><summary>{mapping::HELD_LINES}</summary><ul class="mapping-lines">{lines}</ul></details>
        </div>
    }
    .into_any()
}

fn rules(rules: Vec<[String; 4]>) -> impl IntoView {
    (!rules.is_empty()).then(|| {
        let row = |[rule, class, count, by]: [String; 4]| {
            view! { <tr><th scope="row"><code>{rule}</code><span class="sub">{class}". "{visible(&by)}</span></th><td class="num">{count}</td></tr> }
        };
        view! {
            <table class="table">
                <caption>{mapping::RULES}</caption>
                <thead><tr><th scope="col">"Rule"</th><th scope="col" class="num">"Times"</th></tr></thead>
                <tbody>{rules.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    })
}

/// The two clocks of the items with most events.
#[component]
pub fn Clocks(clocks: Vec<ClockView>) -> impl IntoView {
    (!clocks.is_empty()).then(|| {
        let clocks = clocks.into_iter().map(clock).collect_view();
        view! {
            <section class="section" aria-labelledby="clocks">
                <SectionHead id="clocks".to_owned() title=mapping::CLOCKS_TITLE.to_owned() note=mapping::CLOCKS_NOTE.into()/>
                <div class="column">{clocks}</div>
            </section>
        }
        .into_any()
    })
}

fn clock(clock: ClockView) -> impl IntoView {
    let words = clock.sentences.join(" ");
    view! {
        <div class="mapping-clock">
            <h3>{visible(&clock.item)}</h3>
            <p>{words}</p>
            <Chart chart=clock.chart caption=Sentence::plain(clock.caption)/>
        </div>
    }
    .into_any()
}
