//! What does the ticket tool itself say? Its own verdicts, beside what the report makes of the same tickets.

use domain::claim::{Claim, Verdict};
use domain::time::Timestamp;
use metrics::real::days as in_days;
use service::question::gap::Gap;
use service::question::item::ItemDetail;

use super::answer::{bracketed, share, share_range};
use super::asking::Asking;
use super::explained::{About, count_plain};
use crate::filter::ItemSet;
use crate::format;
use crate::pages::item::{ClaimRow, ClaimTable};
use crate::sentence::Sentence;

/// The figure in one sentence, each count with its list; empty where no feed carries the tool's word.
pub(crate) fn sentence(asking: &Asking, gap: &Gap) -> Sentence {
    let verdicts = gap.verdicts;
    if verdicts.items() == 0 {
        return Sentence::default();
    }
    let judged = verdicts.judged();
    let told = Sentence::plain("The ticket tool's own word: ")
        .link(share(&gap.claimed), asking.explanation("sla_reported_percent"))
        .and(format!("{}, met for ", bracketed(&share_range(&gap.claimed))))
        .link(format::count(judged.part()), asking.set(ItemSet::ToolMet))
        .and(" of ")
        .link(format::counted(judged.of(), "item", "items"), asking.set(ItemSet::ToolJudged))
        .and(" it has judged");
    if verdicts.running == 0 {
        return told.and(".");
    }
    let running = format::counted(verdicts.running, "item", "items");
    told.and("; its promise still stands for ").link(running, asking.set(ItemSet::ToolRunning)).and(".")
}

/// What that figure rests on.
pub(crate) fn about<'a>(asking: &Asking, gap: &Gap, metric: &str) -> Option<About<'a>> {
    (metric == "sla_reported_percent").then(|| About {
        value: format!("{}{}", share(&gap.claimed), bracketed(&share_range(&gap.claimed))),
        counts: vec![
            asking.count_in(ItemSet::ToolMet, gap.verdicts.met),
            asking.count_in(ItemSet::ToolJudged, gap.verdicts.judged().of()),
            asking.count_in(ItemSet::ToolBreached, gap.verdicts.breached),
            asking.count_in(ItemSet::ToolRunning, gap.verdicts.running),
            count_plain(gap.verdicts.no_promise, "items the tool has promised nothing for"),
        ],
        interval: "90 %, Wilson".to_owned(),
        exclusions: "items whose promise still stands, items without one, and items the tool says nothing of",
        caveat: "The tool's word as its feed carries it: a flag that turned late, or was put right afterwards, says so here."
            .to_owned(),
    })
}

/// Everything the tool said of one item, and its last word beside the product's own record.
pub(crate) fn table(detail: &ItemDetail) -> Option<ClaimTable> {
    let last = detail.facts.claim()?;
    let tool = last.verdict.map_or("gives no verdict", words);
    let title = format!("The ticket tool itself {tool}; {}.", own(detail));
    let rows = detail.facts.claims.iter().map(|(at, claim)| row(*at, *claim)).collect();
    Some(ClaimTable { title, rows })
}

const fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "says met",
        Verdict::Breached => "says breached",
        Verdict::Running => "says that its promise still stands",
        Verdict::NoPromise => "promises nothing",
    }
}

/// What the record kept here says of the same ticket.
fn own(detail: &ItemDetail) -> &'static str {
    match (detail.row.shown, detail.row.reported.and_then(|reported| reported.met)) {
        (Some(clock), _) if clock.is_in_time() => "by the policy it runs in time",
        (Some(_), _) => "by the policy it runs late",
        (None, Some(true)) => "by the policy it is met",
        (None, Some(false)) => "by the policy it is late",
        (None, None) => "by the policy it is in no report",
    }
}

fn row(at: Timestamp, claim: Claim) -> ClaimRow {
    let absent = || "–".to_owned();
    ClaimRow {
        since: format::date(at),
        verdict: claim.verdict.map_or_else(absent, |verdict| verdict.as_str().to_owned()),
        due: claim.due.map_or_else(absent, format::date),
        counted: claim.seconds.map_or_else(absent, |seconds| format::days_in_words(in_days(seconds))),
    }
}
