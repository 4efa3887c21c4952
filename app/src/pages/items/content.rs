//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::table::ItemsTable;
use super::view::ItemsView;
use crate::components::{Chips, ExplainLinks, PageHead, PageLinks, SelectField, SelectView};
use crate::islands::FilterBar;
use crate::place::Place;
use crate::words::items;

/// The filter form, what is on, the list.
#[component]
pub fn ItemsContent(view: ItemsView) -> impl IntoView {
    let list = if view.rows.is_empty() {
        Either::Left(view! {
            <div class="empty-state"><h2>{items::NONE}</h2><p>{view.emptied_by}</p></div>
        })
    } else {
        Either::Right(view! {
            <ItemsTable columns=view.columns rows=view.rows/>
            <PageLinks links=view.links/>
            <ExplainLinks links=view.explanations/>
        })
    };
    let form = form(view.fields, view.text, view.hidden, view.clear.clone());
    view! {
        <PageHead question=Place::Items.question().into() answer=view.answer/>
        <FilterBar>{form}</FilterBar>
        <Chips chips=view.chips clear=view.clear/>
        {list}
    }
    .into_any()
}

fn form(fields: Vec<SelectView>, text: String, hidden: Vec<(String, String)>, clear: String) -> impl IntoView {
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let fields = fields.into_iter().map(|select| view! { <SelectField select=select/> });
    view! {
        <details>
            <summary><span>{items::FILTERS}</span><span aria-hidden="true">"+"</span></summary>
            <form method="get" action="/items" role="search" aria-label=items::FILTERS>
                {hidden.collect_view()}
                <div class="field">
                    <label for="q">{items::SEARCH}</label>
                    <input id="q" type="search" name="q" value=text maxlength="200" placeholder=items::SEARCH_HELP/>
                </div>
                {fields.collect_view()}
                <div class="send">
                    <button class="button">{items::APPLY}</button>
                    <a href=clear>{items::CLEAR}</a>
                </div>
            </form>
        </details>
    }
    .into_any()
}
