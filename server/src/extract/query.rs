//! What does the address ask for? Parameters, each once and each known.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::{Code, Problem};

/// The parameters behind `?`.
#[derive(Debug)]
pub struct Parameters(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        pairs(parts.uri.query().unwrap_or("")).map(Self)
    }
}

impl Parameters {
    /// The parameter as it was sent, decoded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameter read as a `T`.
    ///
    /// # Errors
    /// 422 with what was expected.
    pub fn read<T: FromStr>(&self, name: &'static str, expected: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| bad(name, text, expected))
    }

    /// A whole number without a sign or leading zeros, between `least` and `most`.
    ///
    /// # Errors
    /// 422 with the bounds.
    pub fn number(&self, name: &'static str, least: u32, most: u32) -> Result<Option<u32>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let plain = text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        match text.parse() {
            Ok(number) if plain && (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(bad(name, text, &format!("a whole number from {least} to {most}"))),
        }
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Refuses a parameter that this address does not know.
    ///
    /// # Errors
    /// 422 with those it knows.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Problem::new(Code::BadParameter)
                .detail(format!("unknown parameter `{}`, expected one of: {}", shown(name), known.join(", ")))
                .at("query")),
        }
    }
}

fn bad(name: &'static str, text: &str, expected: &str) -> Problem {
    Problem::new(Code::BadParameter).detail(format!("`{}` is not {expected}", shown(text))).at(name)
}

/// A value shown to its sender: short, without control characters.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars().take(80).map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// Reads `a=1&b=2`.
///
/// # Errors
/// 400 for a repeated name or text that is not UTF-8.
pub fn pairs(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut found = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
            return Err(Problem::new(Code::InvalidUtf8).at("query"));
        };
        if found.insert(name.clone(), value).is_some() {
            return Err(Problem::new(Code::ParameterRepeated).at(shown(&name)));
        }
    }
    Ok(found)
}

/// `+` is a space and `%XX` a byte; `None` for what is not UTF-8 then.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'+' => plain.push(b' '),
            b'%' => {
                let digits = text.get(at + 1..at + 3)?;
                plain.push(u8::from_str_radix(digits, 16).ok()?);
                at += 2;
            }
            other => plain.push(*other),
        }
        at += 1;
    }
    String::from_utf8(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Parameters {
        Parameters(pairs(text).unwrap())
    }

    #[test]
    fn parameters_are_decoded_once() {
        let found = parameters("team=Cloud+Ops&id=CVE%40host%2525&empty");
        assert_eq!(found.get("team"), Some("Cloud Ops"));
        assert_eq!(found.get("id"), Some("CVE@host%25"));
        assert_eq!(found.get("empty"), Some(""));
    }

    #[test]
    fn repeated_and_unreadable_parameters_are_refused() {
        assert_eq!(pairs("a=1&a=2").unwrap_err().code, Code::ParameterRepeated);
        for text in ["a=%ff", "a=%", "a=%2", "a=%zz", "%e9=1"] {
            assert_eq!(pairs(text).unwrap_err().code, Code::InvalidUtf8, "{text}");
        }
    }

    #[test]
    fn numbers_are_plain_and_bounded() {
        for good in ["1", "50", "1000"] {
            assert_eq!(parameters(&format!("limit={good}")).number("limit", 1, 1_000).unwrap(), good.parse().ok());
        }
        for wrong in ["0", "-1", "1001", "01", "1e3", "abc", "", "+1", " 1", "１"] {
            let found = parameters(&format!("limit={}", wrong.replace('+', "%2B")));
            assert_eq!(found.number("limit", 1, 1_000).unwrap_err().code, Code::BadParameter, "{wrong}");
        }
    }
}
