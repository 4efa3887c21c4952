//! How long does it really take? The share still open by age, what is read off it, and how groups compare.

mod compared;

use super::{
    Basis, Watched, all_processors,
    drawn::{DrawnCurve, MEDIAN, in_days},
    shown_mean,
};
use compared::Compared;
use domain::{time::DAY_SECONDS, view::Verification};
use metrics::{
    answer::{Answer, SHOWN_MIN},
    bootstrap::{curve::ClusteredRow, shown::plain_rows},
    columns::{Columns, GroupedRow, Overview, Spells, Watch},
    ledger::{Filter, Frame},
    level::Level,
    real::{days, mean_days, real},
    survival::{
        curve::{Curve, Step},
        life_table::LifeTable,
        log_rank::LogRank,
        row::Row,
        summary::OPEN_SHARE_DAYS,
    },
};

/// Horizon of the mean that counts the open ones, in days.
pub const HORIZON_DAYS: i64 = 365;
/// A drawing cannot show more points than a wide screen has columns; numbers never come from it.
const POINTS_MAX: i64 = 1_500;
/// As many ticks as can be told apart under a curve.
const CENSORED_SHOWN_MAX: usize = 60;
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
    /// Items under the two curves.
    pub watched: Watched,
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
    /// The curve, youngest age first; starts at (0, 1) unless a point says otherwise. Empty for a group.
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
    /// Lower edge of the 90 % band of the bootstrap.
    pub lower: f64,
    /// Upper edge of the 90 % band of the bootstrap.
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
    draw(scan(columns, filter, frame))
}

/// What one reading of the columns leaves: every count, and what the bootstrap draws from.
#[derive(Debug)]
pub(crate) struct Scanned {
    basis: Basis,
    found: Overview,
    strict: Vec<GroupedRow>,
    lenient: Vec<GroupedRow>,
    /// The life table of the view's own mode.
    table: LifeTable,
    compared: Vec<Compared>,
}

/// Reads the columns, which must not change meanwhile; drawing may take its time then.
pub(crate) fn scan(columns: &Columns, filter: &Filter, frame: &Frame<'_>) -> Scanned {
    let (selection, work) = (columns.select(filter, frame), all_processors());
    let found = columns.overview(&selection, filter.mode, frame, work);
    let watch = Watch::since(frame.view.observed_from);
    let rows = |mode| columns.drawn_rows(&selection, mode, &frame.view, work);
    Scanned {
        basis: Basis::of_overview(&found, columns, filter, frame),
        found,
        strict: rows(Verification::Strict),
        lenient: rows(Verification::Lenient),
        table: columns.life_table(Spells::Episodes, &selection, filter.mode, &frame.view, &watch, work),
        compared: compared::scan(columns, &selection, filter.mode, frame),
    }
}

/// Draws the intervals and puts the answer together.
pub(crate) fn draw(scanned: Scanned) -> Clocks {
    let Scanned { basis, found, strict, lenient, table, compared } = scanned;
    let promised_mean = found.mean_promised_days;
    let open_at_promise = promised_mean.map_or(Answer::plain(None, 0), |promised| {
        Curve::of(&table).open_share(whole_seconds(promised), Level::Ninety).from_at_least(SHOWN_MIN)
    });
    let rows = match basis.mode {
        Verification::Strict => &strict,
        Verification::Lenient => &lenient,
    };
    Clocks {
        comparisons: compared.into_iter().map(|one| one.draw(rows)).collect(),
        basis,
        watched: Watched::of(&found),
        strict: CurveAnswer::of(&rows_of(&strict), Band::OfDraws),
        lenient: CurveAnswer::of(&rows_of(&lenient), Band::OfDraws),
        promised_mean,
        open_at_promise,
        reported_open_at_promise: found.report.met.value().map(|met| 1.0 - met),
        tool_mean: shown_mean(found.report.tool_mean_days(), found.report.closed),
    }
}

fn rows_of(rows: &[GroupedRow]) -> Vec<ClusteredRow> {
    rows.iter().map(|one| one.row).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "promised days lie between 0 and 36,500")]
fn whole_seconds(days: f64) -> i64 {
    (days * real(DAY_SECONDS.unsigned_abs())).round() as i64
}

/// Whether a curve is drawn with a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// It is: at every point that is drawn.
    OfDraws,
    /// It is compared by its figures alone.
    None,
}

impl CurveAnswer {
    /// The answer over some rows.
    #[must_use]
    pub fn of(rows: &[ClusteredRow], band: Band) -> Self {
        let drawn = DrawnCurve::of(rows);
        let curve = &drawn.curve;
        let steps = columns(curve);
        let banded = if band == Band::OfDraws { steps.as_slice() } else { &[] };
        let ages = OPEN_SHARE_DAYS.map(|age| age * DAY_SECONDS);
        let asked: Vec<i64> = ages.into_iter().chain(banded.iter().map(|step| step.age)).collect();
        let read = drawn.read(&QUANTILES, HORIZON_DAYS * DAY_SECONDS, &asked);
        let open_at = |age: i64| read.open_share(age * DAY_SECONDS).from_at_least(SHOWN_MIN);
        let point = |step: &&Step| {
            let (lower, upper) = read.band(step.age)?;
            Some(CurvePoint { days: days(step.age), open: step.open, lower, upper })
        };
        let plain = plain_rows(rows);
        let ended_seconds: i64 = plain.iter().filter(|row| row.ended).map(|row| row.exit).sum();
        Self {
            rows: curve.rows(),
            ended: curve.ended(),
            median: in_days(read.quantile(MEDIAN)),
            p25: in_days(read.quantile(0.25)),
            p75: in_days(read.quantile(0.75)),
            p90: in_days(read.quantile(0.9)),
            open_share: OPEN_SHARE_DAYS.map(|age| (age, open_at(age))).into(),
            mean_within_horizon: in_days(read.restricted_mean()),
            mean_of_ended: shown_mean(mean_days(ended_seconds, curve.ended()), curve.ended()),
            conditional_from: curve.conditional_from().map(days),
            observed: days(curve.last_age()),
            points: banded.iter().filter_map(point).collect(),
            censored: censored(&plain),
            at_risk: at_risk(&drawn.table),
        }
    }
}

/// Shares that have ended, by which age.
const QUANTILES: [f64; 4] = [0.25, MEDIAN, 0.75, 0.9];

/// The steps of the curve; where there are more than a screen has columns, the last of each column.
fn columns(curve: &Curve) -> Vec<&Step> {
    let column = (curve.last_age() / POINTS_MAX).max(1);
    let same_column = |one: &Step, other: &Step| one.age / column == other.age / column;
    curve.steps().chunk_by(same_column).filter_map(<[Step]>::last).collect()
}

/// Ages of those still open, evenly thinned to as many as can be told apart.
fn censored(rows: &[Row]) -> Vec<f64> {
    let mut ages: Vec<i64> = rows.iter().filter(|row| !row.ended).map(|row| row.exit).collect();
    ages.sort_unstable();
    let every = ages.len().div_ceil(CENSORED_SHOWN_MAX).max(1);
    ages.into_iter().step_by(every).map(days).collect()
}

fn at_risk(table: &LifeTable) -> Vec<(i64, u64)> {
    let watched = |age: &i64| age * DAY_SECONDS <= table.last_age();
    // Nobody is at risk at age 0 itself: the first second is where counting starts.
    AT_RISK_DAYS.into_iter().filter(watched).map(|age| (age, table.at_risk((age * DAY_SECONDS).max(1)))).collect()
}
