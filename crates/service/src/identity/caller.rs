//! Who is asking, and with what standing?

use domain::id::{OrgId, PersonId, SourceId, TokenId};
use domain::time::Timestamp;

use super::role::Standing;
use super::scope::Scope;

/// Whoever asks a question or sends a change, with all that a decision needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The organisation whose data the caller may meet, and no other.
    pub org: OrgId,
    /// Who it is.
    pub who: Who,
    /// When the request arrived: grants and tokens end with time.
    pub at: Timestamp,
}

/// The kinds of callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person who signed in.
    Person {
        /// Whom the audit trail names.
        id: PersonId,
        /// What the person holds in the organisation.
        standing: Standing,
        /// When the person last gave the password, as far as this request knows.
        proved_at: Option<Timestamp>,
    },
    /// A program with a token.
    Token {
        /// Whom the audit trail names.
        id: TokenId,
        /// What the token was made for.
        scopes: Vec<Scope>,
        /// The sources it may write to; empty means the ones of its organisation.
        sources: Vec<String>,
        /// Whether it was made to see names.
        names: Names,
        /// The standing of its maker now; absent when the operator's shell made it.
        maker: Option<Standing>,
    },
    /// A tool that sends by itself and has shown that it is the one.
    Webhook {
        /// Whom the audit trail names.
        id: SourceId,
        /// The one source it may write to.
        source: String,
    },
    /// Whoever holds the operator's shell and so the database.
    Operator,
}

/// Whether a token sees names or opaque codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Names {
    /// As they are.
    Shown,
    /// Opaque codes.
    Masked,
}

impl Caller {
    /// The operator's shell, for the commands of the command line.
    #[must_use]
    pub const fn operator(org: OrgId, at: Timestamp) -> Self {
        Self { org, who: Who::Operator, at }
    }

    /// A person who signed in.
    #[must_use]
    pub const fn person(org: OrgId, id: PersonId, standing: Standing, at: Timestamp) -> Self {
        Self { org, who: Who::Person { id, standing, proved_at: None }, at }
    }

    /// The same person, who gave the password at that moment.
    #[must_use]
    pub fn proved(mut self, moment: Timestamp) -> Self {
        if let Who::Person { proved_at, .. } = &mut self.who {
            *proved_at = Some(moment);
        }
        self
    }
}
