//! Beside the answer: what the SLA report leaves out.

use metrics::ledger::ItemSet as LedgerSet;
use service::question::gap::Gap;

use super::answer::{bracketed, share, share_range};
use super::asking::Asking;
use super::explained_gap::size;
use crate::components::{RailRow, RailView};
use crate::filter::ItemSet;
use crate::format;
use crate::sentence::Sentence;

/// Two groups of numbers, each with the list of its items.
pub(crate) fn rail(asking: &Asking, gap: &Gap) -> Vec<RailView> {
    let size = |wanted: LedgerSet| size(gap, wanted);
    let open = size(LedgerSet::StillOpen);
    let of_open = |part: u64| part_of(part, open, "of the open");
    let all = gap.basis.items;
    let of_all = |part: u64| part_of(part, all, "of all items");
    let row = |set: ItemSet, number: u64, words: &str, note: String, metric: &str| RailRow {
        number: Sentence::default().link(format::count(number), asking.set(set)),
        words: Sentence::plain(words),
        note,
        explain: asking.explanation(metric),
    };
    let mean_age =
        gap.flow.mean_open_age_days.map_or_else(String::new, |days| format!("mean age {} days", format::days(days)));
    let (overdue, untouched) = (size(LedgerSet::Overdue), size(LedgerSet::NeverTouched));
    let (exempt, excluded) = (size(LedgerSet::Exempt), size(LedgerSet::Excluded));
    let open_rows = vec![
        row(ItemSet::StillOpen, open, "still open", mean_age, "backlog_open"),
        row(ItemSet::Overdue, overdue, "open for longer than promised", of_open(overdue), "backlog_past_promised"),
        row(ItemSet::NeverTouched, untouched, "never touched", of_open(untouched), "backlog_never_touched"),
        row(ItemSet::Exempt, exempt, "under an exception", of_all(exempt), "items_exempt"),
        row(ItemSet::Excluded, excluded, "left out by class", of_all(excluded), "items_excluded"),
    ];
    vec![
        RailView { title: "Not in the SLA report".to_owned(), rows: open_rows },
        RailView { title: "Closed is not gone".to_owned(), rows: closed_rows(asking, gap, size(LedgerSet::SeenAgain)) },
    ]
}

fn closed_rows(asking: &Asking, gap: &Gap, seen_again: u64) -> Vec<RailRow> {
    let left_out = &gap.left_out;
    let again = RailRow {
        number: Sentence::default().link(format::count(seen_again), asking.set(ItemSet::SeenAgain)),
        words: Sentence::plain("closed and seen again"),
        note: format!(
            "{} of {}",
            format::count(left_out.closures_seen_again),
            format::counted(left_out.closures, "closure", "closures")
        ),
        explain: asking.explanation("items_seen_again"),
    };
    let in_90 = &left_out.seen_again_in_90_days;
    let within = RailRow {
        number: Sentence::default().link(share(in_90), asking.set(ItemSet::SeenAgain)),
        words: Sentence::plain("of closures seen again within 90 days"),
        note: bracketed(&share_range(in_90)).trim().to_owned(),
        explain: asking.explanation("recurrence_90"),
    };
    let due = left_out.exploited_on_time;
    let exploited = RailRow {
        number: Sentence::default()
            .link(format::count(due.part()), asking.set(ItemSet::ExploitedMet))
            .and(" of ")
            .link(format::count(due.of()), asking.set(ItemSet::ExploitedDue)),
        words: Sentence::plain("exploited ones gone by their outside deadline"),
        note: gap.catalogue.as_ref().map_or_else(String::new, |feed| format!("KEV catalogue of {}", feed.published_on)),
        explain: asking.explanation("kev_on_time"),
    };
    vec![again, within, exploited]
}

fn part_of(part: u64, whole: u64, of_what: &str) -> String {
    metrics::real::ratio(part, whole).map_or_else(String::new, |ratio| format!("{} {of_what}", format::share(ratio)))
}
