//! Who did something: a person, an automation, or the machinery around them.

use std::str::FromStr;

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorType {
    /// A person.
    Human,
    /// An automation or AI that acts or proposes.
    Agent,
    /// A scanner, a scheduler, a feed.
    System,
}

/// A word that is no actor type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown actor type `{0}`, expected human, agent or system")]
pub struct UnknownActorType(pub String);

impl ActorType {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
            Self::System => "system",
        }
    }
}

impl FromStr for ActorType {
    type Err = UnknownActorType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "human" => Ok(Self::Human),
            "agent" => Ok(Self::Agent),
            "system" => Ok(Self::System),
            other => Err(UnknownActorType(other.to_owned())),
        }
    }
}
