//! The answer of the page `clocks`.

use metrics::answer::Answer;
use service::question::clocks::{Clocks, CurveAnswer};

use super::answer::{bracketed, days, days_figure, days_range, not_reached, share, share_figure, share_interval_words};
use super::asking::{Asking, told};
use super::chart::{Widths, drawn};
use super::clocks_curve::model;
use super::clocks_groups::cards;
use crate::components::{EmptyView, FigureView, Shown, Side, TabView};
use crate::error::UiError;
use crate::filter::{Grouping, ItemSet, ItemState};
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
            explain: asking.explain(
                "Share of spells of weakness still there, by age since the first evidence; those still open count for as long as they have been watched.",
                format::counted(clocks.strict.rows, "spell", "spells"),
                "90 % band from 400 draws, in which whatever ended together is drawn together",
                "false positives, and spells that were over before the window began",
            ),
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

/// The share still open at one of the ages that are always read off.
fn open_at(curve: &CurveAnswer, age: i64) -> Answer<f64> {
    curve.open_share.iter().find(|(days, _)| *days == age).map_or(Answer::plain(None, 0), |(_, share)| *share)
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
    Sentence::plain(format!(
        "n = {} spells: {} ended, {} still open. Items: ",
        format::count(clocks.strict.rows),
        format::count(ended),
        format::count(clocks.strict.rows - ended),
    ))
    .link("ended", asking.items(|filter| filter.state = Some(ItemState::Ended)))
    .and(", ")
    .link("still open", asking.set(ItemSet::StillOpen))
    .and(format!(". Shaded: strict to lenient. Darker: 90\u{202f}% band. Ages enter when first watched.{from}"))
}

fn strip(asking: &Asking, clocks: &Clocks) -> Vec<FigureView> {
    let (strict, lenient) = (&clocks.strict, &clocks.lenient);
    let over = clocks
        .promised_mean
        .zip(strict.median.value())
        .map_or_else(String::new, |(promised, lived)| format!("; {:.1} times the promise", lived / promised));
    let median = FigureView {
        side: Side::Practice,
        ..days_figure("median, strict", &strict.median, None, format!("{}{over}", days_range(&strict.median)))
    };
    let quantile = |label: &str, strict: &Answer<f64>, lenient: &Answer<f64>| {
        days_figure(label, strict, None, format!("lenient {}", days(lenient)))
    };
    // A share of spells read off a curve has no list of items: nobody is "in" it.
    let open = |age: i64| {
        let (own, believed) = (open_at(strict, age), open_at(lenient, age));
        let label = format!("still there after {age} days");
        FigureView {
            explain: asking.explain(
                "The share of spells that lasted longer than this, read off the curve.",
                format::counted(strict.rows, "spell", "spells"),
                &share_interval_words(&own),
                "false positives",
            ),
            ..share_figure(&label, &own, None, format!("lenient {}", share(&believed)))
        }
    };
    vec![
        median,
        quantile("p75, strict", &strict.p75, &lenient.p75),
        quantile("p90, strict", &strict.p90, &lenient.p90),
        open(30),
        open(90),
        open(365),
    ]
}

fn means(asking: &Asking, clocks: &Clocks) -> Sentence {
    let strict = &clocks.strict;
    let horizon = &strict.mean_within_horizon;
    Sentence::plain(format!(
        "Mean time to an end, ended ones only: {} days. Mean over 365 days with open ones weighed in: {} days{}. The first leaves out ",
        days(&strict.mean_of_ended),
        days(horizon),
        bracketed(&days_range(horizon)),
    ))
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
