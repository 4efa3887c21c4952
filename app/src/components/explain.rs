//! What exactly is this number?

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::everywhere;

/// Everything a figure must answer for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainView {
    /// What the figure is, in words.
    pub definition: String,
    /// How many it rests on, and of what.
    pub count: String,
    /// From when to when.
    pub window: String,
    /// How sure it is; empty where a plain count has none.
    pub interval: String,
    /// What was left out, and why.
    pub exclusions: String,
    pub as_of: String,
    pub known_at: String,
    /// Version of the definition.
    pub version: String,
}

/// Folded away under a figure.
#[component]
pub fn Explain(explain: ExplainView) -> impl IntoView {
    let rows = [
        ("Definition", explain.definition),
        ("Rests on", explain.count),
        ("Window", explain.window),
        ("Interval", explain.interval),
        ("Left out", explain.exclusions),
        ("As of", explain.as_of),
        ("Known at", explain.known_at),
        ("Version", explain.version),
    ];
    let rows = rows.into_iter().filter(|(_, words)| !words.is_empty());
    view! {
        <details class="fold explain">
            <summary>{everywhere::EXPLAIN}</summary>
            <dl>{rows.map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()}</dl>
        </details>
    }
    .into_any()
}
