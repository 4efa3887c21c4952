//! Which cookies are ours? One name for the sign-in, one for the colours.

use app::components::Theme;
use axum::http::HeaderMap;
use service::identity::secret::looks_like_key;

use crate::extract::credentials::cookies;
use crate::state::ServerState;

/// Bound to this host, TLS and the whole site by its prefix.
const SECURE_NAME: &str = "__Host-wc";
/// The prefix needs TLS; on loopback there is none.
const LOCAL_NAME: &str = "wc-local";
const THEME: &str = "wc-theme";
const THEME_SECONDS: u32 = 400 * 86_400;

fn name(state: &ServerState) -> &'static str {
    if state.settings.public_url.is_https() { SECURE_NAME } else { LOCAL_NAME }
}

fn secure(state: &ServerState) -> &'static str {
    if state.settings.public_url.is_https() { "; Secure" } else { "" }
}

/// The key in the sign-in cookie. Two of them, or one that we never made, are none.
#[must_use]
pub fn read(headers: &HeaderMap, state: &ServerState) -> Option<String> {
    key_under(name(state), headers)
}

/// The key in the cookie of that name.
#[must_use]
pub fn key_under(name: &str, headers: &HeaderMap) -> Option<String> {
    let mut found = cookies(headers, name);
    let key = found.next()?;
    (found.next().is_none() && looks_like_key(key)).then(|| key.to_owned())
}

/// The header that signs in. It ends with the browser; the server ends it earlier.
#[must_use]
pub fn session(state: &ServerState, key: &str) -> String {
    format!("{}={key}; Path=/; HttpOnly; SameSite=Lax{}", name(state), secure(state))
}

/// The header that forgets the sign-in.
#[must_use]
pub fn no_session(state: &ServerState) -> String {
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", name(state), secure(state))
}

/// The word of the colours the reader chose.
#[must_use]
pub fn theme(headers: &HeaderMap) -> String {
    cookies(headers, THEME).next().unwrap_or("").to_owned()
}

/// The header that remembers the choice.
#[must_use]
pub fn theme_choice(state: &ServerState, choice: &str) -> String {
    let word = Theme::from_cookie(choice).as_str();
    format!("{THEME}={word}; Path=/; HttpOnly; SameSite=Lax; Max-Age={THEME_SECONDS}{}", secure(state))
}
