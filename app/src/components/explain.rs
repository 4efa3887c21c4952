//! What exactly is this number?

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ExplainList;
use crate::words::everywhere;

/// How many of what, with the list that has exactly as many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountView {
    /// The number as written.
    pub count: String,
    pub words: String,
    /// None where the things counted are no items: records, spells, presses of *close*.
    pub href: Option<String>,
}

/// Everything a figure must answer for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainView {
    /// Its id in the catalogue.
    pub metric: String,
    /// What people call it.
    pub name: String,
    /// As it stands on the page.
    pub value: String,
    /// What the figure is, in words.
    pub definition: String,
    /// What it is taken over.
    pub denominator: String,
    /// How many it rests on, and of what.
    pub counts: Vec<CountView>,
    /// From when to when.
    pub window: String,
    /// How sure it is; empty where a plain count has none.
    pub interval: String,
    /// What was left out, and why.
    pub exclusions: String,
    /// What to keep in mind; empty where there is nothing.
    pub caveat: String,
    /// What narrows the view.
    pub filter: String,
    pub as_of: String,
    pub known_at: String,
    /// Version of the definition.
    pub version: String,
    /// The page that explains it.
    pub page: String,
    /// Where programs read it.
    pub api: String,
}

/// Folded away under a figure.
#[component]
pub fn Explain(explain: ExplainView) -> impl IntoView {
    let (metric, page) = (explain.metric.clone(), explain.page.clone());
    let more = (!page.is_empty()).then(|| view! { <p><a href=page>{everywhere::EXPLAIN_PAGE}</a></p> });
    view! {
        <details class="fold explain" data-metric=metric>
            <summary>{everywhere::EXPLAIN}</summary>
            <ExplainList explain=explain/>
            {more}
        </details>
    }
    .into_any()
}
