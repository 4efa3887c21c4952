//! A number that says what it is.

use leptos::either::Either;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Explain, ExplainView, Mark};

/// Whether a figure is a claim or proven; most are neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Paper,
    Practice,
    #[default]
    Neither,
}

impl Side {
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Paper => "figure paper",
            Self::Practice => "figure practice",
            Self::Neither => "figure",
        }
    }
}

/// The value, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FigureValue {
    /// A number already written, its unit, and the list of its items.
    Known { text: String, unit: String, href: Option<String> },
    /// `not reached`, `too few (n = 4, needs 10)`, `no evidence`.
    Words(String),
}

/// A figure with its short small print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureView {
    pub label: String,
    pub value: FigureValue,
    /// n, window, interval.
    pub note: String,
    pub side: Side,
    pub explain: Option<ExplainView>,
}

/// Label, value, small print, and the long print folded away.
#[component]
pub fn Figure(
    figure: FigureView,
    /// Whether the label stands over the value, as in the pair, or under it.
    #[prop(optional)]
    label_first: LabelFirst,
) -> impl IntoView {
    let label = view! { <p class="figure-label"><Mark side=figure.side/>{figure.label}</p> };
    let value = match figure.value {
        FigureValue::Words(words) => Either::Left(view! { <p class="figure-value words">{words}</p> }),
        FigureValue::Known { text, unit, href } => {
            let number = match href {
                Some(href) => Either::Left(view! { <a href=href>{text}</a> }),
                None => Either::Right(text),
            };
            let unit = (!unit.is_empty()).then(|| view! { " "<small>{unit}</small> });
            Either::Right(view! { <p class="figure-value">{number}{unit}</p> })
        }
    };
    let top = match label_first {
        LabelFirst::Yes => Either::Left(view! { {label}{value} }),
        LabelFirst::No => Either::Right(view! { {value}{label} }),
    };
    view! {
        <div class=figure.side.class()>
            {top}
            <p class="figure-note">{figure.note}</p>
            {figure.explain.map(|explain| view! { <Explain explain=explain/> })}
        </div>
    }
    .into_any()
}

/// Where a figure's label stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelFirst {
    Yes,
    #[default]
    No,
}
