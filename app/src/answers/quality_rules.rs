//! Rules, guards and flags in words, each with what it rests on.

use domain::flag::Flag;
use metrics::catalogue::entry;
use metrics::share::Share;
use service::ingest::{Class, Rule};
use service::question::evidence::{Evidence, Flagged};
use service::question::quality::{Quality, RuleMet};

use super::asking::Asking;
use super::quality::share_of;
use crate::filter::{ItemSet, QualityQuery};
use crate::format;
use crate::pages::quality::{FlagRow, GuardRow, GuardsView, RuleRow, RulesView};

/// All rules: those that were met first, most often first.
pub(super) fn rules(asking: &Asking, quality: &Quality, query: &QualityQuery) -> RulesView {
    let empty = RuleMet::default();
    let mut all: Vec<(Rule, &RuleMet)> =
        Rule::ALL.iter().map(|rule| (*rule, quality.rules.rules.get(rule.as_str()).unwrap_or(&empty))).collect();
    all.sort_by_key(|(rule, met)| (std::cmp::Reverse(met.count + waiting_for(quality, *rule)), rule.as_str()));
    let (met, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(rule, _)| is_met(quality, *rule));
    let title = match met.len() {
        0 => "No rule of data quality was met.".to_owned(),
        1 => format!("1 of {} rules was met.", Rule::ALL.len()),
        many => format!("{many} of {} rules were met.", Rule::ALL.len()),
    };
    let kept = QualityQuery { from: None, to: None, ..query.plain() };
    let day = |day: Option<domain::day::Day>| day.map_or_else(String::new, |day| day.to_string());
    RulesView {
        title,
        over: format!(
            "Over {} and {} with {}.",
            format::counted(quality.rules.imports, "import", "imports"),
            format::counted(quality.rules.pushes, "push", "pushes"),
            format::counted(quality.rules.received, "line", "lines")
        ) + &clocks_told_by(quality),
        from: day(query.from),
        to: day(query.to),
        hidden: kept.filter_parts(),
        met: met.into_iter().map(|(rule, met)| row(asking, quality, rule, met)).collect(),
        others: others.into_iter().map(|(rule, met)| row(asking, quality, rule, met)).collect(),
    }
}

/// Clocks are told by events, and events that are sent by programs are no lines of a push that is noted.
fn clocks_told_by(quality: &Quality) -> String {
    match quality.rules.pushed_events {
        0 => String::new(),
        events => format!(" Clocks of sources also by {}.", format::counted(events, "pushed event", "pushed events")),
    }
}

/// Lines that wait for the reason of a rule, whatever they came with.
fn waiting_for(quality: &Quality, rule: Rule) -> u64 {
    let group = quality.groups.iter().find(|group| group.reason.as_str() == rule.as_str());
    group.map_or(0, |group| group.lines)
}

/// Whether an import or a push of the period met a rule, or a line waits for it.
fn is_met(quality: &Quality, rule: Rule) -> bool {
    quality.rules.rules.get(rule.as_str()).is_some_and(|met| met.count > 0) || waiting_for(quality, rule) > 0
}

/// How many rules were met.
pub(super) fn rules_met(quality: &Quality) -> u64 {
    Rule::ALL.iter().filter(|rule| is_met(quality, **rule)).count() as u64
}

fn row(asking: &Asking, quality: &Quality, rule: Rule, met: &RuleMet) -> RuleRow {
    let meaning = rule.meaning();
    let class = match rule.class() {
        Class::Held => "held back",
        Class::Repaired => "put right and counted",
        Class::Flagged => "kept and counted",
    };
    let source = |(name, count): (&String, &u64)| format!("{} {}", format::visible(name), format::count(*count));
    RuleRow {
        rule: rule.as_str().to_owned(),
        sentence: meaning.map_or("", |meaning| meaning.sentence).to_owned(),
        class: class.to_owned(),
        count: format::count(met.count),
        waiting: match waiting_for(quality, rule) {
            0 => String::new(),
            1 => "1 line waits".to_owned(),
            many => format!("{} lines wait", format::count(many)),
        },
        sources: met.by_source.iter().map(source).collect::<Vec<_>>().join(", "),
        examples: met.examples.iter().map(|example| format::visible(example)).collect::<Vec<_>>().join(", "),
        moves: meaning.map_or(&[][..], |meaning| meaning.moves).iter().map(|metric| asking.named(metric)).collect(),
    }
}

/// Guards with their shares, and flags with their items.
pub(super) fn guards(asking: &Asking, evidence: &Evidence) -> GuardsView {
    let known = evidence.guards.iter().filter(|(_, share)| share.of() > 0).count();
    let flags_title = match evidence.flags.len() {
        0 => format!("Nothing odd was noticed about {}.", format::counted(evidence.items, "item", "items")),
        many => format!(
            "{} noticed about {}.",
            format::counted(many as u64, "oddity was", "oddities were"),
            format::counted(evidence.items, "item", "items")
        ),
    };
    let mut flags = evidence.flags.clone();
    flags.sort_by_key(|flag| (std::cmp::Reverse(flag.items), flag.flag));
    GuardsView {
        title: format!("{known} of {} guards have something to go by.", evidence.guards.len()),
        guards: evidence.guards.iter().map(|(id, share)| guard(asking, id, *share)).collect(),
        flags_title,
        flags: flags.iter().map(|flag| flag_row(asking, *flag, evidence.items)).collect(),
    }
}

fn guard(asking: &Asking, id: &str, share: Share) -> GuardRow {
    let (name, href) = asking.named(id);
    let is_known = share.of() > 0;
    GuardRow {
        name,
        href,
        count: if is_known {
            format!("{} of {}", format::count(share.part()), format::count(share.of()))
        } else {
            "no evidence".to_owned()
        },
        share: share_of(share.part(), share.of()),
        over: entry(id).map_or("", |entry| entry.denominator).to_owned(),
    }
}

fn flag_row(asking: &Asking, flagged: Flagged, items: u64) -> FlagRow {
    FlagRow {
        flag: flagged.flag.as_str().to_owned(),
        words: flag_words(flagged.flag).to_owned(),
        items: format::count(flagged.items),
        share: share_of(flagged.items, items),
        times: format::count(flagged.times),
        href: (flagged.flag == Flag::OriginImputed).then(|| asking.set(ItemSet::OriginImputed)),
    }
}

const fn flag_words(flag: Flag) -> &'static str {
    match flag {
        Flag::OriginImputed => "no detection carries the origin: the wall clock is a lower bound",
        Flag::IgnoredPause => "a pause while no clock ran, or a second one",
        Flag::IgnoredResume => "a resume without a pause",
        Flag::IgnoredSeverity => "a severity nobody knows, or the present one again",
        Flag::IgnoredException => "an exception on a closed item",
        Flag::IgnoredExpiry => "an exception ended that had never begun",
        Flag::IgnoredClose => "closed twice",
        Flag::IgnoredKevDue => "a due date that is no time",
        Flag::TicketAfterEnd => "the ticket came after the end",
        Flag::ClosedWithoutTicket => "closed without ever having been ticketed",
        Flag::ImplicitResume => "closed while paused: the pause ends there",
        Flag::VerifiedWhileOpen => "verified while the ticket was open",
        Flag::SightingWhileOpen => "found again while it had never been closed",
        Flag::RevertedWithoutReopen => "undone while it still stands closed or verified",
    }
}
