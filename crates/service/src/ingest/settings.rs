//! What does the receiver decide about lines that the lines themselves may not?

use crate::{
    authorise::{Granted, Object, authorise, proof},
    error::{Refusal, ServiceError},
};
use serde::{Deserialize, Serialize};

/// Which moment counts as the one at which a line was learnt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedAt {
    /// The server's clock when the line was accepted.
    #[default]
    Stamped,
    /// What the line says, never later than now.
    Carried,
    /// When it happened: a history is loaded as if it had been known at once.
    Assumed,
}

impl ReceivedAt {
    /// Whether the caller may say it: whoever carries times decides what was known when.
    pub(crate) fn checked(self, granted: &Granted<proof::ImportsWrite>) -> Result<Self, ServiceError> {
        if self == Self::Carried {
            authorise::<proof::SourcesWrite>(granted.caller(), Object::OwnOrg)?;
        }
        Ok(self)
    }

    /// What stands in the audit trail behind the counts of an import.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Stamped => "",
            Self::Carried => "; received when its lines say",
            Self::Assumed => "; assumed to be known when it happened",
        }
    }
}

impl std::str::FromStr for ReceivedAt {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "stamped" => Ok(Self::Stamped),
            "carried" => Ok(Self::Carried),
            "assumed" => Ok(Self::Assumed),
            _ => Err(()),
        }
    }
}

/// Which sources a line may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedSources {
    /// Whatever it names.
    Any,
    /// Only these, and the one the lines are sent as.
    These(Vec<String>),
}

impl AllowedSources {
    pub(crate) fn allow(&self, source: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(own) => own.iter().any(|known| known == source),
        }
    }
}

/// The longest word for a source.
const SLUG_MAX: usize = 64;

pub(crate) fn is_slug(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    !word.is_empty() && word.len() <= SLUG_MAX && word.bytes().all(fits)
}

/// A source's word, or why it is none.
pub(crate) fn checked_slug(word: &str) -> Result<&str, Refusal> {
    if is_slug(word) {
        return Ok(word);
    }
    let shown: String = word.chars().take(SLUG_MAX).collect();
    Err(Refusal::new("bad_parameter", format!("`{}` is no source", shown.escape_debug()))
        .hint("expected up to 64 of a–z, 0–9, `-`, `_` and `.`")
        .place("source"))
}
