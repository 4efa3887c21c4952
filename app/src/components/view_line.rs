//! The state of the view in words, and a form to change it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::{everywhere, items};

/// What the form of the view holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    pub is_lenient: bool,
    /// `2026-07-01T00:00:00Z`; empty for now.
    pub as_of: String,
    /// Parts of the address that the form does not hold, carried along.
    pub hidden: Vec<(String, String)>,
}

/// Window, mode and moments; the same page answers for another moment or mode.
#[component]
pub fn ViewLine(
    /// Name and value, `Mode` and `strict`.
    parts: Vec<(String, String)>,
    /// How old the feeds are, and the page that says more.
    feeds: Option<(String, String)>,
    change: Option<ChangeView>,
) -> impl IntoView {
    let parts = parts.into_iter().map(|(name, value)| view! { <span>{name}" "<b>{value}</b></span> }).collect_view();
    let feeds = feeds.map(|(words, href)| view! { <a class="feeds" href=href>{words}</a> });
    view! { <div class="view-line">{parts}{feeds}{change.map(form)}</div> }.into_any()
}

fn form(change: ChangeView) -> impl IntoView {
    let hidden = change.hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <details class="change">
            <summary>{everywhere::CHANGE_VIEW}</summary>
            <form method="get">
                {hidden.collect_view()}
                <div class="field">
                    <label for="mode">{everywhere::MODE}</label>
                    <select id="mode" name="mode">
                        <option value="strict" selected=!change.is_lenient>{everywhere::STRICT}</option>
                        <option value="lenient" selected=change.is_lenient>{everywhere::LENIENT}</option>
                    </select>
                </div>
                <div class="field">
                    <label for="as_of">{everywhere::AS_OF}</label>
                    <input id="as_of" name="as_of" type="text" value=change.as_of placeholder="2026-07-01T00:00:00Z" maxlength="40"/>
                </div>
                <button class="button">{items::APPLY}</button>
            </form>
        </details>
    }
}
