//! The quality report of an import.

use leptos::prelude::*;

use super::view::{FigureRow, QualityView};
use crate::components::SectionHead;
use crate::sentence::Sentence;
use crate::words::import_quality as words;

/// Of a moment and of seconds there is no share.
const NO_SHARE: &str = "–";

/// What its times say, how it was read, and the same as a file.
#[component]
pub fn ImportQuality(quality: QualityView) -> impl IntoView {
    let mapping = match quality.mapping_href {
        Some(href) => view! { <a href=href>{quality.mapping}</a> }.into_any(),
        None => view! { {quality.mapping} }.into_any(),
    };
    let withdrawn = (!quality.withdrawn.is_empty()).then(|| view! { <p class="caption">{quality.withdrawn}</p> });
    view! {
        <section class="section import-quality" aria-labelledby="quality">
            <SectionHead id="quality".to_owned() title=quality.title note=Sentence::plain(quality.note)/>
            {table(quality.rows)}
            {clocks(quality.clocks)}
            {list(words::REASONS, quality.reasons)}
            <p class="caption">{mapping}</p>
            {withdrawn}
            <p><a href=quality.csv_href download>{words::CSV}</a></p>
            <p class="caption">"For programs: "<code>{quality.api_href}</code></p>
        </section>
    }
    .into_any()
}

fn table(rows: Vec<FigureRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <table class="table stack">
                <caption>{words::CAPTION}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Figure"</th>
                        <th scope="col" class="num">"Value"</th>
                        <th scope="col" class="num">"Share"</th>
                        <th scope="col">"What it says"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

fn row(row: FigureRow) -> impl IntoView {
    let share = if row.share.is_empty() { NO_SHARE.to_owned() } else { row.share };
    view! {
        <tr>
            <th scope="row">{row.name}</th>
            <td class="num" data-th="Value">{row.value}</td>
            <td class="num" data-th="Share">{share}</td>
            <td data-th="What it says">{row.means}</td>
        </tr>
    }
}

fn clocks(clocks: Vec<(String, String)>) -> impl IntoView {
    (!clocks.is_empty()).then(|| {
        let line = |(words, href)| view! { <li><a href=href>{words}</a></li> };
        let lines = clocks.into_iter().map(line).collect_view();
        view! {
            <h3>{words::CLOCKS}</h3>
            <ul class="caption">{lines}</ul>
        }
    })
}

fn list(title: &'static str, lines: Vec<String>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <h3>{title}</h3>
            <ul class="caption">{lines}</ul>
        }
    })
}
