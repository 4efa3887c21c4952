//! On how few people does it rest? Who fixes, approves and answers, and how many people of equal share that would be
//! (methods.md 6, who actually does it).

use crate::real::{ratio, real};
use domain::{
    fact::ItemFacts,
    view::View,
    work::{Deed, PersonDeed},
};
use std::collections::BTreeMap;

/// What each person did, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doers<'a>(BTreeMap<&'a str, u64>);

impl<'a> Doers<'a> {
    /// The people behind some deeds.
    pub fn of(deeds: impl IntoIterator<Item = &'a PersonDeed>) -> Self {
        let mut found = Self::default();
        for deed in deeds {
            *found.0.entry(&deed.by).or_default() += 1;
        }
        found
    }

    /// How many deeds there are.
    #[must_use]
    pub fn deeds(&self) -> u64 {
        self.0.values().sum()
    }

    /// How many each did, by name.
    #[must_use]
    pub const fn by_person(&self) -> &BTreeMap<&'a str, u64> {
        &self.0
    }

    /// The share of one person.
    #[must_use]
    pub fn share_of(&self, person: &str) -> Option<f64> {
        ratio(self.0.get(person).copied().unwrap_or_default(), self.deeds())
    }

    /// So many people of equal share would do the same: 1 / Σ share². `None` where nobody did anything.
    #[must_use]
    pub fn effective(&self) -> Option<f64> {
        let squares: f64 = self.0.values().map(|count| real(*count) * real(*count)).sum();
        let deeds = real(self.deeds());
        (squares > 0.0).then(|| deeds * deeds / squares)
    }
}

/// Deeds inside the window of the view.
pub fn deeds_in<'a>(
    items: impl IntoIterator<Item = &'a ItemFacts>,
    view: &'a View,
) -> impl Iterator<Item = &'a PersonDeed> {
    items
        .into_iter()
        .flat_map(|facts| &facts.deeds)
        .filter(|deed| view.observed_from <= deed.at && deed.at < view.as_of)
}

/// The people behind one sort of deed inside the window of the view.
pub fn doers_of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, view: &'a View, deed: Deed) -> Doers<'a> {
    Doers::of(deeds_in(items, view).filter(|one| one.deed == deed))
}

/// The people behind the items of each team; items without a team stand under the empty name.
pub fn by_team<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, view: &'a View) -> BTreeMap<&'a str, Doers<'a>> {
    let mut teams: BTreeMap<&str, Vec<&ItemFacts>> = BTreeMap::new();
    for facts in items {
        teams.entry(facts.team.as_deref().unwrap_or_default()).or_default().push(facts);
    }
    let doers = |items: Vec<&'a ItemFacts>| Doers::of(deeds_in(items, view));
    let found = teams.into_iter().map(|(team, items)| (team, doers(items)));
    found.filter(|(_, doers)| doers.deeds() > 0).collect()
}
