//! Could the playbook have made this trace? Token replay: quicker and more forgiving than an alignment, which stays the
//! headline because it names the skipped step (methods.md 6).

use super::{playbook::Playbook, trace::Trace};
use crate::real::{count_of, real};
use domain::event_name::EventName;

/// Tokens moved in a replay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Made by steps that were taken.
    pub produced: u64,
    /// Used up by steps that were taken.
    pub consumed: u64,
    /// Needed by a step and not there.
    pub missing: u64,
    /// Left over at the end.
    pub remaining: u64,
}

impl Tokens {
    /// `½ (1 − missing / consumed) + ½ (1 − remaining / produced)`.
    #[must_use]
    pub fn fitness(self) -> f64 {
        let kept = |bad: u64, of: u64| if of == 0 { 1.0 } else { 1.0 - real(bad) / real(of) };
        0.5 * kept(self.missing, self.consumed) + 0.5 * kept(self.remaining, self.produced)
    }

    const fn joined(self, other: Self) -> Self {
        Self {
            produced: self.produced + other.produced,
            consumed: self.consumed + other.consumed,
            missing: self.missing + other.missing,
            remaining: self.remaining + other.remaining,
        }
    }
}

/// How well traces replay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replay {
    /// Mean over traces; `None` without any.
    pub mean: Option<f64>,
    /// On the sums of all tokens; `None` without any trace.
    pub of_log: Option<f64>,
}

/// Replays traces on a straight playbook; events foreign to it are not looked at.
#[must_use]
pub fn replay(playbook: &Playbook, traces: &[Trace]) -> Replay {
    let all: Vec<Tokens> = traces.iter().map(|trace| tokens(playbook.steps(), &trace.names)).collect();
    let sum: f64 = all.iter().map(|tokens| tokens.fitness()).sum();
    let joined = all.iter().fold(Tokens::default(), |all, one| all.joined(*one));
    let is_known = !traces.is_empty();
    Replay { mean: is_known.then(|| sum / real(count_of(traces.len()))), of_log: is_known.then(|| joined.fitness()) }
}

/// The tokens of one trace. Before each step lies a place and one more after the last; a token starts in the first and
/// has to end in the last.
#[must_use]
pub fn tokens(steps: &[Option<EventName>], names: &[EventName]) -> Tokens {
    let mut places = vec![0_u64; steps.len() + 1];
    let mut moved = Tokens::default();
    put(&mut places, 0, &mut moved);
    for name in names {
        // A step that stands there twice is taken where a token waits for it.
        let same = || steps.iter().enumerate().filter(|(_, step)| **step == Some(*name)).map(|(place, _)| place);
        let waiting = same().find(|place| places.get(*place).is_some_and(|tokens| *tokens > 0));
        if let Some(place) = waiting.or_else(|| same().next()) {
            take(&mut places, place, &mut moved);
            put(&mut places, place + 1, &mut moved);
        }
    }
    take(&mut places, steps.len(), &mut moved);
    moved.remaining = places.iter().sum();
    moved
}

fn put(places: &mut [u64], place: usize, moved: &mut Tokens) {
    if let Some(tokens) = places.get_mut(place) {
        *tokens += 1;
        moved.produced += 1;
    }
}

fn take(places: &mut [u64], place: usize, moved: &mut Tokens) {
    if let Some(tokens) = places.get_mut(place) {
        moved.consumed += 1;
        if *tokens == 0 {
            moved.missing += 1;
        } else {
            *tokens -= 1;
        }
    }
}
