//! The layout of the page.

use leptos::either::Either;
use leptos::prelude::*;

use super::view::{DaysView, GapBody, GapProof, GapView};
use crate::components::{
    Card, CardView, Chart, EmptyState, FigureList, PageHead, PairFigure, Rail, SectionHead, WordsOf,
};
use crate::place::Place;

/// The pair, what the report leaves out, where the time went, the trend, the days.
#[component]
pub fn GapContent(view: GapView) -> impl IntoView {
    let body = match view.body {
        GapBody::Empty(empty) => Either::Left(view! { <EmptyState empty=empty/> }),
        GapBody::Full(proof) => Either::Right(proof_of(*proof)),
    };
    view! { <PageHead question=Place::Gap.question().into() answer=view.answer/>{body} }.into_any()
}

fn proof_of(proof: GapProof) -> impl IntoView {
    let difference = (!proof.difference.is_empty())
        .then(|| view! { <p class="difference"><WordsOf sentence=proof.difference/></p> });
    view! {
        <div class="grid">
            <section class="of-9 gap-pair" aria-label="The pair">
                <PairFigure paper=proof.paper claimed=proof.claimed practice=proof.practice/>
                {proof.pair.map(|chart| view! { <Chart chart=chart/> })}
                {difference}
            </section>
            <Rail groups=proof.rail/>
        </div>
        {card(proof.split)}
        {card(proof.trend)}
        {days(proof.days)}
    }
    .into_any()
}

fn card(card: CardView) -> impl IntoView {
    let id = card.id.clone();
    view! { <section class="section" aria-labelledby=id><Card card=card/></section> }
}

fn days(days: DaysView) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="days">
            <SectionHead id="days".to_owned() title=days.title note=days.note/>
            <FigureList figures=days.figures/>
        </section>
    }
    .into_any()
}
