//! What does a filter ask of a row? Its codes where they can tell, and one bit an item where they cannot.

use super::{
    Columns,
    codes::{CLASS_MOST, Codes, Fixed, SOURCE_MOST, TEAM_MOST, WordNumbers},
    compact::{Spell, State},
    items::ItemView,
    moment::{NEVER, unpacked, unpacked_if_any},
    words::Words,
};
use crate::ledger::{Actor, Filter, Frame, ItemSet, ItemState};
use domain::{
    fact::{Cause, Situation},
    kind::Kind,
    label::LabelSeconds,
    severity::Severity,
    time::Timestamp,
    view::Verification,
};

/// A filter made ready for scans.
#[derive(Clone, Debug)]
pub struct Selection {
    fixed: Fixed,
    teams: Option<Vec<bool>>,
    classes: Option<Vec<bool>>,
    sources: Option<Vec<bool>>,
    items: Option<Vec<u64>>,
}

impl Selection {
    /// Whether a row passes.
    #[inline(always)]
    pub(crate) fn keeps(&self, codes: Codes, slot: u32) -> bool {
        let listed = |list: &Option<Vec<bool>>, number: u32| {
            list.as_ref().is_none_or(|list| {
                usize::try_from(number).ok().and_then(|place| list.get(place)).is_some_and(|holds| *holds)
            })
        };
        let marked = |bits: &Vec<u64>| {
            usize::try_from(slot).ok().and_then(|slot| bits.get(slot / 64).map(|word| word >> (slot % 64) & 1 == 1))
        };
        self.fixed.holds(codes)
            && listed(&self.teams, codes.team())
            && listed(&self.classes, codes.class())
            && listed(&self.sources, codes.source())
            && self.items.as_ref().is_none_or(|bits| marked(bits).unwrap_or(false))
    }
}

impl Selection {
    /// Whether codes alone cannot tell who passes.
    pub(crate) const fn looks_at_items(&self) -> bool {
        self.items.is_some()
    }
}

impl Columns {
    /// Makes a filter ready.
    #[must_use]
    pub fn select(&self, filter: &Filter, frame: &Frame<'_>) -> Selection {
        let agent = filter.actor.map(|actor| actor == Actor::Agent);
        let mut selection = Selection {
            fixed: Fixed::of(filter.kind, filter.severity, agent),
            teams: teams(&self.teams, filter),
            classes: filter.asset_class.as_ref().map(|class| list(&self.classes, CLASS_MOST, |word| is(word, class))),
            sources: filter.source.as_ref().map(|source| list(&self.sources, SOURCE_MOST, |word| is(word, source))),
            items: None,
        };
        if self.needs_items(filter) {
            let mut bits = vec![0_u64; self.items.slots().div_ceil(64)];
            let asking =
                Asking { columns: self, filter, frame, text: filter.text.as_ref().map(|text| text.to_lowercase()) };
            for item in self.items.range(0..self.items.slots()) {
                if selection.keeps(item.codes, item.slot) && asking.keeps(&item) {
                    let slot = usize::try_from(item.slot).unwrap_or_default();
                    if let Some(word) = bits.get_mut(slot / 64) {
                        *word |= 1 << (slot % 64);
                    }
                }
            }
            selection.items = Some(bits);
        }
        selection
    }

    /// Whether a filter asks more than the codes of a row can tell.
    fn needs_items(&self, filter: &Filter) -> bool {
        let is_full = |words: &Words, most: u32| words.len() > usize::try_from(most).unwrap_or(usize::MAX);
        let asks_team = filter.team.is_some() || filter.teams_allowed.is_some();
        filter.state.is_some()
            || filter.label.is_some()
            || filter.age.is_some()
            || filter.set.is_some()
            || filter.text.is_some()
            || filter.detected_from.is_some()
            || filter.detected_before.is_some()
            || (asks_team && is_full(&self.teams, TEAM_MOST))
            || (filter.asset_class.is_some() && is_full(&self.classes, CLASS_MOST))
            || (filter.source.is_some() && is_full(&self.sources, SOURCE_MOST))
    }

    /// The slots of the items that pass, in ascending order.
    pub fn slots<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = u32> + 'a {
        let kept = self.items.range(0..self.items.slots());
        kept.filter(|item| selection.keeps(item.codes, item.slot)).map(|item| item.slot)
    }

    /// The full numbers of the words of an item.
    pub(super) fn words_of(&self, item: &ItemView<'_>) -> WordNumbers {
        let codes = item.codes;
        let short = WordNumbers { team: codes.team(), class: codes.class(), source: codes.source() };
        self.items.beyond().get(&item.slot).and_then(|beyond| beyond.words).unwrap_or(short)
    }
}

/// An absent word is the empty one.
fn is(word: Option<&str>, wanted: &str) -> bool {
    word.unwrap_or_default() == wanted
}

fn team_passes(filter: &Filter, word: Option<&str>) -> bool {
    let allowed = |teams: &Vec<String>| teams.iter().any(|own| Some(own.as_str()) == word);
    filter.teams_allowed.as_ref().is_none_or(allowed) && filter.team.as_ref().is_none_or(|wanted| is(word, wanted))
}

fn teams(words: &Words, filter: &Filter) -> Option<Vec<bool>> {
    let asks = filter.team.is_some() || filter.teams_allowed.is_some();
    asks.then(|| list(words, TEAM_MOST, |word| team_passes(filter, word)))
}

/// Which numbers pass; the shared last one passes for the items to be looked at.
fn list(words: &Words, most: u32, passes: impl Fn(Option<&str>) -> bool) -> Vec<bool> {
    let count = u32::try_from(words.len()).unwrap_or(u32::MAX).min(most.saturating_add(1));
    (0..count).map(|number| number == most || passes(words.word(number))).collect()
}

/// A filter asked of one item after the other.
struct Asking<'a> {
    columns: &'a Columns,
    filter: &'a Filter,
    frame: &'a Frame<'a>,
    text: Option<String>,
}

impl Asking<'_> {
    fn keeps(&self, item: &ItemView<'_>) -> bool {
        let filter = self.filter;
        self.keeps_words(item)
            && self.keeps_time(item)
            && filter.state.is_none_or(|state| state == state_of(item, filter.mode))
            && filter.age.is_none_or(|band| self.age(item).is_some_and(|age| band.holds(age)))
            && filter.label.is_none_or(|label| labels(item, self.frame, filter.mode).get(label) > 0)
            && filter.set.is_none_or(|set| holds(set, self.columns, item, self.frame, filter.mode))
    }

    fn age(&self, item: &ItemView<'_>) -> Option<i64> {
        open_since(item, self.filter.mode).map(|start| self.frame.view.as_of.since(start))
    }

    fn keeps_time(&self, item: &ItemView<'_>) -> bool {
        let origin = || item.glimpse.first().map(|spell| unpacked(spell.start));
        self.filter.detected_from.is_none_or(|from| origin().is_some_and(|origin| origin >= from))
            && self.filter.detected_before.is_none_or(|before| origin().is_some_and(|origin| origin < before))
    }

    fn keeps_words(&self, item: &ItemView<'_>) -> bool {
        let (columns, filter, words) = (self.columns, self.filter, self.columns.words_of(item));
        let (class, source) = (columns.classes.word(words.class), columns.sources.word(words.source));
        team_passes(filter, columns.teams.word(words.team))
            && filter.asset_class.as_ref().is_none_or(|wanted| is(class, wanted))
            && filter.source.as_ref().is_none_or(|wanted| is(source, wanted))
            && self.text.as_ref().is_none_or(|text| self.mentions(item, words, text))
    }

    fn mentions(&self, item: &ItemView<'_>, words: WordNumbers, text: &str) -> bool {
        let columns = self.columns;
        let beyond = columns.items.beyond().get(&item.slot);
        let usual = || Kind::ALL.get(usize::try_from(item.codes.kind()).unwrap_or_default()).map(|kind| kind.as_str());
        let written = beyond.and_then(|beyond| beyond.more.kind.as_deref());
        let kind = written.or_else(|| usual().filter(|_| item.state.has(State::KIND_WRITTEN)));
        let places =
            [columns.items.id(item.slot), columns.teams.word(words.team), kind, columns.classes.word(words.class)];
        places.into_iter().flatten().any(|place| place.to_lowercase().contains(text))
    }
}

/// The start of the last episode, if that is open in a mode.
pub(super) fn open_since(item: &ItemView<'_>, mode: Verification) -> Option<Timestamp> {
    let last = item.glimpse.last()?;
    let is_open = last.end == NEVER || (last.lenient && mode == Verification::Strict);
    is_open.then(|| unpacked(last.start))
}

fn state_of(item: &ItemView<'_>, mode: Verification) -> ItemState {
    match (open_since(item, mode), item.glimpse.standing_close()) {
        (Some(_), Some(_)) => ItemState::ClosedUnverified,
        (Some(_), None) => ItemState::Open,
        (None, _) => ItemState::Ended,
    }
}

/// Seconds under each label, the stretch since the last event included.
pub(super) fn labels(item: &ItemView<'_>, frame: &Frame<'_>, mode: Verification) -> LabelSeconds {
    let tail = domain::fact::Tail { since: unpacked(item.since), situation: item.state.situation() };
    let standing_close = item.glimpse.standing_close().map(unpacked);
    domain::fact::labels_at(item.glimpse.labels(), tail, standing_close, frame.view.as_of, mode, frame.calendar)
}

/// The severity of a code.
pub(super) fn severity(codes: Codes) -> Severity {
    u8::try_from(codes.severity()).ok().and_then(Severity::from_code).unwrap_or(Severity::Medium)
}

fn first_end(item: &ItemView<'_>, mode: Verification) -> Option<Timestamp> {
    end_of(&item.glimpse.first()?, mode)
}

/// The end of a spell, if there is one in a mode.
pub(super) fn end_of(spell: &Spell, mode: Verification) -> Option<Timestamp> {
    unpacked_if_any(spell.end).filter(|_| !spell.lenient || mode == Verification::Lenient)
}

/// Whether its class is left out of the report.
pub(super) fn is_excluded(columns: &Columns, item: &ItemView<'_>, frame: &Frame<'_>) -> bool {
    let class = columns.classes.word(columns.words_of(item).class).unwrap_or_default();
    frame.policy.excluded_classes.iter().any(|excluded| excluded == class)
}

/// Whether an item is in a set: the question of [`ItemSet::holds`], asked of the columns.
pub(super) fn holds(
    set: ItemSet,
    columns: &Columns,
    item: &ItemView<'_>,
    frame: &Frame<'_>,
    mode: Verification,
) -> bool {
    let is_open = || open_since(item, mode).is_some();
    let situation = item.state.situation();
    let due = || columns.items.beyond().get(&item.slot).and_then(|beyond| beyond.more.kev_due);
    let is_due = || due().is_some_and(|due| due < frame.view.as_of.seconds());
    match set {
        ItemSet::StillOpen => is_open(),
        ItemSet::Reported => reported(columns, item, frame).0 > 0,
        ItemSet::ReportedMet => matches!(reported(columns, item, frame), (all, met) if all > 0 && all == met),
        ItemSet::ReportedLate => matches!(reported(columns, item, frame), (all, met) if met < all),
        ItemSet::Due => promise(item, frame, mode).is_some(),
        ItemSet::Kept => promise(item, frame, mode) == Some(true),
        ItemSet::Broken => promise(item, frame, mode) == Some(false),
        ItemSet::Overdue => {
            let promised = frame.policy.targets.get(severity(item.codes)).promised_seconds();
            open_since(item, mode).is_some_and(|start| frame.view.as_of.since(start) > promised)
        }
        ItemSet::NeverTouched => is_open() && !item.state.has(State::TOUCHED),
        ItemSet::Exempt => situation == Situation::Excepted,
        ItemSet::Paused => situation == Situation::Paused,
        ItemSet::Untracked => situation == Situation::Untracked,
        ItemSet::SeenAgain => item.state.has(State::SEEN_AGAIN),
        ItemSet::Excluded => is_excluded(columns, item, frame),
        ItemSet::Exploited => due().is_some(),
        ItemSet::ExploitedDue => is_due(),
        ItemSet::ExploitedMet => {
            is_due() && first_end(item, mode).zip(due()).is_some_and(|(end, due)| end.seconds() <= due)
        }
        ItemSet::OriginImputed => item.state.has(State::IMPUTED),
    }
}

/// Records in the report, and those of them that count as met.
fn reported(columns: &Columns, item: &ItemView<'_>, frame: &Frame<'_>) -> (u32, u32) {
    if is_excluded(columns, item, frame) {
        return (0, 0);
    }
    let (records, _) = columns.items.records(item);
    let exempt = if frame.policy.exception_is_compliant { records.exempt.iter().sum() } else { 0 };
    (records.closed.iter().sum::<u32>() + exempt, records.met.iter().sum::<u32>() + exempt)
}

/// Whether the promise was kept, if its day came inside the view.
fn promise(item: &ItemView<'_>, frame: &Frame<'_>, mode: Verification) -> Option<bool> {
    let (first, last) = (item.glimpse.first()?, item.glimpse.last()?);
    let origin = unpacked(first.start);
    let due = origin.plus(frame.policy.targets.get(severity(item.codes)).promised_seconds());
    let never_real = last.end != NEVER && last.cause == Cause::FalsePositive;
    if never_real || origin < frame.view.observed_from || due >= frame.view.as_of {
        return None;
    }
    Some(first_end(item, mode).is_some_and(|end| end <= due))
}
