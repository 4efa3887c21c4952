//! What does the ticket tool itself say of its promise? Kept beside the product's own record, each word from the moment it
//! was said, and never an input of a clock.

use crate::{closed_list::closed_list, event::ItemEvent, fact::ItemFacts, time::Timestamp};

closed_list! {
    /// The tool's own verdict; codes are stored.
    Verdict {
        /// The promise was kept.
        Met = "met",
        /// It was broken, whether or not the ticket still runs.
        Breached = "breached",
        /// The ticket runs, and the promise stands.
        Running = "running",
        /// The tool has promised nothing.
        NoPromise = "none",
    }
}

impl std::str::FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|verdict| verdict.as_str() == text);
        found.ok_or_else(|| UnknownVerdict(text.to_owned()))
    }
}

/// A word that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown verdict `{0}`, expected met, breached, running or none")]
pub struct UnknownVerdict(pub String);

/// What the tool shows of one ticket at a moment; what it has not said by then is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Its verdict.
    pub verdict: Option<Verdict>,
    /// The end of its promise.
    pub due: Option<Timestamp>,
    /// The seconds it has counted.
    pub seconds: Option<i64>,
}

impl Claim {
    /// The same after more was said: what is not said again stands.
    #[must_use]
    pub fn then(self, said: Self) -> Self {
        Self {
            verdict: said.verdict.or(self.verdict),
            due: said.due.or(self.due),
            seconds: said.seconds.or(self.seconds),
        }
    }
}

/// Everything the tool said of an item, from events in their order: each step stands until the next.
pub(crate) fn claims(events: &[ItemEvent]) -> Vec<(Timestamp, Claim)> {
    let mut steps: Vec<(Timestamp, Claim)> = Vec::new();
    for event in events {
        let Some(said) = event.claim.as_deref() else { continue };
        let before = steps.last().map(|(_, claim)| *claim).unwrap_or_default();
        let now = before.then(*said);
        if now == before {
            continue;
        }
        match steps.last_mut().filter(|(at, _)| *at == event.at) {
            Some(step) => step.1 = now,
            None => steps.push((event.at, now)),
        }
    }
    steps
}

impl ItemFacts {
    /// What the ticket tool itself shows at the end of the view; `None` where no feed carries its word.
    #[must_use]
    pub fn claim(&self) -> Option<Claim> {
        self.claims.last().map(|(_, claim)| *claim)
    }

    /// The tool's own verdict at the end of the view.
    #[must_use]
    pub fn claimed_verdict(&self) -> Option<Verdict> {
        self.claim()?.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_name::EventName::{Closed, Seen, Ticketed};

    fn said(name: crate::event_name::EventName, at: i64, claim: Claim) -> ItemEvent {
        ItemEvent { claim: Some(Box::new(claim)), ..ItemEvent::bare(name, Timestamp::from_seconds(at)) }
    }

    #[test]
    fn each_word_stands_from_its_moment_until_the_next() {
        let verdict = |verdict| Claim { verdict: Some(verdict), ..Claim::default() };
        let due = Claim { due: Some(Timestamp::from_seconds(90)), ..Claim::default() };
        let events = [
            said(Ticketed, 10, due),
            said(Seen, 20, verdict(Verdict::Running)),
            ItemEvent::bare(Seen, Timestamp::from_seconds(25)),
            said(Seen, 30, verdict(Verdict::Running)),
            said(Closed, 40, verdict(Verdict::Met)),
            said(Closed, 40, verdict(Verdict::Breached)),
        ];
        let step = |at, verdict| (Timestamp::from_seconds(at), Claim { verdict, ..due });
        assert_eq!(
            claims(&events),
            [step(10, None), step(20, Some(Verdict::Running)), step(40, Some(Verdict::Breached))]
        );
    }

    #[test]
    fn every_verdict_is_read_as_it_is_written() {
        for verdict in Verdict::ALL {
            assert_eq!(verdict.as_str().parse(), Ok(*verdict));
            assert_eq!(Verdict::from_code(verdict.code()), Some(*verdict));
        }
        assert!("missed".parse::<Verdict>().unwrap_err().to_string().contains("missed"));
    }
}
