//! Which forms would the caller read? Programs get JSON or are told that there is nothing else.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::problem::{Code, Problem};

/// Whether JSON is among what the caller reads.
///
/// # Errors
/// 406 with what would be answered.
pub fn json(headers: &HeaderMap) -> Result<(), Problem> {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let ranges: Vec<&str> = lines.flat_map(|line| line.split(',')).filter(|range| !range.trim().is_empty()).collect();
    if ranges.is_empty() || ranges.into_iter().any(takes_json) {
        return Ok(());
    }
    Err(Problem::new(Code::NotAcceptable).hint("accept `application/json`"))
}

fn takes_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_json = matches!(media.as_str(), "*/*" | "application/*" | "application/json") || media.ends_with("+json");
    let refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|weight| weight.parse() == Ok(0.0_f32));
    is_json && !refused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(accept: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        json(&headers).is_ok()
    }

    #[test]
    fn json_is_answered_to_whoever_reads_it() {
        assert!(json(&HeaderMap::new()).is_ok());
        for accept in ["", "*/*", "application/json", "text/html, application/*;q=0.1", "application/problem+json"] {
            assert!(taken(accept), "{accept}");
        }
        for accept in ["text/html", "image/png, text/csv", "application/json;q=0", "application/json; q=0.000"] {
            assert!(!taken(accept), "{accept}");
        }
    }
}
