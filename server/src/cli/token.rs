//! Which programs may come in? Tokens are made, listed and ended here.

use clap::Subcommand;
use serde::Serialize;
use service::identity::caller::Names;
use service::identity::record::Origin;
use service::identity::scope::Scope;
use service::identity::tokens::{TOKEN_DAYS, TokenToMake, TokenView};

use super::exit::Failure;
use super::{Place, out};
use crate::clock::Clock;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it alone: it is never shown again
    Add {
        /// What it is for
        name: String,
        /// Its scopes, separated by commas, as in write:events,read:api
        #[arg(long, value_name = "SCOPES", required = true)]
        scope: String,
        /// Days until it ends, at most 400
        #[arg(long, value_name = "N", default_value_t = TOKEN_DAYS)]
        days: i64,
        /// The sources it may write to, separated by commas; any without it
        #[arg(long, value_name = "SOURCES")]
        source: Option<String>,
        /// Show it names of items, assets and people; opaque codes without it
        #[arg(long)]
        names: bool,
        /// Print an object instead of the token alone
        #[arg(long)]
        json: bool,
    },
    /// List tokens, without their secrets
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// End a token for good
    Revoke {
        /// The eight letters behind `wc_`
        id: String,
    },
}

/// Does it.
///
/// # Errors
/// Unknown scopes, tokens that are not there, a database that cannot be used.
pub async fn run(place: Place, command: TokenCommand) -> Result<(), Failure> {
    let identity = place.identity(&Clock::System).await?;
    let operator = identity.operator();
    match command {
        TokenCommand::Add { name, scope, days, source, names, json } => {
            let scopes = Scope::list(&scope).map_err(|error| Failure::bad_input(error.to_string()))?;
            let sources = source.unwrap_or_default();
            let sources = sources.split(',').map(str::trim).filter(|source| !source.is_empty()).map(str::to_owned);
            let names = if names { Names::Shown } else { Names::Masked };
            let wanted = TokenToMake { name, scopes, sources: sources.collect(), names, days, public_id: None };
            let token = identity.add_token(&operator, wanted, Origin::default()).await?;
            if json { out::json(&serde_json::json!({ "token": token.expose() })) } else { out::line(token.expose()) }
        }
        TokenCommand::List { json } => {
            let tokens = identity.tokens(&operator).await?;
            tokens.iter().try_for_each(|token| if json { out::json(&listed(token)) } else { out::line(&words(token)) })
        }
        TokenCommand::Revoke { id } => {
            let ended = identity.revoke_token(&operator, &id, Origin::default()).await;
            ended.map_err(|error| {
                if matches!(error, service::ServiceError::NotFound) {
                    return Failure::bad_input(format!("no token `{id}` holds"));
                }
                error.into()
            })
        }
    }
}

#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    names: &'static str,
    made_at: String,
    expires_at: String,
    revoked_at: Option<String>,
    used_at: Option<String>,
}

fn listed(token: &TokenView) -> Listed {
    Listed {
        id: token.public_id.clone(),
        name: token.name.clone(),
        scopes: token.scopes.iter().map(|scope| scope.as_str()).collect(),
        names: match token.names {
            Names::Shown => "shown",
            Names::Masked => "masked",
        },
        made_at: token.made_at.to_string(),
        expires_at: token.expires_at.to_string(),
        revoked_at: token.revoked_at.map(|at| at.to_string()),
        used_at: token.used_at.map(|at| at.to_string()),
    }
}

fn words(token: &TokenView) -> String {
    let state = match (token.revoked_at, token.used_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("until {}, last used {at}", token.expires_at),
        (None, None) => format!("until {}, never used", token.expires_at),
    };
    format!("{}  {}  {}  {state}", token.public_id, token.name, Scope::join(&token.scopes))
}
