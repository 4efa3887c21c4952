//! The answer of the page `clocks`.

use domain::view::Verification;
use metrics::answer::Answer;
use service::question::clocks::Clocks;

use super::answer::{bracketed, days, days_figure, days_range, not_reached, share, share_figure};
use super::asking::{Asking, told};
use super::chart::{Widths, drawn};
use super::clocks_curve::model;
use super::clocks_groups::cards;
use super::explained_clocks::{OPEN_AGES, explained, open_at};
use crate::components::{EmptyView, FigureView, Shown, Side, TabView};
use crate::error::UiError;
use crate::filter::{Grouping, ItemSet};
use crate::format;
use crate::pages::clocks::{ClocksBody, ClocksProof, ClocksView};
use crate::sentence::Sentence;
use crate::words::clocks as words;
use render::chart::survival;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<ClocksView, UiError> {
    let asking = Asking::of(query).await?;
    let clocks = asking.services.clocks(&asking.caller, &asking.ask).await.map_err(told)?;
    if clocks.strict.rows == 0 {
        return Ok(empty());
    }
    Ok(ClocksView {
        answer: answer(&clocks),
        body: ClocksBody::Full(Box::new(ClocksProof {
            survival: Shown::Ready(drawn(&model(&clocks), survival, Widths::FULL)),
            caption: caption(&asking, &clocks),
            explain: explained(&asking, &clocks, "wall_open_share"),
            strip: strip(&asking, &clocks),
            means: means(&asking, &clocks),
            comparisons: Grouping::all().map(|by| tab(&asking, by)).collect(),
            groups: cards(&asking, &clocks),
        })),
    })
}

fn empty() -> ClocksView {
    let steps =
        vec![Sentence::default().link("Import a file", "/sources#import").and(" with events of at least one item.")];
    ClocksView {
        answer: vec![words::EMPTY_TITLE.to_owned()],
        body: ClocksBody::Empty(EmptyView {
            title: "What this page needs".to_owned(),
            why: "A clock starts at the first evidence of a weakness.".to_owned(),
            steps,
        }),
    }
}

fn answer(clocks: &Clocks) -> Vec<String> {
    let median = &clocks.strict.median;
    let half = match median {
        Answer::Known { value, .. } => {
            format!(
                "Half of all weaknesses live longer than {} days{}.",
                format::days(*value),
                bracketed(&days_range(median))
            )
        }
        Answer::Unknown(_) => not_reached(median, "half").map_or_else(
            || format!("How long weaknesses live cannot be said yet: {}.", days(median)),
            |words| format!("{}.", format::capitalised(&words)),
        ),
    };
    let year = open_at(&clocks.strict, 365);
    let outlive = year.value().map(|open| format!("{} outlive a year.", format::share(open)));
    std::iter::once(half).chain(outlive).collect()
}

fn caption(asking: &Asking, clocks: &Clocks) -> Sentence {
    let ended = clocks.strict.ended;
    let from = clocks.strict.conditional_from.map_or_else(String::new, |days| {
        format!(" Too few were watched before day {}: the curve is told from there on.", format::days(days))
    });
    Sentence::plain(format!("n = {} spells of ", format::count(clocks.strict.rows)))
        .link(format::counted(clocks.watched.strict, "item", "items"), asking.watched(Verification::Strict))
        .and(format!(": {} ended, {} still open", format::count(ended), format::count(clocks.strict.rows - ended)))
        .and(format!(". Shaded: strict to lenient. Darker: 90\u{202f}% band. Ages enter when first watched.{from}"))
}

fn strip(asking: &Asking, clocks: &Clocks) -> Vec<FigureView> {
    let (strict, lenient) = (&clocks.strict, &clocks.lenient);
    let over = clocks
        .promised_mean
        .zip(strict.median.value())
        .map_or_else(String::new, |(promised, lived)| format!("; {:.1} times the promise", lived / promised));
    // What is read off a curve rests on every item under it: nobody is "in" a quantile.
    let watched = || Some(asking.watched(Verification::Strict));
    let median = FigureView {
        side: Side::Practice,
        explain: explained(asking, clocks, "wall_median_strict"),
        ..days_figure("median, strict", &strict.median, watched(), format!("{}{over}", days_range(&strict.median)))
    };
    let quantile = |label: &str, metric: &str, strict: &Answer<f64>, lenient: &Answer<f64>| FigureView {
        explain: explained(asking, clocks, metric),
        ..days_figure(label, strict, watched(), format!("lenient {}", days(lenient)))
    };
    let open = |age: i64| FigureView {
        explain: explained(asking, clocks, "wall_open_share"),
        ..share_figure(
            &format!("still there after {age} days"),
            &open_at(strict, age),
            watched(),
            format!("lenient {}", share(&open_at(lenient, age))),
        )
    };
    let quantiles = [
        median,
        quantile("p75, strict", "wall_p75", &strict.p75, &lenient.p75),
        quantile("p90, strict", "wall_p90", &strict.p90, &lenient.p90),
    ];
    quantiles.into_iter().chain(OPEN_AGES.map(open)).collect()
}

fn means(asking: &Asking, clocks: &Clocks) -> Sentence {
    let strict = &clocks.strict;
    let horizon = &strict.mean_within_horizon;
    Sentence::plain("Mean time to an end, ended ones only: ")
        .link(format!("{} days", days(&strict.mean_of_ended)), asking.explanation("mttr_closed"))
        .and(". Mean over 365 days with open ones weighed in: ")
        .link(format!("{} days", days(horizon)), asking.explanation("wall_rmst"))
        .and(format!("{}. The first leaves out ", bracketed(&days_range(horizon))))
        .link("those that are still open", asking.set(ItemSet::StillOpen))
        .and(", so it falls when old ones are left lying.")
}

fn tab(asking: &Asking, by: Grouping) -> TabView {
    let mut filter = asking.filter.clone();
    filter.group = Some(by);
    TabView {
        words: by.shown().to_owned(),
        href: filter.address("/clocks"),
        is_current: asking.filter.group.unwrap_or(Grouping::Team) == by,
    }
}
