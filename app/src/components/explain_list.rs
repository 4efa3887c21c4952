//! All that a figure answers for.

use leptos::either::Either;
use leptos::prelude::*;

use super::{CountView, ExplainView};

/// Names and words, each count with its list.
#[component]
pub fn ExplainList(explain: ExplainView) -> impl IntoView {
    let before = [("Definition", explain.definition), ("Taken over", explain.denominator)];
    let after = [
        ("Window", explain.window),
        ("Interval", explain.interval),
        ("Left out", explain.exclusions),
        ("Keep in mind", explain.caveat),
        ("Filter", explain.filter),
        ("As of", explain.as_of),
        ("Known at", explain.known_at),
        ("Version", explain.version),
    ];
    let rows = |rows: Vec<(&'static str, String)>| {
        let rows = rows.into_iter().filter(|(_, words)| !words.is_empty());
        rows.map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()
    };
    let counts = (!explain.counts.is_empty()).then(|| {
        let counts = explain.counts.into_iter().map(|count| view! { <li>{counted(count)}</li> }).collect_view();
        view! { <dt>"Rests on"</dt><dd><ul class="counts">{counts}</ul></dd> }
    });
    let api = (!explain.api.is_empty()).then(|| view! { <dt>"For programs"</dt><dd><code>{explain.api}</code></dd> });
    view! { <dl class="explain-list">{rows(before.into())}{counts}{rows(after.into())}{api}</dl> }.into_any()
}

fn counted(count: CountView) -> impl IntoView {
    let number = match count.href {
        Some(href) => Either::Left(view! { <a class="count" href=href>{count.count}</a> }),
        None => Either::Right(count.count),
    };
    view! { {number}" "{count.words} }
}
