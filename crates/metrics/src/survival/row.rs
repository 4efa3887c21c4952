//! What does one episode say about how long things take? Rows of survival analysis (methods.md 2).

use domain::{
    fact::ItemFacts,
    fact::{Cause, Episode},
    time::Timestamp,
    view::{Verification, View},
};

/// One spell under watch: it is at risk at age t when `entry < t <= exit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Age at which watching began, in seconds.
    pub entry: i64,
    /// Age at which it ended or was last seen, in seconds, at least 1.
    pub exit: i64,
    /// Whether it ended there.
    pub ended: bool,
}

impl Row {
    /// The row of a spell, or `None` when it was over before anybody watched.
    #[must_use]
    pub fn of(start: Timestamp, end: Option<Timestamp>, view: &View) -> Option<Self> {
        let exit = end.unwrap_or(view.as_of).since(start).max(1);
        let entry = view.observed_from.since(start).max(0);
        (exit > entry).then_some(Self { entry, exit, ended: end.is_some() })
    }

    /// The row of an episode; a false positive has none.
    #[must_use]
    pub fn of_episode(episode: &Episode, view: &View) -> Option<Self> {
        if episode.end.is_some_and(|end| end.cause == Cause::FalsePositive) {
            return None;
        }
        Self::of(episode.start, episode.end.map(|end| end.at), view)
    }
}

/// The rows of one item, as one of the two modes sees it.
pub fn rows_of<'a>(facts: &'a ItemFacts, view: &'a View, mode: Verification) -> impl Iterator<Item = Row> + 'a {
    facts.episodes(mode).filter_map(move |episode| Row::of_episode(&episode, view))
}
