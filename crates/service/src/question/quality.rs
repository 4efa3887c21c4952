//! What is held, why, and which rules of data quality were met?

use crate::{
    authorise::{Caller, GrantedScope, Object, authorise, decide, proof},
    error::ServiceError,
    identity::permission::Permission,
    ingest::{Deeds, Met, Notes, Rereading, Rule, SourceClock, skew_met},
    services::Services,
};
use domain::{
    id::{ImportId, OrgId},
    quarantine::Reason,
    time::Timestamp,
};
use std::collections::BTreeMap;
use store::{
    Conn, StoreError, batches,
    held_acts::{self, StoredAct},
    held_list::{self, HeldSum},
    import_notes, push_notes, quarantine, source_clocks,
};

pub use store::{held_acts::ActState, held_list::HeldFilter, quarantine::HeldLine};

/// Held lines of one page: as many as a person looks through.
pub const LINES_PER_PAGE: u32 = 50;
/// Lines of a file.
pub const LINES_PER_FILE_MAX: u32 = 100_000;
/// Imports whose notes are added up.
pub const IMPORTS_MAX: u32 = 10_000;
/// Imports that can be chosen.
const IMPORTS_OFFERED: u32 = 200;
/// Examples of one rule.
const EXAMPLES_MAX: usize = 3;

/// Which part of what is held is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QualityAsk {
    /// Which lines.
    pub filter: HeldFilter,
    /// Which page of them, counted from 1.
    pub page: u32,
    /// Imports since.
    pub from: Option<Timestamp>,
    /// Imports before.
    pub before: Option<Timestamp>,
    /// A decision to tell of.
    pub act: Option<i64>,
}

/// The answer of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// All lines that were ever received.
    pub received: u64,
    /// All lines that wait, by reason, most first.
    pub groups: Vec<ReasonHeld>,
    /// How many match the filter.
    pub matching: u64,
    /// One page of them; none for readers who may not see raw lines.
    pub lines: Vec<HeldLine>,
    /// What may be done about each of them, in the same order; nothing for readers who may not decide.
    pub deeds: Vec<Deeds>,
    /// Sources with lines that wait.
    pub sources: Vec<String>,
    /// Imports with lines that wait, newest first, with the name of the file.
    pub imports: Vec<(ImportId, String, u64)>,
    /// The decision that was asked for.
    pub act: Option<StoredAct>,
    /// Rules that were met by imports of the period.
    pub rules: RulesMet,
    /// Whether the caller sees raw lines.
    pub may_see_lines: bool,
    /// Whether the caller may decide about what is held.
    pub may_decide: bool,
    /// The moment of the answer.
    pub now: Timestamp,
}

/// Lines held for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonHeld {
    /// The reason.
    pub reason: Reason,
    /// How many wait.
    pub lines: u64,
    /// When the first of them came.
    pub first: Timestamp,
    /// When the last of them came.
    pub last: Timestamp,
    /// How many of each source.
    pub sources: Vec<(String, u64)>,
}

/// Rules that were met, over all imports and pushes of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesMet {
    /// How many imports.
    pub imports: u64,
    /// How many pushes.
    pub pushes: u64,
    /// The lines of both.
    pub received: u64,
    /// Events that were pushed, also those without anything else to note: the clocks of their sources are told by them.
    pub pushed_events: u64,
    /// By the word of the rule.
    pub rules: BTreeMap<String, RuleMet>,
}

/// How often a rule was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMet {
    /// In all.
    pub count: u64,
    /// By each source.
    pub by_source: BTreeMap<String, u64>,
    /// What the first few were met by; none for readers who may not see raw lines.
    pub examples: Vec<String>,
}

impl Services {
    /// What is held, why, and which rules were met?
    ///
    /// # Errors
    /// Not allowed, or what the database said.
    pub async fn quality(&self, caller: &Caller, ask: &QualityAsk) -> Result<Quality, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let org = granted.org();
        let may_see_lines = sees_lines(caller);
        let may_decide =
            may_see_lines && decide(caller, Permission::QuarantineWork, Object::OwnOrg) == Ok(GrantedScope::All);
        // A search in raw lines tells what stands in them.
        let filter = HeldFilter { text: ask.filter.text.clone().filter(|_| may_see_lines), ..ask.filter.clone() };
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let received = batches::sums(conn, org).await?.iter().map(|sum| sum.counts.received).sum();
        let all = held_list::sums(conn, org, &HeldFilter::default()).await?;
        let matching = held_list::sums(conn, org, &filter).await?.iter().map(|sum| sum.lines).sum();
        let skipped = u64::from(ask.page.saturating_sub(1)) * u64::from(LINES_PER_PAGE);
        let lines =
            if may_see_lines { held_lines(conn, org, &filter, skipped, LINES_PER_PAGE).await? } else { Vec::new() };
        let deeds = if may_decide { deeds_of(conn, org, &lines).await? } else { Vec::new() };
        let act = match ask.act.filter(|_| may_decide) {
            Some(id) => held_acts::by_id(conn, org, id).await?,
            None => None,
        };
        let mut rules = rules_met(conn, org, ask).await?;
        let mut imports = held_list::imports(conn, org, IMPORTS_OFFERED).await?;
        if !may_see_lines {
            rules.rules.values_mut().for_each(|met| met.examples.clear());
            imports.clear();
        }
        let (groups, sources) = grouped(all);
        let now = self.now();
        Ok(Quality {
            received,
            groups,
            matching,
            lines,
            deeds,
            sources,
            imports,
            act,
            rules,
            may_see_lines,
            may_decide,
            now,
        })
    }

    /// The held lines of a filter, for a file.
    ///
    /// # Errors
    /// Not allowed to see raw lines, or what the database said.
    pub async fn held_lines_of(&self, caller: &Caller, filter: &HeldFilter) -> Result<Vec<HeldLine>, ServiceError> {
        let granted = authorise::<proof::NamesRead>(caller, Object::OwnOrg)?;
        if !sees_lines(caller) {
            return Err(ServiceError::NotAllowed(crate::authorise::Denied::Role(Permission::NamesRead)));
        }
        let mut tx = self.store().snapshot().await?;
        Ok(held_lines(&mut tx.conn(), granted.org(), filter, 0, LINES_PER_FILE_MAX).await?)
    }
}

/// A held line stands on no timeline, so nobody can say whose team it would belong to: whoever is held to teams, or to
/// codes instead of names, sees none.
fn sees_lines(caller: &Caller) -> bool {
    decide(caller, Permission::NamesRead, Object::OwnOrg) == Ok(GrantedScope::All)
}

async fn held_lines(
    conn: &mut Conn<'_>,
    org: OrgId,
    filter: &HeldFilter,
    skipped: u64,
    limit: u32,
) -> Result<Vec<HeldLine>, StoreError> {
    let mut lines = Vec::new();
    for id in held_list::ids(conn, org, filter, skipped, limit).await? {
        lines.extend(quarantine::by_id(conn, org, id).await?);
    }
    Ok(lines)
}

/// What may be done about lines, found out by reading each of them again.
async fn deeds_of(conn: &mut Conn<'_>, org: OrgId, lines: &[HeldLine]) -> Result<Vec<Deeds>, ServiceError> {
    let mut deeds = Vec::with_capacity(lines.len());
    for line in lines {
        deeds.push(Rereading::of(conn, org, line).await?.deeds(line));
    }
    Ok(deeds)
}

fn grouped(sums: Vec<HeldSum>) -> (Vec<ReasonHeld>, Vec<String>) {
    let mut by_reason: BTreeMap<Reason, ReasonHeld> = BTreeMap::new();
    let mut sources: Vec<String> = sums.iter().map(|sum| sum.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    for sum in sums {
        let HeldSum { reason, source, lines, first, last } = sum;
        let empty = ReasonHeld { reason, lines: 0, first, last, sources: Vec::new() };
        let group = by_reason.entry(reason).or_insert(empty);
        group.lines += lines;
        group.first = group.first.min(first);
        group.last = group.last.max(last);
        group.sources.push((source, lines));
    }
    let mut groups: Vec<ReasonHeld> = by_reason.into_values().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.lines), group.reason));
    (groups, sources)
}

async fn rules_met(conn: &mut Conn<'_>, org: OrgId, ask: &QualityAsk) -> Result<RulesMet, StoreError> {
    let from = ask.from.unwrap_or(Timestamp::from_seconds(0));
    let before = ask.before.unwrap_or(Timestamp::from_seconds(i64::MAX));
    let mut met = RulesMet::default();
    for import in import_notes::of_period(conn, org, from, before, IMPORTS_MAX).await? {
        met.imports += 1;
        met.received += import.received;
        met.add(&import.source, Notes::stored(&import.notes)?);
    }
    for (source, day) in push_notes::of_period(conn, org, from, before).await? {
        met.pushes += day.pushes;
        met.received += day.received;
        met.add(&source, Notes::stored(&day.notes)?);
    }
    for (source, clock) in source_clocks::of_period(conn, org, from, before).await? {
        let clock = SourceClock::stored(&clock)?;
        met.pushed_events += clock.events;
        if let Some(more) = skew_met([(source.as_str(), &clock)]) {
            met.add_rule(&source, Rule::ClockSkew.as_str().to_owned(), more);
        }
    }
    Ok(met)
}

impl RulesMet {
    fn add(&mut self, source: &str, notes: Notes) {
        for (rule, more) in notes.met {
            self.add_rule(source, rule, more);
        }
    }

    fn add_rule(&mut self, source: &str, rule: String, more: Met) {
        let rule = self.rules.entry(rule).or_default();
        rule.count += more.count;
        *rule.by_source.entry(source.to_owned()).or_default() += more.count;
        let room = EXAMPLES_MAX.saturating_sub(rule.examples.len());
        rule.examples.extend(more.examples.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::foreign::Rule;

    #[test]
    fn every_figure_a_rule_could_move_stands_in_the_catalogue() {
        for rule in Rule::ALL {
            for id in rule.meaning().unwrap().moves {
                assert!(metrics::catalogue::entry(id).is_some(), "{rule} moves `{id}`, which has no entry");
            }
        }
    }

    #[test]
    fn sums_of_sources_are_joined_by_reason_and_the_largest_comes_first() {
        let sum = |reason, source: &str, lines, at| HeldSum {
            reason,
            source: source.to_owned(),
            lines,
            first: Timestamp::from_seconds(at),
            last: Timestamp::from_seconds(at + 5),
        };
        let (groups, sources) = grouped(vec![
            sum(Reason::Future, "b", 3, 10),
            sum(Reason::NaiveTime, "a", 2, 40),
            sum(Reason::NaiveTime, "b", 2, 20),
        ]);
        assert_eq!(sources, ["a", "b"]);
        let seen: Vec<_> = groups.iter().map(|group| (group.reason, group.lines)).collect();
        assert_eq!(seen, [(Reason::NaiveTime, 4), (Reason::Future, 3)]);
        assert_eq!((groups[0].first.seconds(), groups[0].last.seconds()), (20, 45));
    }
}
