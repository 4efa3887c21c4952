//! May this caller do this? The only decision there is, and it denies by default.

use std::marker::PhantomData;

use domain::id::OrgId;

pub use crate::identity::caller::{Caller, Names, Who};
pub use crate::identity::permission::{Permission, Proves, Reach, proof};
use crate::identity::role::{Membership, Standing};
use domain::time::Timestamp;

/// How long a password that was just given counts for acts that want it again.
pub const PROOF_SECONDS: i64 = 5 * 60;

/// Proof that a caller may do `P` in one organisation. Only [`authorise`] makes it.
#[derive(Clone, Debug)]
pub struct Granted<P> {
    caller: Caller,
    scope: GrantedScope,
    permission: PhantomData<P>,
}

/// How far a grant reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantedScope {
    /// The whole organisation, names as they are.
    All,
    /// These teams alone.
    Teams(Vec<String>),
    /// The whole organisation with opaque codes instead of names.
    Masked,
    /// These teams alone, with opaque codes instead of names.
    MaskedTeams(Vec<String>),
}

impl GrantedScope {
    /// The teams it is held to; `None` for the whole organisation.
    #[must_use]
    pub fn teams(&self) -> Option<Vec<String>> {
        match self {
            Self::Teams(teams) | Self::MaskedTeams(teams) => Some(teams.clone()),
            Self::All | Self::Masked => None,
        }
    }

    /// Whether names are shown.
    #[must_use]
    pub const fn names(&self) -> Names {
        match self {
            Self::All | Self::Teams(_) => Names::Shown,
            Self::Masked | Self::MaskedTeams(_) => Names::Masked,
        }
    }

    fn masked(self) -> Self {
        self.teams().map_or(Self::Masked, Self::MaskedTeams)
    }
}

impl<P> Granted<P> {
    /// The organisation the grant is for.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.caller.org
    }

    /// Whom it was given to.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// How far it reaches.
    #[must_use]
    pub const fn scope(&self) -> &GrantedScope {
        &self.scope
    }
}

impl Granted<proof::DrillsWrite> {
    /// The findings of a drill are events of items: whoever may record the drill may record them with it.
    pub(crate) fn of_findings(&self) -> Granted<proof::EventsWrite> {
        Granted { caller: self.caller.clone(), scope: self.scope.clone(), permission: PhantomData }
    }
}

/// What is asked for besides the permission itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object<'a> {
    /// Whatever the organisation of the caller holds.
    OwnOrg,
    /// Something of a named organisation.
    Of(OrgId),
    /// A source that is written to.
    Source(&'a str),
}

/// Why the answer is no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Belongs to another organisation: answered like something that does not exist.
    #[error("not found")]
    Foreign,
    /// The role does not carry the permission.
    #[error("your role does not allow `{0}`")]
    Role(Permission),
    /// The token lacks the scope.
    #[error("the token lacks a scope for `{0}`")]
    Scope(Permission),
    /// The token may not write to that source.
    #[error("the token may not write to this source")]
    Source,
    /// The person may not act at the moment.
    #[error("the membership is not active")]
    NotActive,
    /// The password was given too long ago for this act.
    #[error("this needs the password again")]
    StepUp,
}

/// Lets the caller do `P` on `object`, or says why not.
///
/// # Errors
/// [`Denied`]: whatever is not allowed by the table is denied.
pub fn authorise<P: Proves>(caller: &Caller, object: Object<'_>) -> Result<Granted<P>, Denied> {
    let scope = decide(caller, P::PERMISSION, object)?;
    Ok(Granted { caller: caller.clone(), scope, permission: PhantomData })
}

/// The same for an act that wants the password again: a browser that was left open does not do it.
///
/// # Errors
/// [`Denied`] as in [`authorise`], [`Denied::StepUp`] when the password was given too long ago.
pub fn authorise_freshly<P: Proves>(caller: &Caller, object: Object<'_>) -> Result<Granted<P>, Denied> {
    let granted = authorise::<P>(caller, object)?;
    if is_fresh(caller) { Ok(granted) } else { Err(Denied::StepUp) }
}

/// Whether a person gave the password a moment ago. Tokens and the operator's shell have none to give.
#[must_use]
pub fn is_fresh(caller: &Caller) -> bool {
    match &caller.who {
        Who::Person { proved_at, .. } => proved_at.is_some_and(|moment| caller.at.since(moment) < PROOF_SECONDS),
        Who::Token { .. } | Who::Webhook { .. } | Who::Operator => true,
    }
}

/// The decision itself, for whoever needs the answer and not the proof.
///
/// # Errors
/// [`Denied`] as in [`authorise`].
pub fn decide(caller: &Caller, permission: Permission, object: Object<'_>) -> Result<GrantedScope, Denied> {
    if let Object::Of(org) = object
        && org != caller.org
    {
        return Err(Denied::Foreign);
    }
    match &caller.who {
        Who::Operator => Ok(GrantedScope::All),
        Who::Webhook { source, .. } => by_webhook(permission, source, object),
        Who::Person { standing, .. } => {
            let reach = reach_of(standing, permission, caller.at)?;
            scope_of(reach, &standing.teams).ok_or(Denied::Role(permission))
        }
        Who::Token { scopes, sources, names, maker, .. } => {
            if !permission.scopes().iter().any(|scope| scopes.contains(scope)) {
                return Err(Denied::Scope(permission));
            }
            if let Object::Source(source) = object
                && !sources.is_empty()
                && !sources.iter().any(|own| own == source)
            {
                return Err(Denied::Source);
            }
            by_token(permission, maker.as_ref(), *names, caller.at)
        }
    }
}

/// A tool that sends by itself writes events to its own source, and nothing else.
fn by_webhook(permission: Permission, own: &str, object: Object<'_>) -> Result<GrantedScope, Denied> {
    match (permission, object) {
        (Permission::EventsWrite, Object::Source(source)) if source == own => Ok(GrantedScope::All),
        (Permission::EventsWrite, _) => Err(Denied::Source),
        (_, _) => Err(Denied::Role(permission)),
    }
}

/// What a token may do at most: what its maker may do at this moment, with names only where it asked for them.
fn by_token(
    permission: Permission,
    maker: Option<&Standing>,
    names: Names,
    at: Timestamp,
) -> Result<GrantedScope, Denied> {
    let scope = match maker {
        None => GrantedScope::All,
        Some(standing) if permission.is_for_tokens_alone() => {
            if standing.membership != Membership::Active {
                return Err(Denied::NotActive);
            }
            GrantedScope::All
        }
        Some(standing) => {
            let reach = reach_of(standing, permission, at)?;
            scope_of(reach, &standing.teams).ok_or(Denied::Role(permission))?
        }
    };
    match (names, permission) {
        (Names::Masked, Permission::NamesRead) => Err(Denied::Scope(permission)),
        (Names::Masked, Permission::ItemsRead | Permission::DrillsRead) => Ok(scope.masked()),
        (Names::Masked | Names::Shown, _) => Ok(scope),
    }
}

fn reach_of(standing: &Standing, permission: Permission, at: Timestamp) -> Result<Reach, Denied> {
    if standing.membership != Membership::Active {
        return Err(Denied::NotActive);
    }
    let by_role = permission.of_role(standing.role);
    let as_auditor = match standing.auditor_until {
        Some(until) if at < until => permission.of_auditor(),
        Some(_) | None => Reach::Nothing,
    };
    Ok(by_role.max(as_auditor))
}

/// A person without a team list leads the whole organisation, as far as the role goes.
fn scope_of(reach: Reach, teams: &[String]) -> Option<GrantedScope> {
    match reach {
        Reach::Nothing => None,
        Reach::Masked => Some(GrantedScope::Masked),
        Reach::OwnTeams if teams.is_empty() => Some(GrantedScope::All),
        Reach::OwnTeams => Some(GrantedScope::Teams(teams.to_vec())),
        Reach::All => Some(GrantedScope::All),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::role::Role;
    use crate::identity::scope::Scope;
    use domain::id::{PersonId, SourceId, TokenId};

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn org() -> OrgId {
        OrgId::from_row(1)
    }

    fn person(standing: Standing) -> Caller {
        Caller::person(org(), PersonId::from_row(7), standing, NOW)
    }

    fn token(scopes: &[Scope], maker: Option<Standing>) -> Caller {
        let who = Who::Token {
            id: TokenId::from_row(3),
            scopes: scopes.to_vec(),
            sources: vec!["scanner".to_owned()],
            names: Names::Shown,
            maker,
        };
        Caller { org: org(), who, at: NOW }
    }

    fn allowed(caller: &Caller, permission: Permission) -> Result<GrantedScope, Denied> {
        decide(caller, permission, Object::OwnOrg)
    }

    #[test]
    fn whoever_is_not_active_may_do_nothing() {
        for membership in [Membership::Invited, Membership::Disabled] {
            let caller = person(Standing { membership, ..Standing::active(Role::Owner) });
            for permission in Permission::ALL {
                assert_eq!(allowed(&caller, *permission), Err(Denied::NotActive), "{permission}");
            }
        }
    }

    #[test]
    fn something_of_another_organisation_does_not_exist() {
        let caller = person(Standing::active(Role::Owner));
        let answer = decide(&caller, Permission::ItemsRead, Object::Of(OrgId::from_row(2)));
        assert_eq!(answer, Err(Denied::Foreign));
    }

    #[test]
    fn a_lead_reaches_the_own_teams_only() {
        let lead = Standing { teams: vec!["Cloud".to_owned()], ..Standing::active(Role::Analyst) };
        let answer = allowed(&person(lead), Permission::ItemsRead);
        assert_eq!(answer, Ok(GrantedScope::Teams(vec!["Cloud".to_owned()])));
    }

    #[test]
    fn an_auditor_grant_ends_on_time() {
        let until = |seconds| Standing {
            auditor_until: Some(Timestamp::from_seconds(seconds)),
            ..Standing::active(Role::BoardViewer)
        };
        assert_eq!(allowed(&person(until(1_000_001)), Permission::AuditRead), Ok(GrantedScope::All));
        assert_eq!(allowed(&person(until(1_000_000)), Permission::AuditRead), Err(Denied::Role(Permission::AuditRead)));
    }

    #[test]
    fn a_token_needs_the_scope_and_never_exceeds_its_maker() {
        let viewer = Some(Standing::active(Role::BoardViewer));
        let reads = token(&[Scope::ReadApi], viewer.clone());
        assert_eq!(allowed(&reads, Permission::FiguresRead), Ok(GrantedScope::All));
        assert_eq!(allowed(&reads, Permission::ItemsRead), Ok(GrantedScope::Masked));
        assert_eq!(allowed(&reads, Permission::NamesRead), Err(Denied::Role(Permission::NamesRead)));
        assert_eq!(allowed(&reads, Permission::EventsWrite), Err(Denied::Scope(Permission::EventsWrite)));
        let imports = token(&[Scope::WriteImports], viewer);
        assert_eq!(allowed(&imports, Permission::ImportsWrite), Err(Denied::Role(Permission::ImportsWrite)));
    }

    #[test]
    fn a_token_without_names_shows_none_whatever_its_maker_sees() {
        let lead = Standing { teams: vec!["Cloud".to_owned()], ..Standing::active(Role::Analyst) };
        let makers = [
            (None, GrantedScope::Masked),
            (Some(Standing::active(Role::Owner)), GrantedScope::Masked),
            (Some(lead), GrantedScope::MaskedTeams(vec!["Cloud".to_owned()])),
        ];
        for (maker, reach) in makers {
            let mut caller = token(&[Scope::ReadApi], maker);
            if let Who::Token { names, .. } = &mut caller.who {
                *names = Names::Masked;
            }
            assert_eq!(allowed(&caller, Permission::ItemsRead), Ok(reach));
            assert_eq!(allowed(&caller, Permission::NamesRead), Err(Denied::Scope(Permission::NamesRead)));
        }
    }

    #[test]
    fn a_password_counts_for_five_minutes() {
        let owner = |proved_at: Option<i64>| {
            let caller = person(Standing::active(Role::Owner));
            let caller = proved_at.map_or(caller.clone(), |at| caller.proved(Timestamp::from_seconds(at)));
            authorise_freshly::<proof::TokensOwn>(&caller, Object::OwnOrg).map(drop)
        };
        assert_eq!(owner(Some(1_000_000 - 299)), Ok(()));
        assert_eq!(owner(Some(1_000_000 - 300)), Err(Denied::StepUp));
        assert_eq!(owner(None), Err(Denied::StepUp));
        let viewer = person(Standing::active(Role::BoardViewer)).proved(NOW);
        let refused = authorise_freshly::<proof::TokensOwn>(&viewer, Object::OwnOrg).map(drop);
        assert_eq!(
            refused,
            Err(Denied::Role(Permission::TokensOwn)),
            "a password opens nothing that the role does not"
        );
        assert!(is_fresh(&Caller::operator(org(), NOW)));
    }

    #[test]
    fn a_token_stops_with_the_person_who_made_it() {
        let gone = Standing { membership: Membership::Disabled, ..Standing::active(Role::Owner) };
        let caller = token(&[Scope::WriteEvents], Some(gone));
        assert_eq!(allowed(&caller, Permission::EventsWrite), Err(Denied::NotActive));
    }

    #[test]
    fn a_webhook_writes_events_to_its_own_source_and_does_nothing_else() {
        let who = Who::Webhook { id: SourceId::from_row(4), source: "tickets".to_owned() };
        let caller = Caller { org: org(), who, at: NOW };
        let own = Object::Source("tickets");
        for permission in Permission::ALL {
            assert_eq!(
                decide(&caller, *permission, own).is_ok(),
                *permission == Permission::EventsWrite,
                "{permission}"
            );
            assert!(decide(&caller, *permission, Object::OwnOrg).is_err(), "{permission}");
        }
        assert_eq!(decide(&caller, Permission::EventsWrite, Object::Source("scanner")), Err(Denied::Source));
    }

    #[test]
    fn a_token_writes_to_its_own_sources_only() {
        let caller = token(&[Scope::WriteEvents], None);
        let write = |source| decide(&caller, Permission::EventsWrite, Object::Source(source));
        assert_eq!(write("scanner"), Ok(GrantedScope::All));
        assert_eq!(write("tickets"), Err(Denied::Source));
    }
}
