//! How does an act get on record? From whom and where, beside what was done.

use domain::time::Timestamp;
use store::audit::{Act, Actor};

use super::caller::{Caller, Who};

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The id of the request; empty for a command.
    pub request_id: String,
    /// The address of the client; empty for a command.
    pub address: String,
    /// What the client calls itself, cut to 200 characters.
    pub agent: String,
}

impl Caller {
    /// Whom the audit trail names.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match &self.who {
            Who::Person { id, .. } => Actor::Person(id.get()),
            Who::Token { id, .. } => Actor::Token(id.get()),
            Who::Webhook { id, .. } => Actor::Webhook(id.get()),
            Who::Operator => Actor::Operator,
        }
    }
}

impl Origin {
    /// An act of this origin that was done.
    #[must_use]
    pub fn did(&self, at: Timestamp, actor: Actor, action: &'static str, object: impl Into<String>) -> Act {
        self.act(at, actor, action, object, "done")
    }

    /// An act of this origin that was refused.
    #[must_use]
    pub fn refused(&self, at: Timestamp, actor: Actor, action: &'static str, object: impl Into<String>) -> Act {
        self.act(at, actor, action, object, "refused")
    }

    fn act(
        &self,
        at: Timestamp,
        actor: Actor,
        action: &'static str,
        object: impl Into<String>,
        outcome: &'static str,
    ) -> Act {
        Act {
            at,
            actor,
            action,
            object: object.into(),
            outcome,
            request_id: self.request_id.clone(),
            address: self.address.clone(),
            detail: String::new(),
        }
    }
}
