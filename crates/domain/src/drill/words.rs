//! Which words may stand in a drill record? Closed lists, each word with its meaning.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// A word that is not in the list of its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word `{word}`, expected one of {expected}")]
pub struct UnknownWord {
    /// What stood there.
    pub word: String,
    /// What may stand there.
    pub expected: String,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// All words of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// All of them, as they are written.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(UnknownWord { word: other.to_owned(), expected: Self::WORDS.join(", ") }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                String::deserialize(input)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

words! {
    /// How near to the real thing a drill was, the farthest first.
    DrillType {
        /// Talked through at a table.
        Tabletop = "tabletop",
        /// Walked through step by step, nothing touched.
        WalkThrough = "walk_through",
        /// Attack and defence side by side on real systems.
        Purple = "purple",
        /// On systems made for it.
        Range = "range",
        /// On the real systems, under fire.
        LiveFire = "live_fire",
    }

    /// How it is known that a scenario was new to somebody.
    NoveltyBasis {
        /// The person or the lead said so.
        Declared = "declared",
        /// No contact with that technique or tool for twelve months.
        Derived = "derived",
    }

    /// What the defence made of an inject.
    #[derive(Default)]
    DetectionOutcome {
        /// It was stopped.
        Blocked = "blocked",
        /// An alert was raised.
        Alerted = "alerted",
        /// It stands in a log, and nobody was told.
        Logged = "logged",
        /// Nothing saw it.
        None = "none",
        /// Nobody wrote down what happened.
        #[default]
        Unknown = "unknown",
    }

    /// Whether somebody could have acted on an alert.
    #[derive(Default)]
    Usable {
        /// They could.
        True = "true",
        /// They could not.
        False = "false",
        /// Nobody wrote it down.
        #[default]
        Unknown = "unknown",
    }

    /// What was decided.
    DecisionOutcome {
        /// Yes.
        Authorised = "authorised",
        /// No.
        Declined = "declined",
        /// Not yet: that is still undecided.
        Deferred = "deferred",
    }

    /// How an objective was reached.
    Rating {
        /// Performed without challenges.
        Performed = "P",
        /// Performed with some challenges.
        Some = "S",
        /// Performed with major challenges.
        Major = "M",
        /// Unable to be performed.
        Unable = "U",
    }

    /// Whether a recommendation was right.
    Truth {
        /// It was.
        Right = "right",
        /// It was not.
        Wrong = "wrong",
    }

    /// What a person made of a recommendation.
    Verdict {
        /// Followed.
        Accepted = "accepted",
        /// Refused.
        Rejected = "rejected",
        /// Nobody decided.
        None = "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_as_it_is_written_and_no_other_does() {
        for word in DrillType::ALL {
            assert_eq!(word.as_str().parse::<DrillType>().as_ref(), Ok(word));
            assert_eq!(serde_json::to_string(word).unwrap(), format!("\"{word}\""));
        }
        let fault = "game".parse::<Rating>().unwrap_err();
        assert_eq!(fault.to_string(), "unknown word `game`, expected one of P, S, M, U");
        assert!(serde_json::from_str::<Usable>("\"yes\"").is_err());
    }
}
