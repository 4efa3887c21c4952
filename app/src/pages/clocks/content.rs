//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{ClocksBody, ClocksProof, ClocksView};
use crate::components::{
    Card, CardView, Chart, EmptyState, FigureList, PageHead, SectionHead, Shown, StateNote, Tabs, WordsOf,
};
use crate::place::Place;
use crate::words::clocks;

/// The curve, its marks as figures, and the groups.
#[component]
pub fn ClocksContent(view: ClocksView) -> impl IntoView {
    let body = match view.body {
        ClocksBody::Empty(empty) => Either::Left(view! { <EmptyState empty=empty/> }),
        ClocksBody::Full(proof) => Either::Right(proof_of(*proof)),
    };
    view! { <PageHead question=Place::Clocks.question().into() answer=view.answer/>{body} }.into_any()
}

fn proof_of(proof: ClocksProof) -> impl IntoView {
    let curve = match proof.survival {
        Shown::Ready(chart) => Either::Left(view! { <Chart chart=chart caption=proof.caption explain=proof.explain/> }),
        Shown::Note(state) => Either::Right(view! { <StateNote state=state/> }),
    };
    view! {
        <section class="card survival" aria-labelledby="survival">
            <h2 id="survival">{clocks::SURVIVAL}</h2>
            {curve}
        </section>
        <section class="section" aria-labelledby="half-life">
            <SectionHead
                id="half-life".to_owned()
                title="Half-life, tail, and what is left.".to_owned()
                note="Strict: ended when verified. Lenient: ended when closed.".into()
            />
            <FigureList figures=proof.strip/>
            <p class="means"><WordsOf sentence=proof.means/></p>
        </section>
        <section class="section groups" aria-label="Groups">
            <Tabs label=clocks::GROUPED_BY.to_owned() tabs=proof.comparisons/>
            <div class="grid">{proof.groups.into_iter().map(group).collect_view()}</div>
        </section>
    }
    .into_any()
}

fn group(card: CardView) -> impl IntoView {
    let id = card.id.clone();
    view! { <section class="of-6 group-card" aria-labelledby=id><Card card=card/></section> }
}
