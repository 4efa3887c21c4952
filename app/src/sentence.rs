//! How does a sentence carry its numbers? As pieces, so that each number can lead to its items.

use serde::{Deserialize, Serialize};

/// A run of words with one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    Plain(String),
    Strong(String),
    Muted(String),
    /// Words about what the report claims.
    Paper(String),
    /// Words about what events prove.
    Practice(String),
    /// Words that lead somewhere.
    Link {
        words: String,
        href: String,
    },
}

/// A sentence of pieces in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence(pub Vec<Piece>);

impl Sentence {
    #[must_use]
    pub fn plain(words: impl Into<String>) -> Self {
        Self(vec![Piece::Plain(words.into())])
    }

    /// The sentence, followed by more words.
    #[must_use]
    pub fn and(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Plain(words.into()));
        self
    }

    /// The sentence, followed by words that lead to `href`.
    #[must_use]
    pub fn link(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.0.push(Piece::Link { words: words.into(), href: href.into() });
        self
    }

    /// The sentence, followed by words with weight.
    #[must_use]
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Strong(words.into()));
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Sentence {
    fn from(words: &str) -> Self {
        Self::plain(words)
    }
}
