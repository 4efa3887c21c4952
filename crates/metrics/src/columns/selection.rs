//! What does a filter ask of a row? Its codes where they can tell, and one bit an item where they cannot.

use super::{
    Columns,
    codes::{CLASS_MOST, Codes, Fixed, SOURCE_MOST, TEAM_MOST, WordNumbers},
    compact::State,
    items::ItemView,
    moment::unpacked,
    one_item::{holds, labels, open_since, state_of},
    ties::Tie,
    words::Words,
};
use crate::ledger::{Actor, Filter, Frame, has_technique, is_or_unasked};
use domain::kind::Kind;

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
            let asking = Asking::of(self, filter, frame);
            for (slot, place) in (0..u32::MAX).zip(0..self.items.slots()) {
                if asking.keeps(&selection, slot)
                    && let Some(word) = bits.get_mut(place / 64)
                {
                    *word |= 1 << (place % 64);
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
            || filter.technique.is_some()
            || filter.playbook.is_some()
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
    /// Whether techniques and playbook pass, by the number of the tie.
    ties: Option<Vec<bool>>,
}

impl<'a> Asking<'a> {
    fn of(columns: &'a Columns, filter: &'a Filter, frame: &'a Frame<'a>) -> Self {
        let passes = |tie: &Tie| {
            filter.technique.as_deref().is_none_or(|wanted| has_technique(&tie.techniques, wanted))
                && is_or_unasked(filter.playbook.as_ref(), tie.playbook.as_deref())
        };
        let asks_ties = filter.technique.is_some() || filter.playbook.is_some();
        Self {
            columns,
            filter,
            frame,
            text: filter.text.as_ref().map(|text| text.to_lowercase()),
            ties: asks_ties.then(|| columns.ties.list(passes)),
        }
    }

    /// What is cheap to know is asked first.
    fn keeps(&self, selection: &Selection, slot: u32) -> bool {
        let Some((codes, ties)) = self.columns.items.codes_and_ties(slot) else { return false };
        let tied =
            |list: &Vec<bool>| usize::try_from(ties).ok().and_then(|place| list.get(place)).is_some_and(|is| *is);
        selection.keeps(codes, slot)
            && self.ties.as_ref().is_none_or(tied)
            && self.columns.items.get(slot).is_some_and(|item| self.keeps_item(&item))
    }

    fn keeps_item(&self, item: &ItemView<'_>) -> bool {
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
