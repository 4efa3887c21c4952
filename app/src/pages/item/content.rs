//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::tables::{Claims, Episodes, Events, Labels, Records, Weaknesses};
use super::view::ItemView;
use crate::components::{Chart, ExplainLinks, PageHead, Shown, StateNote};
use crate::format::visible;
use crate::sentence::Sentence;

/// Both clocks to scale, the sums, the records, the events.
#[component]
pub fn ItemContent(view: ItemView) -> impl IntoView {
    let place =
        Sentence::default().link("Items", view.list).and(format!(" / {} / {}", visible(&view.id), visible(&view.what)));
    let clocks = match view.clocks {
        Shown::Ready(chart) => Either::Left(view! { <Chart chart=chart caption=view.caption explain=view.explain/> }),
        Shown::Note(state) => Either::Right(view! { <StateNote state=state/> }),
    };
    view! {
        <PageHead question=place answer=view.answer/>
        <section class="card" aria-label="Two clocks">{clocks}<ExplainLinks links=view.explanations/></section>
        <div class="section grid item-tables">
            <div class="of-4 column">
                <Labels table=view.labels/>
                <Records table=view.records/>
                {view.claims.map(|claims| view! { <Claims table=claims/> })}
                <Episodes table=view.episodes/>
                {view.weaknesses.map(|known| view! { <Weaknesses table=known/> })}
            </div>
            <div class="of-8"><Events table=view.events/></div>
        </div>
    }
    .into_any()
}
