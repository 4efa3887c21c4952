//! The tables under the two clocks: sums that add up, records, episodes, events.

use leptos::prelude::*;

use super::view::{
    ClaimRow, ClaimTable, EpisodeRow, EpisodeTable, EventRow, EventTable, LabelRow, LabelTable, RecordRow, RecordTable,
    WeaknessRow, WeaknessTable,
};
use crate::components::RawLine;
use crate::format::visible;

/// Days by label; the last row is their sum.
#[component]
pub fn Labels(table: LabelTable) -> impl IntoView {
    let total = table.total;
    view! {
        <section aria-labelledby="labels">
            <h2 id="labels">{table.title}</h2>
            <table class="table labels-table">
                <caption>"Days of this item by label"</caption>
                <thead><tr><th scope="col">"Label"</th><th scope="col" class="num">"Days"</th><th scope="col" class="num">"Share"</th></tr></thead>
                <tbody>{table.rows.into_iter().map(label).collect_view()}</tbody>
                <tfoot><tr><th scope="row">{total.name}</th><td class="num">{total.days}</td><td class="num">{total.share}</td></tr></tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn label(row: LabelRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><b class="letter">{row.letter}</b>{row.name}</th>
            <td class="num">{row.days}</td>
            <td class="num muted">{row.share}</td>
        </tr>
    }
    .into_any()
}

/// What the ticket tool keeps of this item.
#[component]
pub fn Records(table: RecordTable) -> impl IntoView {
    let any = !table.rows.is_empty();
    view! {
        <section aria-labelledby="records">
            <h2 id="records">{table.title}</h2>
            {any.then(|| view! {
                <table class="table">
                    <caption>"What the ticket tool keeps"</caption>
                    <thead><tr><th scope="col">"Record"</th><th scope="col">"Outcome"</th><th scope="col" class="num">"Elapsed"</th></tr></thead>
                    <tbody>{table.rows.into_iter().map(record).collect_view()}</tbody>
                </table>
            })}
        </section>
    }
    .into_any()
}

fn record(row: RecordRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{row.number}<span class="sub">{row.window}</span></th>
            <td>{row.outcome}</td>
            <td class="num">{row.elapsed}</td>
        </tr>
    }
    .into_any()
}

/// What the ticket tool itself said, and since when.
#[component]
pub fn Claims(table: ClaimTable) -> impl IntoView {
    view! {
        <section aria-labelledby="claims">
            <h2 id="claims">{table.title}</h2>
            <table class="table">
                <caption>"What the ticket tool itself says"</caption>
                <thead><tr><th scope="col">"Since"</th><th scope="col">"Verdict"</th><th scope="col">"Due"</th><th scope="col" class="num">"Counted"</th></tr></thead>
                <tbody>{table.rows.into_iter().map(claim).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn claim(row: ClaimRow) -> impl IntoView {
    view! { <tr><th scope="row">{row.since}</th><td>{row.verdict}</td><td>{row.due}</td><td class="num">{row.counted}</td></tr> }
}

/// The spells of this item's wall clock.
#[component]
pub fn Episodes(table: EpisodeTable) -> impl IntoView {
    view! {
        <section aria-labelledby="episodes">
            <h2 id="episodes">{table.title}</h2>
            <table class="table">
                <caption>"What the wall clock keeps"</caption>
                <thead><tr><th scope="col">"Episode"</th><th scope="col">"End"</th><th scope="col" class="num">"Lived"</th></tr></thead>
                <tbody>{table.rows.into_iter().map(episode).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn episode(row: EpisodeRow) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{row.number}<span class="sub">{row.window}</span></th>
            <td>{row.end}</td>
            <td class="num">{row.days}</td>
        </tr>
    }
    .into_any()
}

/// What the world says of its public weaknesses.
#[component]
pub fn Weaknesses(table: WeaknessTable) -> impl IntoView {
    view! {
        <section aria-labelledby="weaknesses">
            <h2 id="weaknesses">{table.title}</h2>
            <table class="table">
                <caption>{table.caption}</caption>
                <thead><tr><th scope="col">"Weakness"</th><th scope="col">"KEV"</th><th scope="col">"EPSS"</th></tr></thead>
                <tbody>{table.rows.into_iter().map(weakness).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn weakness(row: WeaknessRow) -> impl IntoView {
    view! { <tr><th scope="row">{visible(&row.cve)}</th><td>{row.kev}</td><td>{row.epss}</td></tr> }
}

/// Every event with its source, actor and certainty.
#[component]
pub fn Events(table: EventTable) -> impl IntoView {
    view! {
        <section aria-labelledby="events">
            <h2 id="events">{table.title}</h2>
            <table class="table stack events-table">
                <caption>{table.caption}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">"Day"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Event"</th>
                        <th scope="col">"Actor"</th>
                        <th scope="col">"Source"</th>
                    </tr>
                </thead>
                <tbody>{table.rows.into_iter().map(event).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn event(row: EventRow) -> impl IntoView {
    let effect = (!row.effect.is_empty()).then(|| view! { <span class="sub">{visible(&row.effect)}</span> });
    let by = (!row.actor_type.is_empty()).then(|| view! { <span class="sub">{row.actor_type}</span> });
    let certainty = (row.certainty != "observed").then(|| view! { <span class="sub">{row.certainty}</span> });
    view! {
        <tr>
            <td class="num" data-th="Day">{row.day}</td>
            <td class="nowrap" data-th="When">{row.at}</td>
            <th scope="row">{row.name}{effect}{row.raw.map(|line| view! { <RawLine shown=visible(&line)/> })}</th>
            <td data-th="Actor">{visible(&row.actor)}{by}</td>
            <td data-th="Source">{visible(&row.source)}{certainty}</td>
        </tr>
    }
    .into_any()
}
