//! What does a sender show in its headers? Each tool has its own; what is not exactly in its form shows nothing.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use service::identity::secret::Secret;
use service::ingest::Delivery;
use service::webhook::{Kind, Proof, Shown, Signed, Webhook};

/// A longer id, key or signature is none.
const WORD_BYTES_MAX: usize = 1_024;

/// What proves the sender of this webhook, as far as it was shown.
pub(super) fn shown(webhook: &Webhook, headers: &HeaderMap, key: Option<String>) -> Shown {
    match webhook.proof {
        Proof::Key => {
            let key = key.or_else(|| authorization(headers)).filter(|key| key.len() <= WORD_BYTES_MAX);
            key.map_or(Shown::Nothing, |key| Shown::Key(Secret::new(key)))
        }
        Proof::Signature => signed(webhook.kind, headers).map_or(Shown::Nothing, Shown::Signed),
    }
}

fn signed(kind: Kind, headers: &HeaderMap) -> Option<Signed> {
    let over_body = |signatures: Vec<Vec<u8>>| Signed { signatures, ..Signed::default() };
    match kind {
        Kind::Jira => Some(over_body(vec![prefixed(one(headers, "x-hub-signature")?, "sha256=")?])),
        Kind::GitHub => Some(over_body(vec![prefixed(one(headers, "x-hub-signature-256")?, "sha256=")?])),
        Kind::PagerDuty => {
            let all = one(headers, "x-pagerduty-signature")?.split(',');
            Some(over_body(all.filter_map(|one| prefixed(one.trim(), "v1=")).collect()))
        }
        Kind::ServiceNow | Kind::Generic | Kind::SecurityHub => standard(headers),
    }
}

/// As Standard Webhooks sign: the id, the moment and the body.
fn standard(headers: &HeaderMap) -> Option<Signed> {
    let id = one(headers, "webhook-id")?;
    let moment = one(headers, "webhook-timestamp")?;
    let is_number = !moment.is_empty() && moment.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = moment.parse().ok().filter(|_| is_number)?;
    let all = one(headers, "webhook-signature")?.split(' ').filter_map(|one| one.strip_prefix("v1,"));
    Some(Signed {
        signatures: all.filter_map(|one| STANDARD.decode(one).ok()).collect(),
        before: format!("{id}.{moment}.").into_bytes(),
        sent_at: Some(Timestamp::from_seconds(seconds)),
    })
}

/// What the sender calls this delivery.
pub(super) fn delivery(webhook: &Webhook, headers: &HeaderMap) -> Option<Delivery> {
    let name = match webhook.kind {
        Kind::Jira => "x-atlassian-webhook-identifier",
        Kind::GitHub => "x-github-delivery",
        Kind::ServiceNow | Kind::Generic => "webhook-id",
        // Their events have ids of their own inside the body.
        Kind::PagerDuty | Kind::SecurityHub => return None,
    };
    let id = one(headers, name)?.to_owned();
    Some(Delivery { id, is_signed: webhook.kind.signs_moment() && webhook.proof == Proof::Signature })
}

/// The attributes of a `CloudEvents` envelope that came as headers; none where the body is an envelope or something else.
pub(super) fn attributes(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    if !headers.contains_key("ce-specversion") {
        return attributes;
    }
    for (name, value) in headers {
        if let (Some(name), Ok(text)) = (name.as_str().strip_prefix("ce-"), value.to_str()) {
            attributes.insert(name.to_owned(), percent_decoded(text));
        }
    }
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    attributes.extend(media.map(|media| ("datacontenttype".to_owned(), media.to_owned())));
    attributes
}

/// A header that stands once and is plain text of a bounded length.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next().filter(|_| all.next().is_none())?;
    first.to_str().ok().filter(|text| !text.is_empty() && text.len() <= HEADER_BYTES_MAX)
}

/// Room for more signatures than are tried.
const HEADER_BYTES_MAX: usize = 16 * WORD_BYTES_MAX;

/// A key as the whole header, or behind `Bearer`.
fn authorization(headers: &HeaderMap) -> Option<String> {
    let text = one(headers, AUTHORIZATION.as_str())?;
    let behind = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Some(behind.map_or(text, |(_, key)| key.trim()).to_owned())
}

fn prefixed(text: &str, mark: &str) -> Option<Vec<u8>> {
    let hex = text.strip_prefix(mark)?;
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some((digit(*high)? << 4) | digit(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    }
}

/// `%C3%BC` as `ü`; what is no such sequence stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'%', [high, low, later @ ..]) => {
                if let (Some(high), Some(low)) = (digit(*high), digit(*low)) {
                    bytes.push((high << 4) | low);
                    rest = later;
                    continue;
                }
                bytes.push(b'%');
            }
            (byte, _) => bytes.push(*byte),
        }
        rest = after;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let mut map = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn a_signature_counts_in_the_form_of_its_tool_alone() {
        let hex = "0f".repeat(32);
        let of =
            |kind, name: &str, value: &str| signed(kind, &headers(&[(name, value)])).map(|signed| signed.signatures);
        let read = Some(vec![vec![15; 32]]);
        assert_eq!(of(Kind::GitHub, "x-hub-signature-256", &format!("sha256={hex}")), read);
        assert_eq!(of(Kind::Jira, "x-hub-signature", &format!("sha256={}", hex.to_uppercase())), read);
        assert_eq!(of(Kind::PagerDuty, "x-pagerduty-signature", &format!("v2=00,v1={hex}, v0={hex}")), read);
        for value in ["", "sha256", &hex, &format!("sha1={hex}"), &format!("sha256={hex}0"), "sha256=é"] {
            assert_eq!(of(Kind::GitHub, "x-hub-signature-256", value), None, "{value}");
        }
        assert_eq!(of(Kind::GitHub, "x-hub-signature", &format!("sha256={hex}")), None, "the header of another tool");
        let name = "x-hub-signature-256";
        let twice = headers(&[(name, &format!("sha256={hex}")), (name, &format!("sha256={hex}"))]);
        assert!(signed(Kind::GitHub, &twice).is_none(), "one header, not two");
    }

    #[test]
    fn a_standard_signature_needs_its_id_and_its_moment() {
        let signature = format!("v1,{} v1a,abc v2,{0}", STANDARD.encode([15; 32]));
        let all = [("webhook-id", "msg_1"), ("webhook-timestamp", "1614265330"), ("webhook-signature", &signature)];
        let read = standard(&headers(&all)).unwrap();
        assert_eq!((read.signatures, read.before.as_slice()), (vec![vec![15; 32]], &b"msg_1.1614265330."[..]));
        for missing in 0..3 {
            let rest = all.iter().enumerate().filter(|(place, _)| *place != missing).map(|(_, pair)| *pair);
            assert!(standard(&headers(&rest.collect::<Vec<_>>())).is_none(), "{missing}");
        }
        for moment in ["+1614265330", "-1", "16e8", "99999999999999999999"] {
            assert!(standard(&headers(&[all[0], ("webhook-timestamp", moment), all[2]])).is_none(), "{moment}");
        }
        let hex = format!("v1,{}", "0f".repeat(32));
        let read = standard(&headers(&[all[0], all[1], ("webhook-signature", &hex)])).unwrap();
        assert_ne!(read.signatures, vec![vec![15; 32]], "hexadecimal is not base64");
    }

    #[test]
    fn a_key_stands_in_its_header_alone_or_behind_bearer() {
        for value in ["abc", "Bearer abc", "bearer  abc"] {
            assert_eq!(authorization(&headers(&[("authorization", value)])).as_deref(), Some("abc"));
        }
        assert_eq!(authorization(&headers(&[("authorization", "a"), ("authorization", "b")])), None);
    }

    #[test]
    fn attributes_are_read_where_the_envelope_came_as_headers() {
        let all = headers(&[
            ("ce-specversion", "1.0"),
            ("ce-id", "a%20b%C3%BC%zz"),
            ("content-type", "application/json"),
            ("x-other", "no"),
        ]);
        let read = attributes(&all);
        assert_eq!(read.get("id").map(String::as_str), Some("a bü%zz"));
        assert_eq!(read.keys().collect::<Vec<_>>(), ["datacontenttype", "id", "specversion"]);
        assert!(attributes(&headers(&[("ce-id", "1")])).is_empty());
    }
}
