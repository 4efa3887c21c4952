//! What do the columns keep of one item? Everything a figure over many items needs, in as few words as it takes.

use super::{
    blob::{EndedRecord, RecordKind},
    codes::Codes,
    moment::{NEVER, packed, packed_or_never},
    span::{Marks, SpanRow},
};
use domain::{
    claim::Verdict,
    fact::{Cause, ItemFacts, Outcome, Situation, SlaRecord},
    label::Label,
    severity::Severity,
};

/// One spell of an item: an episode, or the time after a press of *close*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spell {
    pub(crate) start: u32,
    /// [`NEVER`] while it lasts.
    pub(crate) end: u32,
    pub(crate) cause: Cause,
    /// The end is a standing close that nobody checked.
    pub(crate) lenient: bool,
}

/// What has been going on since the last event, and what is true of an item once and for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State(pub(crate) u16);

impl State {
    pub(crate) const PRESENT: u16 = 1 << 5;
    pub(crate) const TOUCHED: u16 = 1 << 6;
    pub(crate) const IMPUTED: u16 = 1 << 7;
    pub(crate) const SEEN_AGAIN: u16 = 1 << 8;
    /// Its kind was written.
    pub(crate) const KIND_WRITTEN: u16 = 1 << 10;
    /// More is known of it than fits into the columns.
    pub(crate) const MORE: u16 = 1 << 9;
    /// Where the ticket tool's own verdict lies: 0 where it says none, else its code and 1.
    const VERDICT_SHIFT: u32 = 11;
    const VERDICT_MOST: u16 = 7;

    pub(crate) const fn of(situation: Situation) -> Self {
        Self(
            Self::PRESENT
                | match situation {
                    Situation::Over => 0,
                    Situation::Untracked => 1,
                    Situation::Shut => 2,
                    Situation::Excepted => 3,
                    Situation::Paused => 4,
                    Situation::Active(Severity::Critical) => 8,
                    Situation::Active(Severity::High) => 9,
                    Situation::Active(Severity::Medium) => 10,
                    Situation::Active(Severity::Low) => 11,
                },
        )
    }

    pub(crate) fn with(self, mark: Option<u16>) -> Self {
        Self(self.0 | mark.unwrap_or_default())
    }

    fn with_verdict(self, verdict: Option<Verdict>) -> Self {
        let code = verdict.map_or(0, |verdict| u16::from(verdict.code()) + 1);
        Self(self.0 | code << Self::VERDICT_SHIFT)
    }

    /// What the ticket tool itself says.
    pub(crate) fn verdict(self) -> Option<Verdict> {
        let code = (self.0 >> Self::VERDICT_SHIFT & Self::VERDICT_MOST).checked_sub(1)?;
        u8::try_from(code).ok().and_then(Verdict::from_code)
    }

    pub(crate) const fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    pub(crate) const fn situation(self) -> Situation {
        match self.0 & 31 {
            1 => Situation::Untracked,
            2 => Situation::Shut,
            3 => Situation::Excepted,
            4 => Situation::Paused,
            8 => Situation::Active(Severity::Critical),
            9 => Situation::Active(Severity::High),
            10 => Situation::Active(Severity::Medium),
            11 => Situation::Active(Severity::Low),
            _ => Situation::Over,
        }
    }
}

/// The records of one item by severity and outcome: few patterns are shared by all items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RecordCounts {
    /// Closed records that count as met, by severity.
    pub(crate) met: [u32; 4],
    /// All closed records, by severity.
    pub(crate) closed: [u32; 4],
    /// Records under an exception, by severity.
    pub(crate) exempt: [u32; 4],
}

impl RecordCounts {
    fn of(facts: &ItemFacts) -> Self {
        let mut counts = Self::default();
        for record in &facts.records {
            let place = usize::from(record.severity.code());
            let add = |to: &mut [u32; 4], holds: bool| {
                if let Some(slot) = to.get_mut(place) {
                    *slot += u32::from(holds);
                }
            };
            match record.outcome {
                Outcome::Closed => {
                    add(&mut counts.closed, true);
                    add(&mut counts.met, record.met() == Some(true));
                }
                Outcome::Exempt => add(&mut counts.exempt, true),
                Outcome::Running | Outcome::Reset | Outcome::Cancelled => {}
            }
        }
        counts
    }

    /// The kind of all ended records where they are of one kind.
    pub(crate) fn usual_kind(&self) -> RecordKind {
        let sum = |of: &[u32; 4]| of.iter().sum::<u32>();
        if sum(&self.closed) == 0 {
            return RecordKind(RecordKind::EXEMPT | RecordKind::MET);
        }
        RecordKind(if sum(&self.met) == sum(&self.closed) { RecordKind::MET } else { RecordKind::LATE })
    }
}

/// A clock of the ticket tool that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) start: u32,
    pub(crate) severity: Severity,
    /// Pauses; one that lasts ends [`NEVER`].
    pub(crate) pauses: Vec<(u32, u32)>,
}

/// What is known of few items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct More {
    /// The outside deadline, in seconds since 1970: it is read from free text.
    pub(crate) kev_due: Option<i64>,
    /// Severity after the first one, by the moment it changed.
    pub(crate) steps: Vec<(u32, Severity)>,
    /// The kind as it was written, where that is not its usual word.
    pub(crate) kind: Option<Box<str>>,
}

/// The columns of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compact {
    pub(crate) state: State,
    /// The last event.
    pub(crate) since: u32,
    /// Seconds per label up to the last event, in the order of [`Label::ALL`].
    pub(crate) labels: [u32; Label::ALL.len()],
    /// Episodes, oldest first.
    pub(crate) episodes: Vec<Spell>,
    /// Presses of *close*, each until it was seen again.
    pub(crate) closures: Vec<Spell>,
    pub(crate) records: RecordCounts,
    /// Seconds the tool counted over the closed records.
    pub(crate) elapsed: i64,
    /// The records of the report, oldest first: each belongs to the batch of its own end.
    pub(crate) ended_records: Vec<EndedRecord>,
    /// The record whose clock runs.
    pub(crate) running: Option<Running>,
    /// Fixing updates by their number, each with the moment of the event that named it, oldest first.
    pub(crate) patches: Vec<(u32, u32)>,
    pub(crate) more: More,
}

impl Compact {
    /// The columns of some facts, or `None` where a moment or a length does not fit. Updates get their numbers from
    /// whoever keeps the words.
    pub(crate) fn of(facts: &ItemFacts, number: &mut impl FnMut(&str) -> u32) -> Option<Self> {
        let closed = facts.records.iter().filter(|record| record.outcome == Outcome::Closed);
        let more = More {
            kev_due: facts.kev_due.map(domain::time::Timestamp::seconds),
            steps: steps(facts)?,
            kind: facts.kind.as_ref().filter(|word| crate::ledger::kind_of(facts).as_str() != &***word).cloned(),
        };
        let mut labels = [0; Label::ALL.len()];
        for (slot, seconds) in labels.iter_mut().zip(facts.settled_labels.to_array()) {
            *slot = u32::try_from(seconds).ok()?;
        }
        Some(Self {
            state: State::of(facts.tail.situation)
                .with(facts.touched.then_some(State::TOUCHED))
                .with(facts.origin_imputed.then_some(State::IMPUTED))
                .with((facts.closures.iter().any(|closure| closure.seen_again.is_some())).then_some(State::SEEN_AGAIN))
                .with(facts.kind.is_some().then_some(State::KIND_WRITTEN))
                .with((more != More::default()).then_some(State::MORE))
                .with_verdict(facts.claimed_verdict()),
            since: packed(facts.tail.since)?,
            labels,
            episodes: episodes(facts)?,
            closures: closures(facts)?,
            records: RecordCounts::of(facts),
            elapsed: closed.map(|record| record.end.map_or(0, |end| end.elapsed_seconds)).sum(),
            ended_records: ended_records(facts)?,
            running: match facts.records.iter().rev().find(|record| record.outcome == Outcome::Running) {
                Some(record) => Some(running(record)?),
                None => None,
            },
            patches: facts
                .patches
                .iter()
                .map(|(at, patch)| Some((packed(*at)?, number(patch))))
                .collect::<Option<_>>()?,
            more,
        })
    }

    /// The rows of its episodes in the order of starts.
    pub(crate) fn episode_rows(&self, slot: u32, codes: Codes) -> Vec<SpanRow> {
        let last_place = self.episodes.len().saturating_sub(1);
        let ended_never_real = |spell: &Spell| spell.end != NEVER && spell.cause == Cause::FalsePositive;
        let never_real = self.episodes.last().is_some_and(ended_never_real);
        let marks = |place: usize, spell: &Spell| {
            Marks::of_cause(spell.cause)
                .with((place == 0).then_some(Marks::FIRST))
                .with((place == last_place).then_some(Marks::LAST))
                .with(spell.lenient.then_some(Marks::LENIENT))
                .with(never_real.then_some(Marks::NEVER_REAL))
                .with((self.state.has(State::TOUCHED)).then_some(Marks::TOUCHED))
                .with((!self.more.steps.is_empty()).then_some(Marks::STEPS))
        };
        let row = |(place, spell): (usize, &Spell)| SpanRow {
            key: spell.start,
            slot,
            other: spell.end,
            codes,
            marks: marks(place, spell),
        };
        self.episodes.iter().enumerate().map(row).collect()
    }

    /// The rows of its closures in the order of starts.
    pub(crate) fn closure_rows(&self, slot: u32, codes: Codes) -> Vec<SpanRow> {
        let row = |spell: &Spell| SpanRow { key: spell.start, slot, other: spell.end, codes, marks: Marks::default() };
        self.closures.iter().map(row).collect()
    }
}

/// The same spell in the order of durations, if it has ended.
pub(crate) fn by_duration(row: SpanRow) -> Option<SpanRow> {
    (row.other != NEVER).then(|| SpanRow { key: row.other.saturating_sub(row.key), other: row.key, ..row })
}

fn steps(facts: &ItemFacts) -> Option<Vec<(u32, Severity)>> {
    facts.severity_steps.iter().skip(1).map(|(at, severity)| Some((packed(*at)?, *severity))).collect()
}

fn episodes(facts: &ItemFacts) -> Option<Vec<Spell>> {
    let last_place = facts.episodes.len().saturating_sub(1);
    let spell = |(place, episode): (usize, &domain::fact::Episode)| {
        let start = packed(episode.start)?;
        let standing = facts.standing_close.filter(|_| place == last_place && episode.end.is_none());
        let end = packed_or_never(episode.end.map(|end| end.at).or(standing))?;
        let cause = episode.end.map_or(Cause::Fixed, |end| end.cause);
        (start <= end).then_some(Spell { start, end, cause, lenient: standing.is_some() })
    };
    facts.episodes.iter().enumerate().map(spell).collect()
}

fn closures(facts: &ItemFacts) -> Option<Vec<Spell>> {
    let spell = |closure: &domain::fact::Closure| {
        let (start, end) = (packed(closure.at)?, packed_or_never(closure.seen_again)?);
        (start <= end).then_some(Spell { start, end, cause: Cause::Fixed, lenient: false })
    };
    facts.closures.iter().map(spell).collect()
}

fn ended_records(facts: &ItemFacts) -> Option<Vec<EndedRecord>> {
    let in_report = |record: &&SlaRecord| matches!(record.outcome, Outcome::Closed | Outcome::Exempt);
    let ended = |record: &SlaRecord| {
        let met = if record.met() == Some(true) { RecordKind::MET } else { RecordKind::LATE };
        let exempt = if record.outcome == Outcome::Exempt { RecordKind::EXEMPT } else { 0 };
        let end = packed_or_never(record.end.map(|end| end.at))?;
        Some(EndedRecord { end, kind: RecordKind(met | exempt) })
    };
    facts.records.iter().filter(in_report).map(ended).collect()
}

fn running(record: &SlaRecord) -> Option<Running> {
    let pauses = record.pauses.iter().map(|(from, to)| Some((packed(*from)?, packed_or_never(*to)?)));
    Some(Running { start: packed(record.start)?, severity: record.severity, pauses: pauses.collect::<Option<_>>()? })
}
