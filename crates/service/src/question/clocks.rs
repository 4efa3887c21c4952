//! How long does it really take? The share still open by age, what is read off it, and how groups compare.

use super::{Basis, all_processors, shown_days, shown_mean};
use domain::{kind::Kind, severity::Severity, time::DAY_SECONDS, view::Verification};
use metrics::{
    answer::{Answer, Interval, SHOWN_MIN},
    columns::{Columns, Dimensions, GroupTable, Selection, Spells, Watch},
    ledger::{Actor, Filter, Frame},
    level::Level,
    matured::mean_promised,
    real::{days, mean_days, real},
    survival::{
        curve::{Curve, Step},
        life_table::LifeTable,
        log_rank::{LogRank, log_rank, stratified_log_rank},
        summary::OPEN_SHARE_DAYS,
    },
};

/// Horizon of the mean that counts the open ones, in days.
pub const HORIZON_DAYS: i64 = 365;
/// A drawing cannot show more points than a wide screen has columns; numbers never come from it.
const POINTS_MAX: i64 = 1_500;
/// As many ticks as can be told apart under a curve.
const CENSORED_SHOWN_MAX: u64 = 60;
/// Ages under the axis at which the watched are counted, in days.
const AT_RISK_DAYS: [i64; 7] = [0, 30, 90, 180, 365, 730, 1095];

/// The answer of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Clocks {
    /// What it rests on.
    pub basis: Basis,
    /// Unverified closures are still open.
    pub strict: CurveAnswer,
    /// Unverified closures ended when they were closed.
    pub lenient: CurveAnswer,
    /// Mean of what is said aloud, in days, over the episodes of the view's curve.
    pub promised_mean: Option<f64>,
    /// Share still open at that age, in the mode of the view.
    pub open_at_promise: Answer<f64>,
    /// Share still open at that age if the SLA report were true: what is not met.
    pub reported_open_at_promise: Option<f64>,
    /// Mean of what the ticket tool counted over closed records, in days.
    pub tool_mean: Answer<f64>,
    /// How groups compare.
    pub comparisons: Vec<Comparison>,
}

/// One curve with all that is read off it; ages in days.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveAnswer {
    /// Episodes.
    pub rows: u64,
    /// Of them ended.
    pub ended: u64,
    /// The age by which half have ended.
    pub median: Answer<f64>,
    /// The age by which a quarter have ended.
    pub p25: Answer<f64>,
    /// The age by which three quarters have ended.
    pub p75: Answer<f64>,
    /// The age by which nine tenths have ended.
    pub p90: Answer<f64>,
    /// Share still open at 7, 30, 55, 90, 180 and 365 days.
    pub open_share: Vec<(i64, Answer<f64>)>,
    /// Mean time to an end within [`HORIZON_DAYS`], counting the open ones.
    pub mean_within_horizon: Answer<f64>,
    /// Mean wall clock of ended episodes alone: never shown without the mean above.
    pub mean_of_ended: Answer<f64>,
    /// Age from which the curve starts, where too few were watched before.
    pub conditional_from: Option<f64>,
    /// The oldest age at which anybody was watched.
    pub observed: f64,
    /// The curve, youngest age first; starts at (0, 1) unless a point says otherwise.
    pub points: Vec<CurvePoint>,
    /// Ages of some of those still open.
    pub censored: Vec<f64>,
    /// How many were watched at an age: 0, 30, 90, 180, 365, … as far as anybody was watched.
    pub at_risk: Vec<(i64, u64)>,
}

/// The curve right after an age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The age in days.
    pub days: f64,
    /// Share still open.
    pub open: f64,
    /// Lower edge of the 90 % band.
    pub lower: f64,
    /// Upper edge of the 90 % band.
    pub upper: f64,
}

/// What groups of a comparison have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Their team.
    Team,
    /// Their severity at detection.
    Severity,
    /// Their kind.
    Kind,
    /// Whether an agent applied the fix or closed them; compared only within severity and kind.
    Actor,
}

/// Groups beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What the groups have in common.
    pub by: Grouping,
    /// The groups, in the order of their names, severities worst first.
    pub groups: Vec<Group>,
    /// Whether they differ; `None` for fewer than two groups.
    pub test: Option<LogRank>,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its word in a filter: a team, a severity, a kind, `human` or `agent`; empty for items without a team.
    pub key: String,
    /// Items in it.
    pub items: u64,
    /// What its policy says aloud, in days.
    pub promised_mean: Option<f64>,
    /// Its curve, in the mode of the view.
    pub curve: CurveAnswer,
}

/// The answer over the items that pass the filter.
#[must_use]
pub fn clocks(columns: &Columns, filter: &Filter, frame: &Frame<'_>) -> Clocks {
    let (selection, work) = (columns.select(filter, frame), all_processors());
    let found = columns.overview(&selection, filter.mode, frame, work);
    let watch = Watch::since(frame.view.observed_from);
    let table = |mode| columns.life_table(Spells::Episodes, &selection, mode, &frame.view, &watch, work);
    let strict = CurveAnswer::of(&table(Verification::Strict));
    let lenient = CurveAnswer::of(&table(Verification::Lenient));
    let promised_mean = found.mean_promised_days;
    let open_at_promise = promised_mean.map_or(Answer::plain(None, 0), |promised| {
        Curve::of(&table(filter.mode)).open_share(whole_seconds(promised), Level::Ninety).from_at_least(SHOWN_MIN)
    });
    let compared = Compared { columns, selection: &selection, frame, mode: filter.mode };
    Clocks {
        basis: Basis::of_overview(&found, columns, filter, frame),
        strict,
        lenient,
        promised_mean,
        open_at_promise,
        reported_open_at_promise: found.report.met.value().map(|met| 1.0 - met),
        tool_mean: shown_mean(found.report.tool_mean_days(), found.report.closed),
        comparisons: vec![compared.teams(), compared.severities(), compared.kinds(), compared.actors()],
    }
}

#[expect(clippy::cast_possible_truncation, reason = "promised days lie between 0 and 36,500")]
fn whole_seconds(days: f64) -> i64 {
    (days * real(DAY_SECONDS.unsigned_abs())).round() as i64
}

impl CurveAnswer {
    /// The answer over a life table.
    #[must_use]
    pub fn of(table: &LifeTable) -> Self {
        let curve = Curve::of(table);
        let quantile = |share| shown_days(curve.quantile_answer(share, Level::Ninety));
        let open_at = |age: i64| curve.open_share(age * DAY_SECONDS, Level::Ninety).from_at_least(SHOWN_MIN);
        let mean_of_ended = mean_days(table.ended_seconds(), table.ended());
        Self {
            rows: curve.rows(),
            ended: curve.ended(),
            median: quantile(0.5),
            p25: quantile(0.25),
            p75: quantile(0.75),
            p90: quantile(0.9),
            open_share: OPEN_SHARE_DAYS.map(|age| (age, open_at(age))).into(),
            mean_within_horizon: mean_within_horizon(&curve),
            mean_of_ended: shown_mean(mean_of_ended, curve.ended()),
            conditional_from: curve.conditional_from().map(days),
            observed: days(curve.last_age()),
            points: points(&curve),
            censored: censored(table),
            at_risk: at_risk(table),
        }
    }
}

fn mean_within_horizon(curve: &Curve) -> Answer<f64> {
    if curve.rows() == 0 {
        return Answer::plain(None, 0);
    }
    let in_days = |seconds: f64| seconds / real(DAY_SECONDS.unsigned_abs());
    let (mean, error) = curve.restricted_mean(HORIZON_DAYS * DAY_SECONDS);
    let (value, half) = (in_days(mean), Level::Ninety.z() * in_days(error));
    let interval = Interval { lower: Some(value - half), upper: Some(value + half), level: Level::Ninety.share() };
    Answer::Known { value, count: curve.rows(), interval: Some(interval) }.from_at_least(SHOWN_MIN)
}

/// The steps of the curve; where there are more than a screen has columns, the last of each column.
fn points(curve: &Curve) -> Vec<CurvePoint> {
    let column = (curve.last_age() / POINTS_MAX).max(1);
    let same_column = |one: &Step, other: &Step| one.age / column == other.age / column;
    let columns = curve.steps().chunk_by(same_column).filter_map(<[Step]>::last);
    columns
        .map(|step| {
            let (lower, upper) = step.band(Level::Ninety);
            CurvePoint { days: days(step.age), open: step.open, lower, upper }
        })
        .collect()
}

/// Ages of those still open, evenly thinned to as many as can be told apart.
fn censored(table: &LifeTable) -> Vec<f64> {
    let open: u64 = table.censored().map(|(_, count)| count).sum();
    let every = open.div_ceil(CENSORED_SHOWN_MAX).max(1);
    let (mut passed, mut shown) = (0_u64, Vec::new());
    for (age, count) in table.censored() {
        // The first of each `every` is shown: those whose number from 0 is a multiple of it.
        let before = passed.div_ceil(every);
        passed += count;
        shown.extend((before..passed.div_ceil(every)).map(|_| days(age)));
    }
    shown
}

fn at_risk(table: &LifeTable) -> Vec<(i64, u64)> {
    let watched = |age: &i64| age * DAY_SECONDS <= table.last_age();
    // Nobody is at risk at age 0 itself: the first second is where counting starts.
    AT_RISK_DAYS.into_iter().filter(watched).map(|age| (age, table.at_risk((age * DAY_SECONDS).max(1)))).collect()
}

/// What is compared, and over what.
struct Compared<'a> {
    columns: &'a Columns,
    selection: &'a Selection,
    frame: &'a Frame<'a>,
    mode: Verification,
}

impl Compared<'_> {
    fn groups(&self, groups: usize, group_of: impl Fn(Dimensions) -> usize + Sync) -> Vec<GroupTable> {
        self.columns.groups(self.selection, self.mode, &self.frame.view, all_processors(), groups, group_of)
    }

    fn teams(&self) -> Comparison {
        let teams = self.columns.teams();
        let mut names = teams.clone();
        names.sort_unstable();
        names.dedup();
        let places: Vec<usize> = teams.iter().map(|team| names.partition_point(|name| name < team)).collect();
        let place = |item: Dimensions| places.get(item.team()).copied().unwrap_or(usize::MAX);
        let groups = self.groups(names.len(), place);
        self.compared(Grouping::Team, names.iter().map(|name| (*name).to_owned()), groups)
    }

    fn severities(&self) -> Comparison {
        let groups = self.groups(Severity::ALL.len(), |item| usize::from(item.severity().code()));
        self.compared(Grouping::Severity, Severity::ALL.map(|severity| severity.to_string()), groups)
    }

    fn kinds(&self) -> Comparison {
        let mut kinds = Kind::ALL.map(|kind| (kind.to_string(), kind));
        kinds.sort();
        let place = |item: Dimensions| kinds.iter().position(|(_, kind)| *kind == item.kind()).unwrap_or(usize::MAX);
        let groups = self.groups(kinds.len(), place);
        self.compared(Grouping::Kind, kinds.clone().map(|(name, _)| name), groups)
    }

    /// Agents get the easy ones: people and agents are compared only within the same severity and kind.
    fn actors(&self) -> Comparison {
        let place = |item: Dimensions| usize::from(item.actor() == Actor::Agent);
        let names = ["human", "agent"].map(str::to_owned);
        let mut comparison = self.compared(Grouping::Actor, names, self.groups(2, place));
        let stratum =
            |item: Dimensions| usize::from(item.severity().code()) * Kind::ALL.len() + place_of_kind(item.kind());
        let tables = self.groups(2 * Severity::ALL.len() * Kind::ALL.len(), |item| 2 * stratum(item) + place(item));
        if comparison.test.is_some() {
            let tables: Vec<LifeTable> = tables.into_iter().map(|group| group.table).collect();
            let strata: Vec<Vec<LifeTable>> = tables.chunks(2).map(<[LifeTable]>::to_vec).collect();
            comparison.test = Some(stratified_log_rank(2, &strata));
        }
        comparison
    }

    /// The groups that have items; tested where there are at least two.
    fn compared(&self, by: Grouping, names: impl IntoIterator<Item = String>, groups: Vec<GroupTable>) -> Comparison {
        let with_items: Vec<(String, GroupTable)> =
            names.into_iter().zip(groups).filter(|(_, group)| group.items > 0).collect();
        let tables: Vec<LifeTable> = with_items.iter().map(|(_, group)| group.table.clone()).collect();
        let group = |(key, group): (String, GroupTable)| Group {
            key,
            items: group.items,
            promised_mean: mean_promised(&group.rows_by_severity, self.frame.policy),
            curve: CurveAnswer::of(&group.table),
        };
        let test = (tables.len() > 1).then(|| log_rank(&tables));
        Comparison { by, groups: with_items.into_iter().map(group).collect(), test }
    }
}

fn place_of_kind(kind: Kind) -> usize {
    Kind::ALL.iter().position(|known| *known == kind).unwrap_or_default()
}
