//! The answer of the page of a person's own tokens.

use domain::time::Timestamp;
use leptos::prelude::use_context;
use service::authorise::{Caller, Names, is_fresh};
use service::error::Refusal;
use service::identity::people::Identity;
use service::identity::scope::Scope;
use service::identity::secret::Secret;
use service::identity::token_rules::{may_show_names, scopes_to_give};
use service::identity::token_text::new_public_id;
use service::identity::tokens::{TOKEN_DAYS, TokenView};

use super::asking::told;
use crate::error::UiError;
use crate::format;
use crate::pages::tokens::{Door, MadeView, OwnTokenRow, ScopeChoice, TokenForm, TokensView};
use crate::words::tokens as words;

/// Where the password is given again, and the way back.
const CONFIRM: &str = "/step-up?next=/settings/tokens";

/// What became of the form that was just sent.
#[derive(Clone, Debug)]
pub enum FormOutcome {
    Made(MadeToken),
    Refused { typed: TypedToken, refusal: Refusal },
}

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct MadeToken {
    pub name: String,
    pub text: Secret<String>,
}

/// What stood in the form.
#[derive(Clone, Debug)]
pub struct TypedToken {
    pub id: String,
    pub name: String,
    pub days: String,
    pub scopes: Vec<Scope>,
    pub names: Names,
}

impl Default for TypedToken {
    fn default() -> Self {
        Self { id: String::new(), name: String::new(), days: String::new(), scopes: Vec::new(), names: Names::Masked }
    }
}

/// Asks the service and writes its answer in words.
pub(crate) async fn load(_query: &str) -> Result<TokensView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let identity = use_context::<Identity>().ok_or(UiError::Unavailable)?;
    let outcome = use_context::<FormOutcome>();
    let own = identity.own_tokens(&caller).await.map_err(told)?;
    let alive = own.iter().filter(|token| holds(token, caller.at)).count() as u64;
    let (made, refused) = match outcome {
        Some(FormOutcome::Made(made)) => (Some(made), None),
        Some(FormOutcome::Refused { typed, refusal }) => (None, Some((typed, refusal))),
        None => (None, None),
    };
    Ok(TokensView {
        answer: vec![if alive == 0 {
            words::NONE.to_owned()
        } else {
            format!(
                "{} of yours {}.",
                format::counted(alive, "token", "tokens"),
                if alive == 1 { "holds" } else { "hold" }
            )
        }],
        made: made.map(|made| MadeView { name: made.name, text: made.text.expose().clone() }),
        door: door(&caller, refused)?,
        tokens: own.iter().map(|token| row(token, caller.at)).collect(),
    })
}

fn holds(token: &TokenView, now: Timestamp) -> bool {
    token.revoked_at.is_none() && now < token.expires_at
}

fn door(caller: &Caller, refused: Option<(TypedToken, Refusal)>) -> Result<Door, UiError> {
    if !is_fresh(caller) {
        return Ok(Door::Confirm(CONFIRM.to_owned()));
    }
    let id = new_public_id().map_err(|_| UiError::Unavailable)?;
    let (typed, trouble) = match refused {
        Some((typed, refusal)) => {
            let hint = refusal.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            let sentence = format::heading(format!("{}{hint}.", refusal.detail));
            (typed, Some((refusal.place.unwrap_or_default(), sentence)))
        }
        None => (TypedToken { days: TOKEN_DAYS.to_string(), ..TypedToken::default() }, None),
    };
    let choice = |scope: Scope| ScopeChoice {
        word: scope.as_str().to_owned(),
        sentence: sentence_of(scope).to_owned(),
        is_on: typed.scopes.contains(&scope),
    };
    Ok(Door::Open(TokenForm {
        id,
        scopes: scopes_to_give(caller).into_iter().map(choice).collect(),
        names: may_show_names(caller).then_some(typed.names == Names::Shown),
        name: typed.name,
        days: typed.days,
        trouble,
    }))
}

const fn sentence_of(scope: Scope) -> &'static str {
    match scope {
        Scope::ReadApi => "Read figures, items and drills as JSON",
        Scope::ReadBi => "Read the feed of tables and bulk files",
        Scope::ReadReports => "Read reports",
        Scope::ReadAudit => "Read the audit log",
        Scope::ReadMetrics => "Read how the server itself fares",
        Scope::WriteEvents => "Send events",
        Scope::WriteImports => "Import files",
        Scope::WriteQuarantine => "Release and dismiss held lines",
        Scope::WriteDrills => "Record drills",
        Scope::WriteRegisters => "Write registers",
        Scope::WriteReferences => "Send the KEV catalogue and EPSS scores",
        Scope::MakeReports => "Make drafts of reports",
    }
}

fn row(token: &TokenView, now: Timestamp) -> OwnTokenRow {
    OwnTokenRow {
        name: format::visible(&token.name),
        id: token.public_id.clone(),
        scopes: Scope::join(&token.scopes).replace(',', ", "),
        names: match token.names {
            Names::Shown => "shown".to_owned(),
            Names::Masked => "codes instead".to_owned(),
        },
        last_used: token.used_at.map_or_else(|| "never".to_owned(), format::minute),
        ends: match token.revoked_at {
            Some(at) => format!("revoked {}", format::date(at)),
            None if now >= token.expires_at => format!("ended {}", format::date(token.expires_at)),
            None => format::date(token.expires_at),
        },
        is_alive: holds(token, now),
    }
}
