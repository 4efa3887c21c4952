//! Where the time went: the life of an item cut at every event, each piece given one label.

use crate::{
    calendar::Calendar,
    fact::{Closure, Episode, Evidence, Situation, SlaRecord},
    label::{Label, LabelSeconds},
    time::Timestamp,
};

/// A stretch between two events, with what the item was doing and the record it did it in.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) doing: Doing,
    pub(super) record: Option<usize>,
}

/// [`Situation`] before the severity of its record is final: a record may be retargeted while it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Over,
    Untracked,
    Shut,
    Excepted,
    Paused,
    Active,
}

impl Doing {
    /// The situation once all events are known.
    pub(super) fn finally(self, records: &[SlaRecord], record: Option<usize>) -> Situation {
        match self {
            Self::Over => Situation::Over,
            Self::Untracked => Situation::Untracked,
            Self::Shut => Situation::Shut,
            Self::Excepted => Situation::Excepted,
            Self::Paused => Situation::Paused,
            Self::Active => record
                .and_then(|place| records.get(place))
                .map_or(Situation::Untracked, |record| Situation::Active(record.severity)),
        }
    }
}

/// A stretch of an episode in which every second has the same label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelledSpan {
    /// Its first second.
    pub from: Timestamp,
    /// Its end, left out.
    pub to: Timestamp,
    /// What its seconds were.
    pub label: Label,
}

/// The final lists that decide a label.
pub(super) struct Life<'a> {
    pub(super) episodes: &'a [Episode],
    pub(super) records: &'a [SlaRecord],
    pub(super) closures: &'a [Closure],
    pub(super) calendar: &'a Calendar,
}

impl Life<'_> {
    /// Labels every second of the pieces that lies inside an episode.
    pub(super) fn label(&self, pieces: &[Piece]) -> LabelSeconds {
        let mut labels = LabelSeconds::default();
        for piece in pieces {
            for episode in self.episodes {
                let from = piece.from.max(episode.start);
                let to = episode.end.map_or(piece.to, |end| piece.to.min(end.at));
                if to > from {
                    self.add(&mut labels, piece, episode, from, to);
                }
            }
        }
        labels
    }

    fn add(&self, labels: &mut LabelSeconds, piece: &Piece, episode: &Episode, from: Timestamp, to: Timestamp) {
        let length = to.since(from);
        match piece.doing.finally(self.records, piece.record) {
            Situation::Over => labels.add(Label::RecurrenceGap, length),
            Situation::Untracked => labels.add(Label::Untracked, length),
            Situation::Excepted => labels.add(Label::Exception, length),
            Situation::Paused => labels.add(Label::Paused, length),
            Situation::Shut => labels.add(self.label_of_shut(piece, episode), length),
            Situation::Active(severity) => {
                let on_clock = self.calendar.working_seconds(severity, from, to);
                labels.add(self.label_of_active(piece), on_clock);
                labels.add(Label::OffCalendar, length.saturating_sub(on_clock));
            }
        }
    }

    /// The same labels laid out in time: oldest first, neighbours of one label joined.
    pub(super) fn spans(&self, pieces: &[Piece]) -> Vec<LabelledSpan> {
        let mut spans = Vec::new();
        for piece in pieces {
            for episode in self.episodes {
                let from = piece.from.max(episode.start);
                let to = episode.end.map_or(piece.to, |end| piece.to.min(end.at));
                if to > from {
                    self.lay_out(&mut spans, piece, episode, from, to);
                }
            }
        }
        spans
    }

    fn lay_out(&self, spans: &mut Vec<LabelledSpan>, piece: &Piece, episode: &Episode, from: Timestamp, to: Timestamp) {
        let whole = |label| LabelledSpan { from, to, label };
        match piece.doing.finally(self.records, piece.record) {
            Situation::Over => push(spans, whole(Label::RecurrenceGap)),
            Situation::Untracked => push(spans, whole(Label::Untracked)),
            Situation::Excepted => push(spans, whole(Label::Exception)),
            Situation::Paused => push(spans, whole(Label::Paused)),
            Situation::Shut => push(spans, whole(self.label_of_shut(piece, episode))),
            Situation::Active(severity) => {
                let on_clock = self.label_of_active(piece);
                let mut since = from;
                for (open, close) in self.calendar.working_spans(severity, from, to) {
                    push(spans, LabelledSpan { from: since, to: open, label: Label::OffCalendar });
                    push(spans, LabelledSpan { from: open, to: close, label: on_clock });
                    since = close;
                }
                push(spans, LabelledSpan { from: since, to, label: Label::OffCalendar });
            }
        }
    }

    fn label_of_active(&self, piece: &Piece) -> Label {
        let is_last = piece.record.is_some_and(|place| self.records.len().checked_sub(1) == Some(place));
        if is_last { Label::OnClockFinal } else { Label::OnClockReset }
    }

    fn label_of_shut(&self, piece: &Piece, episode: &Episode) -> Label {
        let seen_again_later = |closure: &Closure| closure.seen_again.is_some_and(|seen_again| seen_again >= piece.to);
        if self.closures.iter().any(seen_again_later) {
            Label::FalselyClosed
        } else if episode.end.is_some_and(|end| end.evidence == Evidence::Verified) {
            Label::AwaitingVerification
        } else {
            Label::ClosedUnverified
        }
    }
}

/// Adds a span, joined to the one before where that ends in it with the same label; an empty one is left out.
fn push(spans: &mut Vec<LabelledSpan>, span: LabelledSpan) {
    if span.to <= span.from {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.label == span.label && last.to == span.from => last.to = span.to,
        Some(_) | None => spans.push(span),
    }
}
