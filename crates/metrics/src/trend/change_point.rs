//! Since when is a share another one? The split of a series that makes it most likely, against splits of the same weeks
//! in drawn orders (methods.md 7).

use crate::{
    bootstrap::draw::Draws,
    real::{count_of, real},
    share::Share,
};

/// Places on each side of a split, at least.
pub const SIDE_MIN: usize = 4;
/// Drawn orders.
pub const ORDERS: u64 = 999;
/// What orders may differ by and still count as equal: sums are rounded.
const TOLERANCE: f64 = 1e-9;

/// The most likely split.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangePoint {
    /// The first place after it, from 0.
    pub place: usize,
    /// The share before.
    pub before: Share,
    /// The share from there on.
    pub after: Share,
    /// How often drawn orders of the same weeks split as clearly.
    pub p: f64,
}

/// The change point of a series of shares, oldest first; `None` where it is too short or never varies. `id` names whose
/// series it is: the drawn orders follow from it.
#[must_use]
pub fn change_point(series: &[Share], id: &str) -> Option<ChangePoint> {
    let (place, gain) = best_split(series)?;
    if gain <= TOLERANCE {
        return None;
    }
    let draws = Draws::of("change_point", id);
    let mut as_clear = 0;
    for order in 0..ORDERS {
        let shuffled = draws.shuffled(order * count_of(series.len()), series.len());
        let drawn: Vec<Share> = shuffled.iter().filter_map(|place| series.get(*place)).copied().collect();
        as_clear += u64::from(best_split(&drawn).is_some_and(|(_, other)| other >= gain - TOLERANCE));
    }
    let (before, after) = series.split_at_checked(place)?;
    Some(ChangePoint { place, before: sum(before), after: sum(after), p: real(as_clear + 1) / real(ORDERS + 1) })
}

fn sum(series: &[Share]) -> Share {
    series.iter().fold(Share::default(), |all, one| all.joined(*one))
}

/// The split that gains most over no split, and what it gains (log-likelihood); the earliest of equals.
fn best_split(series: &[Share]) -> Option<(usize, f64)> {
    let last = series.len().checked_sub(SIDE_MIN)?;
    let all = sum(series);
    let whole = log_likelihood(all);
    let mut before = Share::default();
    let mut best: Option<(usize, f64)> = None;
    for (place, one) in (1..).zip(series) {
        before = before.joined(*one);
        if place < SIDE_MIN || place > last {
            continue;
        }
        let after = Share::new(all.part() - before.part(), all.of() - before.of()).unwrap_or_default();
        let gain = log_likelihood(before) + log_likelihood(after) - whole;
        if best.is_none_or(|(_, other)| gain > other + TOLERANCE) {
            best = Some((place, gain));
        }
    }
    best
}

/// The log-likelihood of a share at its own value.
fn log_likelihood(share: Share) -> f64 {
    let (yes, no, all) = (share.part(), share.of() - share.part(), share.of());
    let term = |count: u64| if count == 0 { 0.0 } else { real(count) * libm::log(real(count) / real(all)) };
    term(yes) + term(no)
}
