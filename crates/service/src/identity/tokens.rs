//! Which program is this, and what was its token made for?

use domain::id::PersonId;
use domain::time::Timestamp;
use store::audit::Actor;
use store::tokens::{NewToken, TokenRow};
use store::{audit, people, tokens};

use super::caller::{Caller, Names, Who};
use super::people::{Identity, broken, standing_of};
use super::record::Origin;
use super::role::Membership;
use super::scope::Scope;
use super::secret::{Secret, same};
use super::token_rules::{check, made_before, refuse_too_many};
use super::token_text::TokenText;
use crate::authorise::{Object, authorise, authorise_freshly, proof};
use crate::error::ServiceError;

/// Unless said otherwise.
pub const TOKEN_DAYS: i64 = 90;
/// No token holds longer.
pub const TOKEN_DAYS_MAX: i64 = 400;
const DAY_SECONDS: i64 = 86_400;
/// The last use is written down at most so often.
const TOUCH_SECONDS: i64 = 60;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct TokenToMake {
    /// For display.
    pub name: String,
    /// What it is for; at least one.
    pub scopes: Vec<Scope>,
    /// The sources it may write to; empty for any.
    pub sources: Vec<String>,
    /// Whether it sees names.
    pub names: Names,
    /// How long it holds.
    pub days: i64,
    /// The letters that will find it, where a form brings them: sent twice, it makes one token.
    pub public_id: Option<String>,
}

/// A token as it is listed: never its secret.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// The part that finds it.
    pub public_id: String,
    /// For display.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Whether it sees names.
    pub names: Names,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

impl Identity {
    /// Makes a token and gives its text, which is shown once.
    ///
    /// # Errors
    /// `bad_token_request`, `too_many_tokens`, `already_made`, [`ServiceError::NotAllowed`], or what the store says.
    pub async fn add_token(
        &self,
        caller: &Caller,
        wanted: TokenToMake,
        origin: Origin,
    ) -> Result<Secret<String>, ServiceError> {
        let granted = authorise_freshly::<proof::TokensOwn>(caller, Object::OwnOrg)?;
        check(caller, &wanted)?;
        let text = text_of(&wanted)?;
        let (store, org, now) = (self.store.clone(), self.org, self.now());
        let row = row_of(&wanted, &text, maker_of(caller), now);
        let actor = granted.caller().actor();
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            let id = tokens::add(&mut conn, org, &row).await.map_err(made_before)?;
            let mut act = origin.did(now, actor, "token.add", id.get().to_string());
            act.detail = format!("scopes {}", row.scopes);
            // The record orders the makers of an organisation, so nobody is counted while another token comes in.
            audit::append(&mut conn, org, &act).await?;
            if let Some(maker) = row.maker {
                refuse_too_many(&tokens::list_of(&mut conn, org, maker).await?, now)?;
            }
            tx.commit().await?;
            Ok::<(), ServiceError>(())
        })
        .await?;
        Ok(text.write())
    }

    /// All tokens, without their secrets.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`], or what the store says.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, ServiceError> {
        authorise::<proof::TokensMachine>(caller, Object::OwnOrg)?;
        let (store, org) = (self.store.clone(), self.org);
        let rows = store::run(async move {
            let mut reader = store.reader().await?;
            Ok::<_, ServiceError>(tokens::list(&mut reader.conn(), org).await?)
        })
        .await?;
        Ok(rows.into_iter().map(view_of).collect())
    }

    /// The tokens that the caller made, without their secrets.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`], or what the store says.
    pub async fn own_tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, ServiceError> {
        authorise::<proof::TokensOwn>(caller, Object::OwnOrg)?;
        let Some(maker) = maker_of(caller) else { return Ok(Vec::new()) };
        let (store, org) = (self.store.clone(), self.org);
        let rows = store::run(async move {
            let mut reader = store.reader().await?;
            Ok::<_, ServiceError>(tokens::list_of(&mut reader.conn(), org, maker).await?)
        })
        .await?;
        Ok(rows.into_iter().map(view_of).collect())
    }

    /// Ends a token that the caller made; one of somebody else does not exist here.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::NotAllowed`], or what the store says.
    pub async fn revoke_own_token(&self, caller: &Caller, public_id: &str, origin: Origin) -> Result<(), ServiceError> {
        let granted = authorise_freshly::<proof::TokensOwn>(caller, Object::OwnOrg)?;
        let own = self.own_tokens(caller).await?;
        if !own.iter().any(|token| token.public_id == public_id) {
            return Err(ServiceError::NotFound);
        }
        self.end_token(granted.caller().actor(), public_id, origin).await
    }

    /// Ends a token for good, whoever made it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::NotAllowed`], or what the store says.
    pub async fn revoke_token(&self, caller: &Caller, public_id: &str, origin: Origin) -> Result<(), ServiceError> {
        let actor = authorise_freshly::<proof::TokensMachine>(caller, Object::OwnOrg)?.caller().actor();
        self.end_token(actor, public_id, origin).await
    }

    async fn end_token(&self, actor: Actor, public_id: &str, origin: Origin) -> Result<(), ServiceError> {
        let (store, org, now, public_id) = (self.store.clone(), self.org, self.now(), public_id.to_owned());
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            audit::append(&mut conn, org, &origin.did(now, actor, "token.revoke", public_id.clone())).await?;
            match tokens::revoke(&mut conn, org, &public_id, now).await? {
                tokens::Changed::One => tx.commit().await.map_err(ServiceError::from),
                tokens::Changed::Nothing => Err(ServiceError::NotFound),
            }
        })
        .await
    }

    /// The caller behind a token, or `None` for every reason there is.
    ///
    /// # Errors
    /// What the store says.
    pub async fn token_caller(&self, text: &str) -> Result<Option<Caller>, ServiceError> {
        let Some(text) = TokenText::read(text) else {
            return Ok(None);
        };
        let (store, org, public_id) = (self.store.clone(), self.org, text.public_id.clone());
        let found = store::run(async move {
            let mut reader = store.reader().await?;
            let mut conn = reader.conn();
            let Some(token) = tokens::find(&mut conn, org, &public_id).await? else {
                return Ok(None);
            };
            let maker = match token.maker() {
                None => None,
                Some(id) => people::by_id(&mut conn, org, id).await?,
            };
            Ok::<_, ServiceError>(Some((token, maker)))
        })
        .await?;
        let Some((token, maker)) = found else { return Ok(None) };
        let now = self.now();
        let holds = same(&text.hash(), &token.hash) && token.revoked_at().is_none() && now < token.expires_at();
        if !holds {
            return Ok(None);
        }
        let maker = match (token.maker(), maker) {
            (None, _) => None,
            (Some(_), Some(person)) => match standing_of(&person) {
                // A token stops with the person, whatever it asks for.
                Some(standing) if standing.membership == Membership::Active => Some(standing),
                Some(_) | None => return Ok(None),
            },
            (Some(_), None) => return Ok(None),
        };
        let Ok(scopes) = Scope::list(&token.scopes) else {
            return Ok(None);
        };
        self.touch_token(&token, now);
        let sources = token.sources.split(',').filter(|source| !source.is_empty()).map(str::to_owned).collect();
        let names = names_of(&token);
        Ok(Some(Caller { org, who: Who::Token { id: token.id(), scopes, sources, names, maker }, at: now }))
    }

    /// Writes the last use down behind the caller's back, once a minute at most.
    fn touch_token(&self, token: &TokenRow, now: Timestamp) {
        if token.used_at().is_some_and(|used| now.since(used) < TOUCH_SECONDS) {
            return;
        }
        let (store, org, id) = (self.store.clone(), self.org, token.id());
        tokio::spawn(async move {
            let written = async {
                let mut tx = store.begin().await?;
                tokens::touch(&mut tx.conn(), org, id, now).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                tracing::warn!(event = "touch_failed", reason = %error, "the last use of a token was not written");
            }
        });
    }
}

fn text_of(wanted: &TokenToMake) -> Result<TokenText, ServiceError> {
    let text = TokenText::new().map_err(|error| broken(error.into()))?;
    Ok(match &wanted.public_id {
        Some(public_id) => TokenText { public_id: public_id.clone(), ..text },
        None => text,
    })
}

/// Whose own tokens these are; what the operator's shell makes belongs to nobody.
const fn maker_of(caller: &Caller) -> Option<PersonId> {
    match &caller.who {
        Who::Person { id, .. } => Some(*id),
        Who::Token { .. } | Who::Webhook { .. } | Who::Operator => None,
    }
}

fn names_of(row: &TokenRow) -> Names {
    if row.names == "shown" { Names::Shown } else { Names::Masked }
}

fn row_of(wanted: &TokenToMake, text: &TokenText, maker: Option<PersonId>, now: Timestamp) -> NewToken {
    NewToken {
        public_id: text.public_id.clone(),
        hash: text.hash(),
        name: wanted.name.trim().to_owned(),
        scopes: Scope::join(&wanted.scopes),
        sources: wanted.sources.join(","),
        names: match wanted.names {
            Names::Shown => "shown",
            Names::Masked => "masked",
        },
        maker,
        made_at: now,
        expires_at: now.plus(wanted.days * DAY_SECONDS),
    }
}

fn view_of(row: TokenRow) -> TokenView {
    TokenView {
        scopes: Scope::list(&row.scopes).unwrap_or_default(),
        names: names_of(&row),
        made_at: row.made_at(),
        expires_at: row.expires_at(),
        revoked_at: row.revoked_at(),
        used_at: row.used_at(),
        public_id: row.public_id,
        name: row.name,
    }
}
