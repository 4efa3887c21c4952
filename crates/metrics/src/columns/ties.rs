//! What is an item tied to? Its weakness, playbook and techniques: few combinations, each kept once under a number.

use std::{collections::BTreeMap, sync::Arc};

/// What one item, and others like it, are tied to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tie {
    pub(crate) weakness: Option<Box<str>>,
    pub(crate) playbook: Option<Box<str>>,
    /// Sorted.
    pub(crate) techniques: Vec<Box<str>>,
}

impl Tie {
    pub(crate) fn weakness(&self) -> Option<&str> {
        self.weakness.as_deref()
    }

    fn is(&self, ties: &domain::fact::Ties) -> bool {
        (&self.weakness, &self.playbook, &self.techniques) == (&ties.weakness, &ties.playbook, &ties.techniques)
    }
}

/// All combinations that were ever seen. Number 0 is that of nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ties {
    all: Vec<Arc<Tie>>,
    numbers: BTreeMap<Arc<Tie>, u32>,
}

impl Ties {
    /// The number of what an item is tied to, which is most often the one it had before.
    pub(crate) fn number(&mut self, ties: &domain::fact::Ties, before: Option<u32>) -> u32 {
        if ties.weakness.is_none() && ties.playbook.is_none() && ties.techniques.is_empty() {
            return 0;
        }
        if let Some(before) = before.filter(|before| self.get(*before).is_some_and(|known| known.is(ties))) {
            return before;
        }
        let tie = Tie {
            weakness: ties.weakness.clone(),
            playbook: ties.playbook.clone(),
            techniques: ties.techniques.clone(),
        };
        if let Some(known) = self.numbers.get(&tie) {
            return *known;
        }
        let tie = Arc::new(tie);
        self.all.push(tie.clone());
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(tie, number);
        number
    }

    /// What a number stands for; `None` for nothing.
    pub(crate) fn get(&self, number: u32) -> Option<&Tie> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.all.get(place).map(AsRef::as_ref)
    }

    /// Which numbers pass, that of nothing among them.
    pub(crate) fn list(&self, passes: impl Fn(&Tie) -> bool) -> Vec<bool> {
        std::iter::once(passes(&Tie::default())).chain(self.all.iter().map(|tie| passes(tie))).collect()
    }

    /// Bytes in memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let text = |word: &Option<Box<str>>| word.as_deref().map_or(0, str::len);
        let techniques = |tie: &Tie| tie.techniques.iter().map(|word| word.len() + 16).sum::<usize>();
        let own = self.all.iter().map(|tie| text(&tie.weakness) + text(&tie.playbook) + techniques(tie));
        own.sum::<usize>() + self.all.len() * (size_of::<Tie>() + 16 + 8 + 24)
    }
}
