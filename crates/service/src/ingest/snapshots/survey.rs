//! What does a snapshot look like as a whole beside the one before? Read once, before anything is concluded of any item.

use super::{
    lines::{Entry, Lines},
    sorted::short,
};
use formats::foreign::snapshot::{Between, Sighting, Stand, State, likeness};
use std::{cmp::Ordering, collections::HashSet, fs::File, io};

/// Both snapshots side by side, in the order of items.
pub(super) struct Pairs {
    before: Option<Lines>,
    now: Lines,
    next_before: Option<Entry>,
    next_now: Option<Entry>,
}

/// What both say of one item; one of them at least speaks of it.
pub(super) struct Pair {
    pub(super) item: String,
    pub(super) known: Option<Stand>,
    pub(super) sighting: Option<Sighting>,
}

impl Pairs {
    pub(super) fn of(before: Option<&File>, now: &File) -> io::Result<Self> {
        let (mut before, mut now) = (before.map(Lines::of).transpose()?, Lines::of(now)?);
        let next_before = before.as_mut().map(Lines::next_entry).transpose()?.flatten();
        let next_now = now.next_entry()?;
        Ok(Self { before, now, next_before, next_now })
    }

    pub(super) fn next_pair(&mut self) -> io::Result<Option<Pair>> {
        let order = match (&self.next_before, &self.next_now) {
            (Some(before), Some(now)) => before.item.cmp(&now.item),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(None),
        };
        let before = if order.is_le() { self.step_before()? } else { None };
        let now = if order.is_ge() { self.step_now()? } else { None };
        let item = before.as_ref().or(now.as_ref()).map(|entry| entry.item.clone()).unwrap_or_default();
        let known = before.map(|entry| entry.said.stand(None));
        Ok(Some(Pair { item, known, sighting: now.map(|entry| entry.said) }))
    }

    fn step_before(&mut self) -> io::Result<Option<Entry>> {
        let next = self.before.as_mut().map(Lines::next_entry).transpose()?.flatten();
        Ok(std::mem::replace(&mut self.next_before, next))
    }

    fn step_now(&mut self) -> io::Result<Option<Entry>> {
        let next = self.now.next_entry()?;
        Ok(std::mem::replace(&mut self.next_now, next))
    }
}

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Items that were open, and lie within what the present one covers.
    pub(super) open: u64,
    /// Of these, the ones of which it does not speak, under no id.
    pub(super) gone: u64,
    /// What the items are like that seem to be there under another id.
    pub(super) renamed: HashSet<u64>,
}

/// Counts what is gone, and finds what only has another id: eight bytes for each item that is gone, and for each new one.
pub(super) fn survey(mut pairs: Pairs, between: &Between<'_>) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    while let Some(Pair { item, known, sighting }) = pairs.next_pair()? {
        match (&known, &sighting) {
            (Some(stand), sighting) if between.expects(&item, stand) => {
                survey.open += 1;
                if sighting.is_none() {
                    survey.gone += 1;
                    gone.extend(likeness(&item, stand).as_deref().map(short));
                }
            }
            (None, Some(sighting)) if sighting.state == State::Open => {
                new.extend(likeness(&item, &sighting.stand(None)).as_deref().map(short));
            }
            _ => {}
        }
    }
    let new: HashSet<u64> = unique(new).into_iter().collect();
    survey.renamed = unique(gone).into_iter().filter(|like| new.contains(like)).collect();
    survey.gone -= survey.renamed.len() as u64;
    Ok(survey)
}

/// The first items that are gone, under any id: `most` of them.
pub(super) fn gone(mut pairs: Pairs, between: &Between<'_>, most: usize) -> io::Result<Vec<String>> {
    let mut gone = Vec::new();
    while gone.len() < most
        && let Some(Pair { item, known, sighting }) = pairs.next_pair()?
    {
        let is_gone = |stand: &Stand| between.expects(&item, stand) && !(between.renamed)(&item, stand);
        if sighting.is_none() && known.as_ref().is_some_and(is_gone) {
            gone.push(item);
        }
    }
    Ok(gone)
}

/// Those that are there exactly once: what two items are like is no sign of either.
fn unique(mut likenesses: Vec<u64>) -> Vec<u64> {
    likenesses.sort_unstable();
    let alone = |group: &[u64]| match group {
        [only] => Some(*only),
        _ => None,
    };
    likenesses.chunk_by(u64::eq).filter_map(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_once_is_a_sign() {
        assert_eq!(unique(vec![3, 1, 2, 3, 3, 2, 7]), [1, 7]);
        assert_eq!(unique(Vec::new()), Vec::<u64>::new());
    }
}
