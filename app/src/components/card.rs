//! One finding: a sentence, a chart that proves it, its small print.

use leptos::either::Either;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Chart, ChartView, ExplainView, SectionHead, StateNote, StateView};
use crate::sentence::Sentence;

/// What can be shown, or why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown<T> {
    Ready(T),
    Note(StateView),
}

/// A finding with its chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// Names the section; letters and hyphens only.
    pub id: String,
    /// The finding as a sentence.
    pub title: String,
    /// n, unit and window beside the title.
    pub note: Sentence,
    pub chart: Shown<ChartView>,
    pub caption: Sentence,
    pub explain: Option<ExplainView>,
}

/// Title, and the chart with its small print or the reason why there is none.
#[component]
pub fn Card(card: CardView) -> impl IntoView {
    let body = match card.chart {
        Shown::Ready(chart) => Either::Left(view! { <Chart chart=chart caption=card.caption explain=card.explain/> }),
        Shown::Note(state) => Either::Right(view! { <StateNote state=state/> }),
    };
    view! {
        <SectionHead id=card.id title=card.title note=card.note/>
        <div class="card">{body}</div>
    }
    .into_any()
}
