//! What may become of a person here? Another role, other teams, switched off; an organisation always keeps an owner.

use domain::id::OrgId;
use store::people::{NewStanding, PersonRow};
use store::{Conn, audit, people, sessions};

use super::people::{Identity, email_of, standing_of};
use super::record::Origin;
use super::role::{Membership, Role, Standing};
use crate::authorise::{Caller, Object, authorise_freshly, proof};
use crate::error::{Refusal, ServiceError};

/// What to change; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingChange {
    /// Another role.
    pub role: Option<Role>,
    /// Whether the person may act at all.
    pub membership: Option<Membership>,
    /// The teams that bound the person's reach; empty for the whole organisation.
    pub teams: Option<Vec<String>>,
}

impl Identity {
    /// Changes what a person holds; all sign-ins of theirs end. Owners are changed by owners and the operator alone.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], `last_owner`, [`ServiceError::NotAllowed`], or what the store says.
    pub async fn change_standing(
        &self,
        caller: &Caller,
        email: &str,
        change: StandingChange,
        origin: Origin,
    ) -> Result<(), ServiceError> {
        authorise_freshly::<proof::UsersManage>(caller, Object::OwnOrg)?;
        let email = email_of(email)?;
        let (store, org, now, caller) = (self.store.clone(), self.org, self.now(), caller.clone());
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            let person = people::by_email(&mut conn, org, &email).await?.ok_or(ServiceError::NotFound)?;
            let before = standing_of(&person).ok_or(ServiceError::NotFound)?;
            let after = changed(&before, change);
            if before.role == Role::Owner || after.role == Role::Owner {
                authorise_freshly::<proof::OrgManage>(&caller, Object::OwnOrg)?;
            }
            let mut act = origin.did(now, caller.actor(), "person.change", person.id().get().to_string());
            act.detail = format!("role {}, {}", after.role.as_str(), after.membership.as_str());
            // The record orders whoever changes people: two owners cannot remove each other at once.
            audit::append(&mut conn, org, &act).await?;
            if is_owner(&before) && !is_owner(&after) {
                refuse_last_owner(&mut conn, org, &person).await?;
            }
            people::set_standing(&mut conn, org, person.id(), &row_of(&after)).await?;
            sessions::end_all_of(&mut conn, org, person.id()).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}

fn changed(before: &Standing, change: StandingChange) -> Standing {
    Standing {
        role: change.role.unwrap_or(before.role),
        membership: change.membership.unwrap_or(before.membership),
        teams: change.teams.unwrap_or_else(|| before.teams.clone()),
        auditor_until: before.auditor_until,
    }
}

fn row_of(standing: &Standing) -> NewStanding {
    NewStanding {
        role: standing.role.as_str(),
        membership: standing.membership.as_str(),
        teams: standing.teams.join("\n"),
        auditor_until: standing.auditor_until,
    }
}

fn is_owner(standing: &Standing) -> bool {
    standing.role == Role::Owner && standing.membership == Membership::Active
}

async fn refuse_last_owner(conn: &mut Conn<'_>, org: OrgId, leaving: &PersonRow) -> Result<(), ServiceError> {
    let others = people::list(conn, org).await?;
    let stays = |person: &PersonRow| person.id() != leaving.id() && standing_of(person).as_ref().is_some_and(is_owner);
    if others.iter().any(stays) {
        return Ok(());
    }
    Err(Refusal::new("last_owner", "the last owner of the organisation cannot leave or be switched off").into())
}
