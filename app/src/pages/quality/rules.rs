//! Which rules of data quality were met, how often, and what they could move.

use leptos::prelude::*;

use super::view::{RuleRow, RulesView};
use crate::components::SectionHead;
use crate::words::{items, quality};

/// The rules that were met, and the others folded away.
#[component]
pub fn Rules(rules: RulesView) -> impl IntoView {
    let others = format!("{} ({})", quality::NOT_MET, rules.others.len());
    let met = table("Rules that were met", rules.met);
    let not_met = table(quality::NOT_MET, rules.others);
    view! {
        <section class="section" aria-labelledby="rules">
            <SectionHead id="rules".to_owned() title=rules.title note=quality::RULES_NOTE.into()/>
            {period(rules.from, rules.to, rules.hidden)}
            <p class="caption">{rules.over}</p>
            {met}
            <details class="fold"><summary>{others}</summary>{not_met}</details>
        </section>
    }
    .into_any()
}

fn period(from: String, to: String, hidden: Vec<(String, String)>) -> impl IntoView {
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form class="quality-form" method="get" action="/quality#rules" aria-label="Period of the imports">
            {hidden.collect_view()}
            <div class="field"><label for="from">"Imports from"</label><input id="from" type="date" name="from" value=from/></div>
            <div class="field"><label for="to">"to"</label><input id="to" type="date" name="to" value=to/></div>
            <div class="send"><button class="button">{items::APPLY}</button></div>
        </form>
    }
    .into_any()
}

fn table(caption: &'static str, rows: Vec<RuleRow>) -> impl IntoView {
    let any = !rows.is_empty();
    any.then(|| {
        view! {
            <table class="table stack counts-table rules-table">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col" class="num">"Met"</th>
                        <th scope="col">"What is done"</th>
                        <th scope="col">"Sources and examples"</th>
                        <th scope="col">"Could move"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

fn row(row: RuleRow) -> impl IntoView {
    let links = row.moves.into_iter().map(|(name, href)| view! { <li><a href=href>{name}</a></li> });
    let examples = (!row.examples.is_empty()).then(|| view! { <span class="sub">"as in "{row.examples}</span> });
    let waiting = (!row.waiting.is_empty()).then(|| view! { <span class="sub">{row.waiting}</span> });
    view! {
        <tr>
            <th scope="row"><code>{row.rule}</code><span class="sub">{row.sentence}</span></th>
            <td class="num" data-th="Met">{row.count}{waiting}</td>
            <td data-th="What is done">{row.class}</td>
            <td data-th="Sources">{row.sources}{examples}</td>
            <td data-th="Could move"><ul class="moves">{links.collect_view()}</ul></td>
        </tr>
    }
    .into_any()
}
