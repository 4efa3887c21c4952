//! received = accepted + duplicate + quarantined.

use leptos::either::Either;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The four counts as written, each with its list where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquationView {
    pub received: String,
    pub accepted: String,
    pub duplicate: String,
    pub quarantined: String,
    /// Where the accepted and the quarantined lines are listed.
    pub accepted_href: Option<String>,
    pub quarantined_href: Option<String>,
}

/// The ledger equation with its numbers.
#[component]
pub fn Equation(equation: EquationView) -> impl IntoView {
    view! {
        <div class="equation">
            {term("", equation.received, "received", "", None)}
            {term("=", equation.accepted, "accepted", "", equation.accepted_href)}
            {term("+", equation.duplicate, "duplicate", ", already known word for word", None)}
            {term("+", equation.quarantined, "quarantined", ", kept with its raw line", equation.quarantined_href)}
        </div>
    }
    .into_any()
}

fn term(
    sign: &'static str,
    amount: String,
    word: &'static str,
    rest: &'static str,
    href: Option<String>,
) -> impl IntoView {
    let word = match href {
        Some(href) => Either::Left(view! { <a href=href>{word}</a> }),
        None => Either::Right(word),
    };
    view! {
        <div><span class="sign">{sign}</span><span class="amount">{amount}</span><span class="what">{word}{rest}</span></div>
    }
    .into_any()
}
