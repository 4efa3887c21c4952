//! How does a moment fit into four bytes? Whole seconds since 2000-01-01, which lasts until 2136.

use domain::time::Timestamp;

/// 2000-01-01T00:00:00Z: what lies before is refused where events are read.
const FIRST_SECOND: i64 = 946_684_800;

/// Stands for "not yet" where an end should be.
pub(crate) const NEVER: u32 = u32::MAX;

/// The moment in four bytes, or `None` where it does not fit.
pub(crate) fn packed(moment: Timestamp) -> Option<u32> {
    u32::try_from(moment.seconds().checked_sub(FIRST_SECOND)?).ok().filter(|seconds| *seconds != NEVER)
}

/// The same, and [`NEVER`] for what has not happened.
pub(crate) fn packed_or_never(moment: Option<Timestamp>) -> Option<u32> {
    moment.map_or(Some(NEVER), packed)
}

/// Seconds since 2000 of any moment: the ends of a view may lie where no event can.
pub(crate) const fn since_2000(moment: Timestamp) -> i64 {
    moment.seconds().saturating_sub(FIRST_SECOND)
}

/// The moment of packed seconds.
pub(crate) fn unpacked(seconds: u32) -> Timestamp {
    Timestamp::from_seconds(FIRST_SECOND + i64::from(seconds))
}

/// The moment of packed seconds, if there is one.
pub(crate) fn unpacked_if_any(seconds: u32) -> Option<Timestamp> {
    (seconds != NEVER).then(|| unpacked(seconds))
}
