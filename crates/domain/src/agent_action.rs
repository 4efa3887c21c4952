//! What did an agent propose or do, and what became of it? One action is tied together by its `ref`.

use crate::{actor::ActorType, time::Timestamp};

/// What a proposal turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It was the right thing to do.
    Right,
    /// It was not.
    Wrong,
}

/// How dangerous an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Little can go wrong.
    Low,
    /// Much can.
    High,
}

/// How sure somebody is, in millionths: facts hold no fractions, so that equal facts are equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u32);

impl Confidence {
    /// All millionths of one.
    const WHOLE: u32 = 1_000_000;

    /// So many millionths; `None` above one.
    #[must_use]
    pub const fn of_millionths(millionths: u32) -> Option<Self> {
        if millionths <= Self::WHOLE { Some(Self(millionths)) } else { None }
    }

    /// A decimal number from `0` to `1`; rounded to six digits after the point. `None` for anything else.
    ///
    /// ```
    /// # use domain::agent_action::Confidence;
    /// assert_eq!(Confidence::parse("0.925").unwrap().millionths(), 925_000);
    /// assert_eq!(Confidence::parse("1.2"), None);
    /// ```
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let share: f64 = digits.parse().ok().filter(|share| (0.0..=1.0).contains(share))?;
        // The text of a number with six digits after the point holds the millionths as they are.
        let text = format!("{share:.6}");
        let (whole, rest) = text.split_once('.')?;
        let (whole, rest): (u32, u32) = (whole.parse().ok()?, rest.parse().ok()?);
        Self::of_millionths(whole.saturating_mul(Self::WHOLE).saturating_add(rest))
    }

    /// So many millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(Self::WHOLE)
    }
}

/// What an event says of an agent's action beside who did it and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionDetails {
    /// Which agent.
    pub agent: Option<Box<str>>,
    /// Its version.
    pub version: Option<Box<str>>,
    /// What it wants to do.
    pub action: Option<Box<str>>,
    /// How dangerous that is.
    pub impact: Option<Impact>,
    /// How sure the agent says it is.
    pub confidence: Option<Confidence>,
    /// Whether it was right, where that is known.
    pub truth: Option<Truth>,
    /// Whether a drill planted it.
    pub planted: bool,
    /// Whether it lies inside what the agent may do.
    pub in_scope: Option<bool>,
    /// Whether a guardrail stopped it.
    pub blocked: bool,
    /// Seconds somebody spent on judging it.
    pub review_seconds: Option<i64>,
    /// Seconds of work it claims to have saved.
    pub saved_seconds_claimed: Option<i64>,
    /// When the proposal lapses.
    pub expires_at: Option<Timestamp>,
}

impl ActionDetails {
    /// Takes what a later event adds: what was said first stays, but the truth is what was said last.
    pub fn absorb(&mut self, later: &Self) {
        self.agent = self.agent.take().or_else(|| later.agent.clone());
        self.version = self.version.take().or_else(|| later.version.clone());
        self.action = self.action.take().or_else(|| later.action.clone());
        self.impact = self.impact.or(later.impact);
        self.confidence = self.confidence.or(later.confidence);
        self.truth = later.truth.or(self.truth);
        self.planted |= later.planted;
        self.in_scope = self.in_scope.or(later.in_scope);
        self.blocked |= later.blocked;
        self.review_seconds = self.review_seconds.or(later.review_seconds);
        self.saved_seconds_claimed = self.saved_seconds_claimed.or(later.saved_seconds_claimed);
        self.expires_at = self.expires_at.or(later.expires_at);
    }
}

/// Which layers of business context an event names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContextLayers {
    /// Owner or identity.
    pub identity: bool,
    /// Dependency or criticality.
    pub dependency: bool,
    /// The change window.
    pub timing: bool,
}

impl ContextLayers {
    /// What either of the two names.
    #[must_use]
    pub const fn joined(self, other: Self) -> Self {
        Self {
            identity: self.identity || other.identity,
            dependency: self.dependency || other.dependency,
            timing: self.timing || other.timing,
        }
    }

    /// How many layers are known, 0 to 3.
    #[must_use]
    pub fn count(self) -> u8 {
        [self.identity, self.dependency, self.timing].map(u8::from).into_iter().fold(0, u8::saturating_add)
    }
}

/// The answer to a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// When.
    pub at: Timestamp,
    /// Whether it was allowed.
    pub accepted: bool,
    /// Who said so, where that is known.
    pub by: Option<Box<str>>,
    /// What they are.
    pub by_type: Option<ActorType>,
}

/// One action of an agent, from the proposal to what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentAction {
    /// What ties its events together; empty where the feed gave none.
    pub reference: Box<str>,
    /// What is said of it.
    pub details: ActionDetails,
    /// When it was proposed.
    pub proposed: Option<Timestamp>,
    /// The last answer before it was done, or the first one if none came before.
    pub verdict: Option<Verdict>,
    /// When the agent acted.
    pub executed: Option<Timestamp>,
    /// When it was first undone.
    pub reverted: Option<Timestamp>,
    /// When the weakness was first seen again after it.
    pub redetected: Option<Timestamp>,
    /// When something independent first saw the weakness gone after it.
    pub verified: Option<Timestamp>,
    /// Business context known at the verdict, or at the action where nobody was asked; `None` while neither has come.
    pub context: Option<ContextLayers>,
}

impl AgentAction {
    /// When it first turned out not to hold: undone, or the weakness seen again.
    #[must_use]
    pub fn undone(&self) -> Option<Timestamp> {
        self.reverted.into_iter().chain(self.redetected).min()
    }

    /// When the agent acted, unless a guardrail stopped it.
    #[must_use]
    pub fn done(&self) -> Option<Timestamp> {
        self.executed.filter(|_| !self.details.blocked)
    }

    /// Whether it was right: what is said of it, else wrong if somebody undid it, else not known.
    #[must_use]
    pub fn truth(&self) -> Option<Truth> {
        self.details.truth.or(self.reverted.map(|_| Truth::Wrong))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_a_share_in_millionths() {
        let millionths = |text| Confidence::parse(text).map(Confidence::millionths);
        assert_eq!([millionths("0"), millionths("1"), millionths("1.0")], [Some(0), Some(1_000_000), Some(1_000_000)]);
        assert_eq!([millionths("0.87"), millionths("8.7e-1")], [Some(870_000); 2]);
        for bad in ["", "-0.1", "1.000001", "NaN", "inf", "much"] {
            assert_eq!(millionths(bad), None, "{bad}");
        }
        assert_eq!(Confidence::of_millionths(1_000_001), None);
        assert!((Confidence::parse("0.25").map_or(0.0, Confidence::share) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn what_was_said_first_stays_but_for_the_truth() {
        let mut said =
            ActionDetails { impact: Some(Impact::High), truth: Some(Truth::Right), ..ActionDetails::default() };
        let later = ActionDetails {
            impact: Some(Impact::Low),
            truth: Some(Truth::Wrong),
            planted: true,
            review_seconds: Some(40),
            ..ActionDetails::default()
        };
        said.absorb(&later);
        assert_eq!((said.impact, said.truth), (Some(Impact::High), Some(Truth::Wrong)));
        assert_eq!((said.planted, said.review_seconds), (true, Some(40)));
        said.absorb(&ActionDetails::default());
        assert_eq!(said.truth, Some(Truth::Wrong), "silence takes nothing back");
    }

    #[test]
    fn layers_add_up_and_count() {
        let one = ContextLayers { identity: true, ..ContextLayers::default() };
        let other = ContextLayers { timing: true, ..ContextLayers::default() };
        assert_eq!((one.joined(other).count(), one.joined(one).count(), ContextLayers::default().count()), (2, 1, 0));
    }
}
