//! How do groups compare? One life table a group from the columns, and its own rows for the bootstrap.

use super::{Band, Comparison, CurveAnswer, Group, Grouping};
use crate::question::all_processors;
use domain::{kind::Kind, severity::Severity, view::Verification};
use metrics::{
    bootstrap::curve::ClusteredRow,
    columns::{Columns, Dimensions, GroupTable, GroupedRow, Selection},
    ledger::{Actor, Frame},
    matured::mean_promised,
    survival::{
        life_table::LifeTable,
        log_rank::{log_rank, stratified_log_rank},
    },
};

/// A comparison before its intervals are drawn.
#[derive(Debug)]
pub(super) struct Compared {
    by: Grouping,
    names: Vec<String>,
    places: Places,
    groups: Vec<GroupTable>,
    promised: Vec<Option<f64>>,
    /// Where groups are compared within strata alone: the tables of each stratum.
    strata: Option<Vec<Vec<LifeTable>>>,
}

/// Which group an item is in.
#[derive(Clone, Debug)]
enum Places {
    /// By the place of its team.
    Team(Vec<usize>),
    Severity,
    /// By kind, in the order of the words.
    Kind,
    Actor,
}

impl Places {
    /// The place of its group; a team nobody knows is in none.
    fn of(&self, item: Dimensions) -> usize {
        match self {
            Self::Team(places) => places.get(item.team()).copied().unwrap_or(usize::MAX),
            Self::Severity => usize::from(item.severity().code()),
            Self::Kind => {
                let word = item.kind().as_str();
                Kind::ALL.iter().filter(|other| other.as_str() < word).count()
            }
            Self::Actor => usize::from(item.actor() == Actor::Agent),
        }
    }
}

/// Reads every comparison from the columns.
pub(super) fn scan(columns: &Columns, selection: &Selection, mode: Verification, frame: &Frame<'_>) -> Vec<Compared> {
    let reading = Reading { columns, selection, mode, frame };
    vec![reading.teams(), reading.severities(), reading.kinds(), reading.actors()]
}

/// What is compared, and over what.
struct Reading<'a> {
    columns: &'a Columns,
    selection: &'a Selection,
    mode: Verification,
    frame: &'a Frame<'a>,
}

impl Reading<'_> {
    fn tables(&self, groups: usize, group_of: impl Fn(Dimensions) -> usize + Sync) -> Vec<GroupTable> {
        self.columns.groups(self.selection, self.mode, &self.frame.view, all_processors(), groups, group_of)
    }

    fn compared(&self, by: Grouping, names: Vec<String>, places: Places) -> Compared {
        let groups = self.tables(names.len(), |item| places.of(item));
        let promised = groups.iter().map(|group| mean_promised(&group.rows_by_severity, self.frame.policy)).collect();
        Compared { by, names, places, groups, promised, strata: None }
    }

    fn teams(&self) -> Compared {
        let teams = self.columns.teams();
        let mut names = teams.clone();
        names.sort_unstable();
        names.dedup();
        let places = teams.iter().map(|team| names.partition_point(|name| name < team)).collect();
        let names = names.into_iter().map(str::to_owned).collect();
        self.compared(Grouping::Team, names, Places::Team(places))
    }

    fn severities(&self) -> Compared {
        let names = Severity::ALL.map(|severity| severity.to_string());
        self.compared(Grouping::Severity, names.into(), Places::Severity)
    }

    fn kinds(&self) -> Compared {
        let mut names = Kind::ALL.map(|kind| kind.as_str().to_owned());
        names.sort();
        self.compared(Grouping::Kind, names.into(), Places::Kind)
    }

    /// Agents get the easy ones: people and agents are compared only within the same severity and kind.
    fn actors(&self) -> Compared {
        let compared = self.compared(Grouping::Actor, vec!["human".to_owned(), "agent".to_owned()], Places::Actor);
        let kinds = Kind::ALL.len();
        let stratum = |item: Dimensions| Places::Severity.of(item) * kinds + Places::Kind.of(item);
        let tables = self.tables(2 * Severity::ALL.len() * kinds, |item| 2 * stratum(item) + Places::Actor.of(item));
        let tables: Vec<LifeTable> = tables.into_iter().map(|group| group.table).collect();
        Compared { strata: Some(tables.chunks(2).map(<[LifeTable]>::to_vec).collect()), ..compared }
    }
}

impl Compared {
    /// The groups that have items, each with its intervals; tested where there are at least two.
    pub(super) fn draw(self, rows: &[GroupedRow]) -> Comparison {
        let mut by_group: Vec<Vec<ClusteredRow>> = vec![Vec::new(); self.groups.len()];
        for one in rows {
            if let Some(own) = by_group.get_mut(self.places.of(one.item)) {
                own.push(one.row);
            }
        }
        let (mut groups, mut tables) = (Vec::new(), Vec::new());
        let named = self.names.into_iter().zip(self.promised).zip(self.groups).zip(by_group);
        for (((key, promised_mean), group), rows) in named.filter(|(((_, _), group), _)| group.items > 0) {
            let curve = CurveAnswer::of(&rows, Band::None);
            groups.push(Group { key, items: group.items, promised_mean, curve });
            tables.push(group.table);
        }
        let test = (groups.len() > 1).then(|| match &self.strata {
            Some(strata) => stratified_log_rank(groups.len(), strata),
            None => log_rank(&tables),
        });
        Comparison { by: self.by, groups, test }
    }
}
