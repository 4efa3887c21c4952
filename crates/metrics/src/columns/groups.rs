//! How do groups compare? One life table a group from one pass over each order, with what else a comparison prints.

use super::{
    Columns, Selection, Spells, Watch, Work,
    codes::{Codes, TEAM_MOST},
    life::Asked,
    moment::since_2000,
    one_item::severity,
};
use crate::{ledger::Actor, survival::life_table::LifeTable};
use domain::{
    kind::Kind,
    severity::Severity,
    view::{Verification, View},
};

/// One group of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupTable {
    /// Items in it.
    pub items: u64,
    /// Rows of its curve by severity at detection, in the order of [`Severity::ALL`].
    pub rows_by_severity: [u64; Severity::ALL.len()],
    /// Its life table.
    pub table: LifeTable,
}

/// What an item is grouped by.
#[derive(Clone, Copy, Debug)]
pub struct Dimensions {
    codes: Codes,
    team: u32,
}

impl Dimensions {
    /// Severity at detection.
    #[must_use]
    pub fn severity(self) -> Severity {
        severity(self.codes)
    }

    /// What sort of weakness.
    #[must_use]
    pub fn kind(self) -> Kind {
        let place = usize::try_from(self.codes.kind()).unwrap_or_default();
        Kind::ALL.get(place).copied().unwrap_or(Kind::Vulnerability)
    }

    /// Who applied the fix or closed it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        if self.codes.agent() { Actor::Agent } else { Actor::Human }
    }

    /// The place of its team in [`Columns::teams`].
    #[must_use]
    pub fn team(self) -> usize {
        usize::try_from(self.team).unwrap_or_default()
    }
}

impl Columns {
    /// Every team that was ever written; the first place stands for items without one.
    #[must_use]
    pub fn teams(&self) -> Vec<&str> {
        let numbers = 0..u32::try_from(self.teams.len()).unwrap_or(u32::MAX);
        numbers.map(|number| self.teams.word(number).unwrap_or_default()).collect()
    }

    /// One table a group of the episodes that pass.
    #[must_use]
    pub fn groups(
        &self,
        selection: &Selection,
        mode: Verification,
        view: &View,
        work: Work,
        groups: usize,
        group_of: impl Fn(Dimensions) -> usize + Sync,
    ) -> Vec<GroupTable> {
        let watch = Watch::since(view.observed_from);
        let asked = Asked { selection, mode, watch: &watch, as_of: since_2000(view.as_of), until: i64::MAX };
        let place_of = |codes: Codes, slot: u32| group_of(self.dimensions(codes, slot));
        let tables = self.orders(Spells::Episodes).tables(&asked, work, groups, &place_of);
        let mut found: Vec<GroupTable> = tables
            .into_iter()
            .map(|(table, rows_by_severity)| GroupTable { items: 0, rows_by_severity, table })
            .collect();
        for item in self.items.range(0..self.items.slots()).filter(|item| selection.keeps(item.codes, item.slot)) {
            if let Some(group) = found.get_mut(place_of(item.codes, item.slot)) {
                group.items += 1;
            }
        }
        found
    }

    pub(super) fn dimensions(&self, codes: Codes, slot: u32) -> Dimensions {
        let shared = codes.team() == TEAM_MOST;
        let own = || self.items.beyond().get(&slot).and_then(|beyond| beyond.words).map(|words| words.team);
        Dimensions { codes, team: if shared { own().unwrap_or(TEAM_MOST) } else { codes.team() } }
    }
}
