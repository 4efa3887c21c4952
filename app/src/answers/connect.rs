//! The answer of the page `connect`.

use leptos::prelude::use_context;
use service::authorise::{Caller, Object, Permission, decide};
use service::error::ServiceError;
use service::identity::people::Identity;
use service::identity::scope::Scope;

use super::asking::told;
use crate::error::UiError;
use crate::format;
use crate::pages::connect::{ConnectView, TokenRow};

/// The address under which readers reach this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress(pub String);

/// Asks the service and writes its answer in words.
pub(crate) async fn load(_query: &str) -> Result<ConnectView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let identity = use_context::<Identity>().ok_or(UiError::Unavailable)?;
    let address =
        use_context::<PublicAddress>().map_or_else(|| "http://127.0.0.1:3000".to_owned(), |address| address.0);
    let tokens = match identity.tokens(&caller).await {
        Ok(tokens) => tokens,
        // Who may not make tokens may still read how feeds are reached.
        Err(ServiceError::NotAllowed(_)) => Vec::new(),
        Err(error) => return Err(told(error)),
    };
    let rows = tokens.iter().filter(|token| token.revoked_at.is_none()).map(|token| TokenRow {
        name: format::visible(&token.name),
        id: token.public_id.clone(),
        scopes: Scope::join(&token.scopes),
        last_used: token.used_at.map_or_else(|| "never".to_owned(), format::minute),
        expires: format::date(token.expires_at),
    });
    Ok(ConnectView {
        may_make: decide(&caller, Permission::TokensOwn, Object::OwnOrg).is_ok(),
        may_hook: decide(&caller, Permission::SourcesWrite, Object::OwnOrg).is_ok(),
        answer: vec!["The same numbers, without a meeting.".to_owned()],
        token_command: "wallclock token add reading --scope read:bi,read:api".to_owned(),
        odata_address: format!("{address}/odata/v4/"),
        odata_example: format!("{address}/odata/v4/Items?$top=10&$count=true"),
        events_command: format!(
            "curl -H \"Authorization: Bearer $TOKEN\" -H \"Content-Type: application/x-ndjson\" --data-binary @events.ndjson {address}/api/v1/events"
        ),
        tokens: rows.collect(),
    })
}
