//! Beside the answer: numbers the report leaves out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::WordsOf;
use crate::sentence::Sentence;
use crate::words::everywhere;

/// One number with what it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RailRow {
    /// The number as written; it leads to its items where there is a list.
    pub number: Sentence,
    pub words: Sentence,
    /// Denominator and window.
    pub note: String,
    /// The page that explains it.
    pub explain: String,
}

/// A group of such numbers under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RailView {
    pub title: String,
    pub rows: Vec<RailRow>,
}

/// All groups, one under the other.
#[component]
pub fn Rail(groups: Vec<RailView>) -> impl IntoView {
    let groups = groups.into_iter().map(group).collect_view();
    view! { <aside class="rail of-3" aria-label="Not in the report">{groups}</aside> }
}

fn group(group: RailView) -> impl IntoView {
    let rows = group.rows.into_iter().map(|row| {
        let name = everywhere::EXPLAIN;
        let note = view! { <span class="sub">{row.note}" "<a class="explain-link" href=row.explain>{name}</a></span> };
        view! { <li><b><WordsOf sentence=row.number/></b><span><WordsOf sentence=row.words/>{note}</span></li> }
    });
    view! {
        <section>
            <h2>{group.title}</h2>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
