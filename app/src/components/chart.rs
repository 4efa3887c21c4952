//! A chart, drawn on the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Caption, Explain, ExplainView, TableTwin, TableView};
use crate::islands::ChartFocus;
use crate::sentence::Sentence;

/// One chart in its three forms, with its twin of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartView {
    /// What the chart is, for whoever hears the page.
    pub title: String,
    /// A complete `<svg>` element for wide pages.
    pub wide: String,
    /// The same for a tablet or a printed page.
    pub medium: String,
    /// The same marks in other places for a phone.
    pub narrow: String,
    pub table: TableView,
}

/// The drawing, its small print and, folded away, its numbers and what they are.
///
/// The markup comes from the render crate alone, which escapes every foreign text; this is the one place of the
/// product that takes markup as it is.
#[component]
pub fn Chart(
    chart: ChartView,
    /// n, window, what a mark means.
    #[prop(optional)]
    caption: Sentence,
    #[prop(default = None)] explain: Option<ExplainView>,
) -> impl IntoView {
    view! {
        <div class="chart">
            <ChartFocus>
                <div class="wide-form" inner_html=chart.wide></div>
                <div class="medium-form" inner_html=chart.medium></div>
                <div class="narrow-form" inner_html=chart.narrow></div>
            </ChartFocus>
            <div class="chart-foot">
                <Caption sentence=caption/>
                {explain.map(|explain| view! { <Explain explain=explain/> })}
                <TableTwin table=chart.table/>
            </div>
        </div>
    }
    .into_any()
}
