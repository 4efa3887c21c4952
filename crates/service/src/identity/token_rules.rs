//! Which token may be made? Bounded in time, narrow in what it opens, and never more than its maker has.

use domain::time::Timestamp;
use store::StoreError;
use store::tokens::TokenRow;

use super::caller::{Caller, Names};
use super::permission::Permission;
use super::scope::Scope;
use super::token_text::is_public_id;
use super::tokens::{TOKEN_DAYS_MAX, TokenToMake};
use crate::authorise::{Object, decide};
use crate::error::{Refusal, ServiceError};

/// A name longer than this helps nobody.
const NAME_CHARACTERS_MAX: usize = 120;
/// Tokens of one person that hold at once.
pub const OWN_TOKENS_MAX: usize = 50;

/// The scopes a caller may give: those of which the caller holds everything they open. What only tokens carry is given
/// by whoever runs the tokens of machines.
#[must_use]
pub fn scopes_to_give(caller: &Caller) -> Vec<Scope> {
    let holds = |permission: &Permission| {
        let asked = if permission.is_for_tokens_alone() { Permission::TokensMachine } else { *permission };
        decide(caller, asked, Object::OwnOrg).is_ok()
    };
    let opened_by = |scope: &Scope| {
        // Names are asked for apart.
        let opened = Permission::ALL.iter().filter(|permission| **permission != Permission::NamesRead);
        opened.filter(|permission| permission.scopes().contains(scope)).all(holds)
    };
    Scope::ALL.iter().copied().filter(opened_by).collect()
}

/// Whether the caller may let a token see names.
#[must_use]
pub fn may_show_names(caller: &Caller) -> bool {
    decide(caller, Permission::NamesRead, Object::OwnOrg).is_ok()
}

/// # Errors
/// `bad_token_request` with what has to change.
pub(super) fn check(caller: &Caller, wanted: &TokenToMake) -> Result<(), ServiceError> {
    let refuse = |detail: &str, place: &str| Err(Refusal::new("bad_token_request", detail).place(place).into());
    if wanted.scopes.is_empty() {
        return refuse("a token needs at least one scope", "scope");
    }
    let given = scopes_to_give(caller);
    if let Some(scope) = wanted.scopes.iter().find(|scope| !given.contains(scope)) {
        return refuse(&format!("`{}` is more than your role may give", scope.as_str()), "scope");
    }
    if wanted.names == Names::Shown && !may_show_names(caller) {
        return refuse("your role does not see names, so a token of yours cannot", "names");
    }
    if !(1..=TOKEN_DAYS_MAX).contains(&wanted.days) {
        return refuse("a token holds between 1 and 400 days", "days");
    }
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
        return refuse("a token needs a name of 1 to 120 characters", "name");
    }
    if wanted.sources.iter().any(|source| source.is_empty() || source.contains(',')) {
        return refuse("a source is a word without commas", "source");
    }
    if wanted.public_id.as_deref().is_some_and(|public_id| !is_public_id(public_id)) {
        return refuse("the form was changed on its way; open the page again", "id");
    }
    Ok(())
}

/// # Errors
/// `too_many_tokens` when the person holds more than the limit.
pub(super) fn refuse_too_many(own: &[TokenRow], now: Timestamp) -> Result<(), ServiceError> {
    let alive = own.iter().filter(|token| token.revoked_at().is_none() && now < token.expires_at()).count();
    if alive <= OWN_TOKENS_MAX {
        return Ok(());
    }
    let detail = format!("{OWN_TOKENS_MAX} tokens of yours hold already");
    Err(Refusal::new("too_many_tokens", detail).hint("revoke one that is not used").into())
}

/// A token whose letters are taken was made by the same form.
pub(super) fn made_before(error: StoreError) -> ServiceError {
    if matches!(&error, StoreError::Constraint(name) if name.contains("public_id")) {
        let detail = "this form was sent before, and its token was made; its text was shown then and is not kept";
        return Refusal::new("already_made", detail).hint("revoke that token and make another").into();
    }
    error.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::role::{Role, Standing};
    use domain::id::{OrgId, PersonId};

    fn given_by(role: Role) -> String {
        let caller = Caller::person(
            OrgId::from_row(1),
            PersonId::from_row(1),
            Standing::active(role),
            Timestamp::from_seconds(0),
        );
        Scope::join(&scopes_to_give(&caller))
    }

    #[test]
    fn nobody_gives_more_than_they_have() {
        let all = Scope::join(Scope::ALL);
        assert_eq!(given_by(Role::Owner), all);
        assert_eq!(
            given_by(Role::Admin),
            "read:api,read:bi,read:reports,read:audit,read:metrics,write:events,write:imports,write:quarantine,write:registers,write:references"
        );
        assert_eq!(
            given_by(Role::Ciso),
            "read:api,read:bi,read:reports,read:audit,write:drills,write:registers,make:reports"
        );
        assert_eq!(
            given_by(Role::Analyst),
            "read:api,read:bi,read:reports,write:imports,write:quarantine,write:registers,make:reports"
        );
        assert_eq!(given_by(Role::DrillLead), "read:api,read:bi,read:reports,write:drills,write:registers");
    }
}
