//! Which AI is in use that nobody has registered, and for how long already (methods.md 7, shadow AI)?

use crate::{flow::median, share::Share};
use domain::time::Timestamp;
use std::collections::BTreeSet;

/// A tool that somebody or something saw in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenTool<'a> {
    /// Its name.
    pub tool: &'a str,
    /// When it was first seen.
    pub first_seen: Timestamp,
}

/// What is in use and not registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShadowAi<'a> {
    /// Unregistered among the tools seen.
    pub unregistered: Share,
    /// The unregistered ones, seen first first.
    pub tools: Vec<SeenTool<'a>>,
}

impl<'a> ShadowAi<'a> {
    /// Tools seen before a moment against the names in the register. A tool seen in several places is one tool, first seen
    /// where it was seen first; names are compared as written, whatever their case.
    #[must_use]
    pub fn of(seen: &[SeenTool<'a>], registered: &[&str], as_of: Timestamp) -> Self {
        let known: BTreeSet<String> = registered.iter().map(|name| name.to_lowercase()).collect();
        let mut sorted: Vec<SeenTool<'a>> = seen.iter().filter(|one| one.first_seen < as_of).copied().collect();
        sorted.sort_by_key(|one| (one.first_seen, one.tool));
        let mut names = BTreeSet::new();
        sorted.retain(|one| names.insert(one.tool.to_lowercase()));
        let is_unregistered = |one: &SeenTool<'a>| !known.contains(&one.tool.to_lowercase());
        let unregistered = Share::count(&sorted, |one| is_unregistered(one));
        sorted.retain(is_unregistered);
        Self { unregistered, tools: sorted }
    }

    /// Half of the unregistered ones have been seen for no longer than this, in seconds.
    #[must_use]
    pub fn median_age(&self, as_of: Timestamp) -> Option<i64> {
        let mut ages: Vec<i64> = self.tools.iter().map(|one| as_of.since(one.first_seen)).collect();
        median(&mut ages)
    }
}
