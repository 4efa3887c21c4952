//! Can this address be one of ours at all? Checked on the raw text, before any route sees it.

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::limits::{HEAD_BYTES_MAX, URL_BYTES_MAX};
use crate::problem::{Code, Problem};

/// Refuses addresses that could mean something else to somebody else, and folds double slashes.
pub async fn check(mut request: Request, next: Next) -> Response {
    if request.method() == Method::CONNECT {
        return Problem::new(Code::MethodNotAllowed).allow("GET,HEAD,POST").into_response();
    }
    let uri = request.uri();
    let length = uri.path_and_query().map_or(0, |text| text.as_str().len());
    if length > URL_BYTES_MAX {
        return Problem::new(Code::UriTooLong).detail(format!("at most {URL_BYTES_MAX} bytes")).into_response();
    }
    if length + head_bytes(request.headers()) > HEAD_BYTES_MAX {
        return Problem::new(Code::HeadersTooLarge).detail(format!("at most {HEAD_BYTES_MAX} bytes")).into_response();
    }
    if !is_plain(uri.path()) {
        return Problem::new(Code::BadPath).into_response();
    }
    if let Some(folded) = folded(uri) {
        *request.uri_mut() = folded;
    }
    next.run(request).await
}

/// The headers as they came. The connection bounds its buffer only roughly, so a head is measured again when it is read.
fn head_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}

/// No dot segments, no encoded separators, no control bytes, no backslash.
fn is_plain(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let encoded = ["%2f", "%5c", "%00"].iter().any(|bad| lower.contains(bad));
    let control = lower.match_indices('%').any(|(at, _)| {
        let digits = lower.get(at + 1..at + 3);
        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).is_none_or(|byte| byte < 0x20 || byte == 0x7f)
    });
    let dots = lower.replace("%2e", ".");
    let climbs = dots.split('/').any(|segment| segment == "." || segment == "..");
    !(encoded || control || climbs || path.contains('\\') || path.bytes().any(|byte| byte < 0x20))
}

fn folded(uri: &Uri) -> Option<Uri> {
    if !uri.path().contains("//") {
        return None;
    }
    let mut path = String::with_capacity(uri.path().len());
    for letter in uri.path().chars() {
        if letter != '/' || !path.ends_with('/') {
            path.push(letter);
        }
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ours_pass() {
        for path in
            ["/", "/items", "/items/CVE-2024-1%40host", "/odata/v4/$metadata", "/a.b/..c", "/%F0%9F%98%80", "/-..-"]
        {
            assert!(is_plain(path), "{path}");
        }
    }

    #[test]
    fn addresses_that_mean_something_else_to_somebody_else_do_not() {
        for path in [
            "/../etc/passwd",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/.%2E/",
            "/a%2fb",
            "/a%2Fb",
            "/a%5Cb",
            "/a\\b",
            "/%00",
            "/a%0a",
            "/a%1F",
            "/a%7f",
            "/a%",
            "/a%2",
            "/a%zz",
            "/%2e",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }

    #[test]
    fn double_slashes_are_folded_and_the_query_is_kept() {
        let fold = |text: &str| folded(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(fold("//odata///v4//Items?a=//"), Some("/odata/v4/Items?a=//".to_owned()));
        assert_eq!(fold("/odata/v4"), None);
    }
}
