//! How large is each way in which a report can look better than the truth? Eighteen of them, each with its sizes and what
//! they are taken over, or why there is none (methods.md 4).
//!
//! A pause is waiting and an exception a decision: nothing here says more than what the ticket tool did not count.

pub mod bunching;
pub mod density;
pub mod downgrades;
pub mod exceptions;
pub mod ground;
pub mod grouping;
pub mod near_deadline;
pub mod paper_retirement;
pub mod period_end;
pub mod report;
pub mod size;
pub mod time;
pub mod weighted;

use ground::Ground;
use size::Size;

/// Every size of every distortion, in the order of their numbers.
#[must_use]
pub fn all(ground: &Ground<'_>) -> Vec<Size> {
    let parts: [fn(&Ground<'_>) -> Vec<Size>; 18] = [
        report::open_overdue,
        time::pauses,
        time::resets,
        downgrades::downgrades,
        period_end::period_end,
        report::seen_again,
        time::ticket_lag,
        exceptions::exceptions,
        report::bunched,
        weighted::excluded,
        time::off_calendar,
        grouping::grouping,
        report::means,
        report::survivors,
        near_deadline::near_deadline,
        paper_retirement::paper_retirement,
        weighted::by_risk,
        report::records_an_item,
    ];
    parts.into_iter().flat_map(|part| part(ground)).collect()
}
