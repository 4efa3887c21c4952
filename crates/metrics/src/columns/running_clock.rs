//! What does the ticket tool show of a clock that runs? In time or late, at the end of a view.

use super::{
    compact::Running,
    moment::{NEVER, since_2000, unpacked},
};
use crate::{ledger::Frame, sla::ShownClock};
use domain::severity::Severity;

/// A running clock as the tool shows it at the end of the view.
pub(super) fn shown_clock(running: &Running, frame: &Frame<'_>) -> ShownClock {
    let as_of = frame.view.as_of;
    let worked = |from, to| frame.calendar.working_seconds(running.severity, from, to);
    let until = |end: u32| if end == NEVER { as_of } else { unpacked(end) };
    let paused: i64 = running.pauses.iter().map(|(from, to)| worked(unpacked(*from), until(*to))).sum();
    ShownClock {
        elapsed_seconds: worked(unpacked(running.start), as_of) - paused,
        target_seconds: frame.policy.targets.get(running.severity).seconds,
    }
}

/// The earliest start, in seconds since 2000, of a clock that never paused and is still shown in time, by the code of
/// its severity: an earlier start has worked no less, so one comparison a clock is enough.
#[derive(Clone, Copy, Debug)]
pub(super) struct InTimeFrom([i64; Severity::ALL.len()]);

impl InTimeFrom {
    pub(super) fn of(frame: &Frame<'_>) -> Self {
        Self(Severity::ALL.map(|severity| {
            let is_in_time =
                |start: u32| shown_clock(&Running { start, severity, pauses: Vec::new() }, frame).is_in_time();
            let (mut late, mut in_time) = (0_u32, u32::try_from(since_2000(frame.view.as_of)).unwrap_or_default());
            while late < in_time {
                let middle = late.midpoint(in_time);
                if is_in_time(middle) {
                    in_time = middle;
                } else {
                    late = middle + 1;
                }
            }
            i64::from(in_time)
        }))
    }

    /// Whether a clock that never paused is shown in time.
    pub(super) fn holds(&self, start: u32, severity: Severity) -> bool {
        self.0.get(usize::from(severity.code())).is_some_and(|from| i64::from(start) >= *from)
    }
}
