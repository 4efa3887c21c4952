//! Cookies, tokens and the address to return to: only what has the form of ours gets any further.

use app::components::Theme;
use axum::http::{
    HeaderMap, HeaderValue,
    header::{AUTHORIZATION, COOKIE, HeaderName},
};
use fuzz::campaign;
use server::{
    extract::credentials::{Found, basic_or_bearer, bearer},
    sign_in::cookie,
};
use service::identity::{next_path::safe_next, token_text::TokenText};

const NAMES: [&str; 2] = ["__Host-wc", "wc-local"];

#[test]
fn a_cookie_is_one_whole_key_or_none() {
    campaign::run("cookie", |input| {
        let headers = one_a_line(&COOKIE, input);
        for name in NAMES {
            let said = format!("{name}=");
            let keys: Vec<&str> = headers
                .get_all(COOKIE)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(';'))
                .filter_map(|pair| pair.trim().strip_prefix(&said))
                .collect();
            let is_base64 = |key: &str| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            match (cookie::key_under(name, &headers), keys.as_slice()) {
                (None, []) => {}
                (None, [key]) => assert!(key.len() != 43 || !is_base64(key), "{key}"),
                (None, _) => {}
                (Some(key), found) => assert!(found == [key.as_str()] && key.len() == 43 && is_base64(&key), "{key}"),
            }
        }
        let theme = Theme::from_cookie(&cookie::theme(&headers));
        assert_eq!(Theme::from_cookie(theme.as_str()), theme);
    });
}

#[test]
fn a_header_gives_one_token_or_none() {
    campaign::run("authorization", |input| {
        let headers = one_a_line(&AUTHORIZATION, input);
        let sent = headers.get_all(AUTHORIZATION).iter().count();
        for found in [bearer(&headers), basic_or_bearer(&headers)] {
            match found {
                Found::Nothing => assert_eq!(sent, 0),
                Found::Unreadable => assert!(sent > 0),
                Found::Text(text) => {
                    assert!(sent == 1 && text.len() <= 1_024, "{sent} headers, {} bytes", text.len());
                    if let Some(token) = TokenText::read(&text) {
                        assert_eq!(token.write().expose(), &text);
                    }
                }
            }
        }
    });
}

#[test]
fn no_address_to_return_to_leads_elsewhere() {
    campaign::run("next_path", |input| {
        let Some(text) = crate::text(input) else { return };
        let next = safe_next(Some(text));
        assert!(next == "/" || next == text, "{next}");
        assert!(next.starts_with('/') && !next[1..].starts_with(['/', '\\']), "{next}");
        assert!(next.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'\\'), "{next}");
    });
}

/// Each line as a header of its own, as far as a header can hold it.
fn one_a_line(name: &HeaderName, input: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in input.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append(name, value);
    }
    headers
}
