//! What does the query part of an address ask for? Options by their plain names, each at most once.

use super::error::ODataError;
use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};

/// Options that are served.
const SERVED: [&str; 8] = ["select", "filter", "orderby", "top", "skip", "count", "format", "skiptoken"];

/// Options of OData that this feed does not serve, with or without `$`.
const NOT_SERVED: [&str; 7] = ["apply", "compute", "search", "expand", "deltatoken", "schemaversion", "levels"];

/// Our own options without `$` that belong to sets whose past can be asked for; this one shows the present.
const NOT_SERVED_HERE: [&str; 2] = ["as_of", "known_at"];

/// The options of one request.
#[derive(Debug, Default)]
pub(super) struct Options {
    served: BTreeMap<&'static str, String>,
    /// Our own option `mode`.
    pub(super) mode: Option<String>,
    /// `@name=…`, without the `@`.
    pub(super) aliases: BTreeMap<String, String>,
}

impl Options {
    /// Reads the query part, still encoded.
    pub(super) fn read(query: &str) -> Result<Self, ODataError> {
        let mut options = Self::default();
        let mut seen = BTreeSet::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let name = name.trim();
            if !seen.insert(plain(name)) {
                return Err(repeated(name));
            }
            options.take(name, value)?;
        }
        Ok(options)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), ODataError> {
        if let Some(alias) = name.strip_prefix('@') {
            self.aliases.insert(alias.to_owned(), value);
            return Ok(());
        }
        let plain = plain(name);
        if let Some(known) = SERVED.into_iter().find(|known| *known == plain) {
            self.served.insert(known, value);
            return Ok(());
        }
        if NOT_SERVED.contains(&plain.as_str()) {
            return Err(ODataError::not_served(&format!("${plain}")));
        }
        if NOT_SERVED_HERE.contains(&plain.as_str()) {
            return Err(ODataError::not_served(&plain));
        }
        if name.starts_with('$') {
            let message = format!("unknown option `{name}`, expected one of ${}", SERVED.join(", $"));
            return Err(ODataError::bad_option(name, message));
        }
        if plain == "mode" {
            self.mode = Some(value);
        }
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.served.get(name).map(String::as_str)
    }

    /// Refuses options that have no meaning for this resource.
    pub(super) fn only(&self, allowed: &[&str], what: &str) -> Result<(), ODataError> {
        match self.served.keys().find(|name| !allowed.contains(name)) {
            None => Ok(()),
            Some(name) => {
                Err(ODataError::bad_option(&format!("${name}"), format!("`${name}` does not apply to {what}")))
            }
        }
    }
}

/// The name as it is looked up: without `$`, in lower case. Names of aliases keep theirs.
fn plain(name: &str) -> String {
    if name.starts_with('@') {
        return name.to_owned();
    }
    name.strip_prefix('$').unwrap_or(name).to_ascii_lowercase()
}

fn repeated(name: &str) -> ODataError {
    let message = format!("`{name}` appears twice");
    ODataError::new(StatusCode::BAD_REQUEST, "parameter_repeated", message).about(name)
}

/// Undoes percent-encoding; a plus is a space, as in forms.
fn decode(text: &str) -> Result<String, ODataError> {
    percent_decoded(&text.replace('+', " "))
        .ok_or_else(|| ODataError::bad("the address holds a broken `%` sequence or is not UTF-8"))
}

/// Undoes percent-encoding, `None` where it is broken or not UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        rest = after;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Encodes everything that could have a meaning in a query.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_with_or_without_a_dollar_in_any_case() {
        for query in ["$top=5", "top=5", "%24Top=5", "TOP=5", "&&$top=5&"] {
            assert_eq!(Options::read(query).unwrap().get("top"), Some("5"), "{query}");
        }
    }

    #[test]
    fn an_option_given_twice_is_refused_in_whatever_spelling() {
        for query in ["$top=1&$top=2", "$top=1&top=1", "$Filter=a&$filter=a", "x=1&x=2", "@p=1&@p=2"] {
            assert_eq!(Options::read(query).unwrap_err().code, "parameter_repeated", "{query}");
        }
        assert!(Options::read("@p=1&@P=2").is_ok(), "two aliases");
    }

    #[test]
    fn the_unknown_and_the_known_but_not_served_differ() {
        assert_eq!(Options::read("$frobnicate=1").unwrap_err().status, StatusCode::BAD_REQUEST);
        assert_eq!(Options::read("$apply=x").unwrap_err().status, StatusCode::NOT_IMPLEMENTED);
        assert_eq!(Options::read("expand=*").unwrap_err().target.as_deref(), Some("$expand"));
        assert_eq!(Options::read("as_of=2026-01-01").unwrap_err().status, StatusCode::NOT_IMPLEMENTED);
        assert!(Options::read("api_key=secret&foo").is_ok(), "custom options are ignored");
    }

    #[test]
    fn encoding_is_undone_and_done() {
        assert_eq!(percent_decoded("%C3%A9%27+"), Some("é'+".to_owned()));
        for broken in ["%", "%4", "%zz", "%+1", "%ff"] {
            assert_eq!(percent_decoded(broken), None, "{broken}");
        }
        let text = "a eq 'é&=+%'";
        assert_eq!(percent_decoded(&percent_encoded(text)).as_deref(), Some(text));
    }
}
