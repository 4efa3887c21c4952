//! The same question from another side: links that look like what they are.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabView {
    pub words: String,
    pub href: String,
    pub is_current: bool,
}

/// A line of links, one of them current.
#[component]
pub fn Tabs(label: String, tabs: Vec<TabView>) -> impl IntoView {
    let tabs = tabs.into_iter().map(|tab| {
        view! { <li><a href=tab.href aria-current=tab.is_current.then_some("true")>{tab.words}</a></li> }
    });
    view! { <nav aria-label=label><ul class="tabs">{tabs.collect_view()}</ul></nav> }
}
