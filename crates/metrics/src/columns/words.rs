//! Which number stands for which word? Words are kept once; numbers are given in the order of first sight.

use std::collections::BTreeMap;

/// The words of one dimension. Number 0 is the absent word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    words: Vec<Box<str>>,
    numbers: BTreeMap<Box<str>, u32>,
}

impl Words {
    /// The number of a word, a new one where it was never seen.
    pub(crate) fn number(&mut self, word: Option<&str>) -> u32 {
        let Some(word) = word else { return 0 };
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        self.words.push(word.into());
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into(), number);
        number
    }

    /// The number of a word that has been seen.
    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The word of a number; `None` for the absent one.
    pub(crate) fn word(&self, number: u32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.words.get(place).map(AsRef::as_ref)
    }

    /// How many numbers have been given, the absent word's among them.
    pub(crate) const fn len(&self) -> usize {
        self.words.len() + 1
    }

    /// Bytes in memory, roughly: a word is kept twice.
    pub(crate) fn bytes(&self) -> usize {
        self.words.iter().map(|word| 2 * word.len() + 64).sum()
    }
}
