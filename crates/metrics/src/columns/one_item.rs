//! What is true of one item of the columns? The questions that filters and lists ask of its facts, asked again of what
//! the columns keep.

use super::{
    Columns,
    codes::Codes,
    compact::{Spell, State},
    items::ItemView,
    moment::{NEVER, unpacked, unpacked_if_any},
    running_clock::shown_clock,
};
use crate::{
    ledger::{Frame, ItemSet, ItemState},
    survival::row::Row,
};
use domain::{
    claim::Verdict,
    fact::{Cause, Situation},
    label::LabelSeconds,
    severity::Severity,
    time::Timestamp,
    view::{Verification, View},
};

/// The start of the last episode, if that is open in a mode.
pub(super) fn open_since(item: &ItemView<'_>, mode: Verification) -> Option<Timestamp> {
    let last = item.glimpse.last()?;
    let is_open = last.end == NEVER || (last.lenient && mode == Verification::Strict);
    is_open.then(|| unpacked(last.start))
}

/// Whether it is still there.
pub(super) fn state_of(item: &ItemView<'_>, mode: Verification) -> ItemState {
    match (open_since(item, mode), item.glimpse.standing_close()) {
        (Some(_), Some(_)) => ItemState::ClosedUnverified,
        (Some(_), None) => ItemState::Open,
        (None, _) => ItemState::Ended,
    }
}

/// Seconds under each label, the stretch since the last event included.
pub(super) fn labels(item: &ItemView<'_>, frame: &Frame<'_>, mode: Verification) -> LabelSeconds {
    let tail = domain::fact::Tail { since: unpacked(item.since), situation: item.state.situation() };
    let standing_close = item.glimpse.standing_close().map(unpacked);
    domain::fact::labels_at(item.glimpse.labels(), tail, standing_close, frame.view.as_of, mode, frame.calendar)
}

/// The severity of a code.
pub(super) fn severity(codes: Codes) -> Severity {
    u8::try_from(codes.severity()).ok().and_then(Severity::from_code).unwrap_or(Severity::Medium)
}

/// The row of a spell, as one of the two modes sees it.
pub(super) fn row_of(spell: &Spell, view: &View, mode: Verification) -> Option<Row> {
    let end = end_of(spell, mode);
    if end.is_some() && spell.cause == Cause::FalsePositive {
        return None;
    }
    Row::of(unpacked(spell.start), end, view)
}

/// Whether one of its episodes stands under the curve.
pub(super) fn is_watched(item: &ItemView<'_>, view: &View, mode: Verification) -> bool {
    item.glimpse.episodes().any(|spell| row_of(&spell, view, mode).is_some())
}

/// The end of its first episode.
pub(super) fn first_end(item: &ItemView<'_>, mode: Verification) -> Option<Timestamp> {
    end_of(&item.glimpse.first()?, mode)
}

/// The end of a spell, if there is one in a mode.
pub(super) fn end_of(spell: &Spell, mode: Verification) -> Option<Timestamp> {
    unpacked_if_any(spell.end).filter(|_| !spell.lenient || mode == Verification::Lenient)
}

/// Whether its class is left out of the report.
pub(super) fn is_excluded(columns: &Columns, item: &ItemView<'_>, frame: &Frame<'_>) -> bool {
    let class = columns.classes.word(columns.words_of(item).class).unwrap_or_default();
    frame.policy.excluded_classes.iter().any(|excluded| excluded == class)
}

/// Whether an item is in a set: the question of [`ItemSet::holds`], asked of the columns.
pub(super) fn holds(
    set: ItemSet,
    columns: &Columns,
    item: &ItemView<'_>,
    frame: &Frame<'_>,
    mode: Verification,
) -> bool {
    let is_open = || open_since(item, mode).is_some();
    let situation = item.state.situation();
    let due = || columns.items.beyond().get(&item.slot).and_then(|beyond| beyond.more.kev_due);
    let is_due = || due().is_some_and(|due| due < frame.view.as_of.seconds());
    let is_shown_in_time = || Some(shown_clock(&item.glimpse.running()?, frame).is_in_time());
    match set {
        ItemSet::StillOpen => is_open(),
        ItemSet::Reported => reported(columns, item, frame).0 > 0,
        ItemSet::ReportedMet => matches!(reported(columns, item, frame), (all, met) if all > 0 && all == met),
        ItemSet::ReportedLate => matches!(reported(columns, item, frame), (all, met) if met < all),
        ItemSet::Due => promise(item, frame, mode).is_some(),
        ItemSet::Kept => promise(item, frame, mode) == Some(true),
        ItemSet::Broken => promise(item, frame, mode) == Some(false),
        ItemSet::Overdue => {
            let promised = frame.policy.targets.get(severity(item.codes)).promised_seconds();
            open_since(item, mode).is_some_and(|start| frame.view.as_of.since(start) > promised)
        }
        ItemSet::NeverTouched => is_open() && !item.state.has(State::TOUCHED),
        ItemSet::Exempt => situation == Situation::Excepted,
        ItemSet::Paused => situation == Situation::Paused,
        ItemSet::Untracked => situation == Situation::Untracked,
        ItemSet::SeenAgain => item.state.has(State::SEEN_AGAIN),
        ItemSet::Excluded => is_excluded(columns, item, frame),
        ItemSet::Exploited => due().is_some(),
        ItemSet::ExploitedDue => is_due(),
        ItemSet::ExploitedMet => {
            is_due() && first_end(item, mode).zip(due()).is_some_and(|(end, due)| end.seconds() <= due)
        }
        ItemSet::OriginImputed => item.state.has(State::IMPUTED),
        ItemSet::Watched => is_watched(item, &frame.view, mode),
        ItemSet::ClockRuns => item.glimpse.clock().is_some(),
        ItemSet::ShownInTime => is_shown_in_time() == Some(true),
        ItemSet::ShownLate => is_shown_in_time() == Some(false),
        ItemSet::ToolJudged => matches!(item.state.verdict(), Some(Verdict::Met | Verdict::Breached)),
        ItemSet::ToolMet => item.state.verdict() == Some(Verdict::Met),
        ItemSet::ToolBreached => item.state.verdict() == Some(Verdict::Breached),
        ItemSet::ToolRunning => item.state.verdict() == Some(Verdict::Running),
    }
}

/// Records in the report, and those of them that count as met.
fn reported(columns: &Columns, item: &ItemView<'_>, frame: &Frame<'_>) -> (u32, u32) {
    if is_excluded(columns, item, frame) {
        return (0, 0);
    }
    let (records, _) = columns.items.records(item);
    let exempt = if frame.policy.exception_is_compliant { records.exempt.iter().sum() } else { 0 };
    (records.closed.iter().sum::<u32>() + exempt, records.met.iter().sum::<u32>() + exempt)
}

/// Whether the promise was kept, if its day came inside the view.
pub(super) fn promise(item: &ItemView<'_>, frame: &Frame<'_>, mode: Verification) -> Option<bool> {
    let (first, last) = (item.glimpse.first()?, item.glimpse.last()?);
    let origin = unpacked(first.start);
    let due = origin.plus(frame.policy.targets.get(severity(item.codes)).promised_seconds());
    let never_real = last.end != NEVER && last.cause == Cause::FalsePositive;
    if never_real || origin < frame.view.observed_from || due >= frame.view.as_of {
        return None;
    }
    Some(first_end(item, mode).is_some_and(|end| end <= due))
}
