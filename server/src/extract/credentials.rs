//! Who says they are asking? Pages read the cookie and nothing else, programs' addresses the token and nothing else.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::ServiceError;
use service::authorise::Caller;
use service::identity::sessions::SignedIn;

use crate::routes::table::Surface;
use crate::sign_in::cookie;
use crate::state::ServerState;

/// A longer header is no token of ours.
const AUTHORIZATION_BYTES_MAX: usize = 1_024;

/// What a request shows.
#[derive(Debug)]
pub enum Credentials {
    /// A sign-in that holds.
    Person(Box<SignedIn>),
    /// A token that holds.
    Token(Box<Caller>),
    /// Nothing.
    None,
    /// Something that does not hold.
    Wrong,
}

/// Reads what this surface reads.
///
/// # Errors
/// What the store says.
pub async fn read(headers: &HeaderMap, surface: Surface, state: &ServerState) -> Result<Credentials, ServiceError> {
    match surface {
        Surface::Open | Surface::Webhook => Ok(Credentials::None),
        Surface::Page | Surface::Function => {
            // A sign-in that is over is like none: the reader signs in again.
            let Some(key) = cookie::read(headers, state) else {
                return Ok(Credentials::None);
            };
            let signed_in = state.identity.who(&key).await?;
            Ok(signed_in.map_or(Credentials::None, |signed_in| Credentials::Person(Box::new(signed_in))))
        }
        Surface::Api => by_token(bearer(headers), state).await,
        Surface::OData => by_token(basic_or_bearer(headers), state).await,
    }
}

async fn by_token(found: Found, state: &ServerState) -> Result<Credentials, ServiceError> {
    let text = match found {
        Found::Nothing => return Ok(Credentials::None),
        Found::Unreadable => return Ok(Credentials::Wrong),
        Found::Text(text) => text,
    };
    let caller = state.identity.token_caller(&text).await?;
    Ok(caller.map_or(Credentials::Wrong, |caller| Credentials::Token(Box::new(caller))))
}

/// What stands in the header.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// There is none.
    Nothing,
    /// It is none of ours.
    Unreadable,
    /// A token, as far as its form goes.
    Text(String),
}

fn authorization(headers: &HeaderMap) -> Option<Result<(&str, &str), ()>> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next()?;
    if all.next().is_some() || first.len() > AUTHORIZATION_BYTES_MAX {
        return Some(Err(()));
    }
    let parts = first.to_str().ok().and_then(|text| text.split_once(' '));
    Some(parts.map(|(scheme, rest)| (scheme, rest.trim())).ok_or(()))
}

/// What a program's address takes: `Bearer` and the token.
pub fn bearer(headers: &HeaderMap) -> Found {
    match authorization(headers) {
        None => Found::Nothing,
        Some(Ok((scheme, token))) if scheme.eq_ignore_ascii_case("bearer") => Found::Text(token.to_owned()),
        Some(_) => Found::Unreadable,
    }
}

/// BI tools share one scheme: any user name, the token as the password.
pub fn basic_or_bearer(headers: &HeaderMap) -> Found {
    let Some(Ok((scheme, rest))) = authorization(headers) else {
        return bearer(headers);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return bearer(headers);
    }
    let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((_, "")) | None => Found::Unreadable,
        Some((_, token)) => Found::Text(token.to_owned()),
    }
}

/// All cookies of that name.
pub fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lists = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(';')).filter_map(move |pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}
