//! What is one item of the sample: which weakness, on which asset, whose, since when, with which neighbours?

use super::{
    cast::{SEVERITIES, TEAMS, Team},
    dice::Dice,
    office::{days, next_window},
};
use domain::{kind::Kind, severity::Severity, time::Timestamp};

/// The sample looks back this far.
const HISTORY_DAYS: i64 = 820;

/// Items are made in neighbourhoods of this many: some of them share a weakness and its patch.
const NEIGHBOURS: u64 = 12;

/// One item before anything happened to it.
pub(super) struct Subject {
    pub(super) number: u64,
    pub(super) item_id: String,
    pub(super) team: &'static Team,
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    pub(super) origin: Timestamp,
    pub(super) asset: String,
    pub(super) asset_class: &'static str,
    pub(super) weakness: String,
    /// The update that fixes it here and on its neighbours.
    pub(super) patch: Option<String>,
    /// When that update is rolled out.
    pub(super) window: Option<Timestamp>,
    pub(super) is_cve: bool,
}

impl Subject {
    /// The item with that number, out of `items`; later numbers were found later, more or less.
    pub(super) fn new(seed: u64, number: u64, items: u32, as_of: Timestamp) -> Self {
        let (block, place) = (number / NEIGHBOURS, number % NEIGHBOURS);
        let mut near = Dice::of(seed, "neighbours", block);
        let mut own = Dice::of(seed, "subject", number);
        // In one neighbourhood of three the first so many share a weakness; the others stand alone.
        let together = if near.chance(330) { near.between(4, 12) } else { 1 };
        let shares = together > 1 && i64::try_from(place).is_ok_and(|place| place < together);
        let group = block * NEIGHBOURS + if shares { 0 } else { place };
        let dice = if shares { &mut near } else { &mut own };
        let weights = TEAMS.iter().map(|team| (team, team.weight));
        let team = dice.weighted(&weights.collect::<Vec<_>>(), &super::cast::PLATFORM);
        let kind = if shares { Kind::Vulnerability } else { dice.weighted(team.kinds, Kind::Vulnerability) };
        let severity = dice.weighted(SEVERITIES, Severity::Medium);
        let found = found_at(dice, if shares { block * NEIGHBOURS } else { number }, items, as_of);
        let window = shares.then(|| next_window(found.plus(dice.hours(&[240, 600, 1_000, 1_600, 2_600]))));
        let origin = found.plus(own.between(0, 5 * 3_600));
        let asset_class = own.weighted(team.classes, "server");
        let asset = format!("{}-{:03}", team.asset, asset_number(&mut own, number, items));
        let is_cve = matches!(kind, Kind::Vulnerability);
        let weakness = weakness_of(kind, group, origin);
        Self {
            number,
            item_id: format!("{weakness}@{asset}"),
            team,
            kind,
            severity,
            origin,
            asset,
            asset_class,
            patch: shares.then(|| format!("UPD-{}", 100_000 + group % 900_000)),
            window,
            weakness,
            is_cve,
        }
    }
}

/// Spread over the history, a little denser towards its end, so that the backlog has reason to grow.
fn found_at(dice: &mut Dice, number: u64, items: u32, as_of: Timestamp) -> Timestamp {
    let span = u128::from(days(HISTORY_DAYS).unsigned_abs());
    let items = u128::from(items.max(1));
    let number = u128::from(number).min(items);
    // share · (5/4 − share/4): the derivative falls, so the same number of items takes less time near the end.
    let offset = span * number * (5 * items - number) / (4 * items * items);
    let offset = i64::try_from(offset).unwrap_or_default();
    let early = as_of.plus(-days(HISTORY_DAYS)).plus(offset + dice.between(-days(4), 0));
    Timestamp::start_of_day(early.day()).plus(dice.hours(&[0, 7, 9, 11, 14, 18, 24]))
}

/// An asset carries some fifteen items; neighbours sit on different ones.
fn asset_number(own: &mut Dice, number: u64, items: u32) -> u64 {
    let assets = (u64::from(items) / 15).max(NEIGHBOURS * 2);
    let row = own.below((assets / NEIGHBOURS).max(1));
    1 + row * NEIGHBOURS + number % NEIGHBOURS
}

/// A prime above every number of CVEs in a year, so that multiplying by something smaller never meets itself.
const CVE_PRIME: u64 = 899_981;

fn weakness_of(kind: Kind, group: u64, origin: Timestamp) -> String {
    let scattered = group.wrapping_add(1) * 48_271 % CVE_PRIME;
    match kind {
        Kind::Vulnerability => format!("CVE-{}-{}", year_of(origin), 10_000 + scattered),
        Kind::Identity => format!("standing-access-{scattered:06}"),
        Kind::Misconfiguration => format!("baseline-{scattered:06}"),
        Kind::Posture => format!("posture-{scattered:06}"),
        Kind::Incident => format!("INC-{scattered:06}"),
        Kind::AuditFinding => format!("AUD-{}-{scattered:06}", year_of(origin)),
        Kind::DrillFinding => format!("DRL-{scattered:06}"),
    }
}

fn year_of(moment: Timestamp) -> String {
    moment.to_string().chars().take(4).collect()
}
