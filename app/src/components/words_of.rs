//! A sentence with its numbers as links.

use leptos::either::EitherOf6;
use leptos::prelude::*;

use crate::sentence::{Piece, Sentence};

/// The pieces of a sentence, one after the other.
#[component]
pub fn WordsOf(sentence: Sentence) -> impl IntoView {
    sentence
        .0
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(words) => EitherOf6::A(words),
            Piece::Strong(words) => EitherOf6::B(view! { <b>{words}</b> }),
            Piece::Muted(words) => EitherOf6::C(view! { <span class="muted">{words}</span> }),
            Piece::Paper(words) => EitherOf6::D(view! { <span class="on-paper-text">{words}</span> }),
            Piece::Practice(words) => EitherOf6::E(view! { <span class="in-practice">{words}</span> }),
            Piece::Link { words, href } => EitherOf6::F(view! { <a href=href>{words}</a> }),
        })
        .collect_view()
}
