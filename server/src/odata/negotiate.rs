//! Which version and which form does a client read? JSON wherever it is acceptable at all; metadata as XML unless nothing but
//! JSON would do.

use super::error::ODataError;
use axum::http::{
    HeaderMap, StatusCode,
    header::{ACCEPT, HeaderName},
};

/// The version the client can read at most.
static MAX_VERSION: HeaderName = HeaderName::from_static("odata-maxversion");
static PREFER: HeaderName = HeaderName::from_static("prefer");

/// Rows of one page where the client has no wish.
const PAGE_ROWS: usize = 5_000;
/// Rows of one page, whatever the client wishes: some 25 MB of JSON.
const PAGE_ROWS_MAX: usize = 50_000;

/// The version of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V4,
    V401,
}

impl Version {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "4.0",
            Self::V401 => "4.01",
        }
    }

    /// `OData-MaxVersion` decides; without it the newest one is spoken.
    pub(super) fn asked(headers: &HeaderMap) -> Result<Self, ODataError> {
        let Some(asked) = headers.get(&MAX_VERSION) else {
            return Ok(Self::V401);
        };
        let text = asked.to_str().unwrap_or_default().trim();
        let refused = |why: &str| Err(ODataError::bad(format!("`{text}` {why}")).about("OData-MaxVersion"));
        match text.parse::<f64>() {
            Ok(number) if number < 4.0 => refused("is older than 4.0, the oldest version served here"),
            Ok(number) if number < 4.01 => Ok(Self::V4),
            Ok(_) => Ok(Self::V401),
            Err(_) => refused("is not a version, expected 4.0 or 4.01"),
        }
    }
}

/// How much control information goes with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    None,
    Minimal,
    Full,
}

/// The form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JsonForm {
    pub(super) detail: Detail,
    /// 64-bit integers are written as text.
    pub(super) integers_as_text: bool,
}

impl JsonForm {
    const PLAIN: Self = Self { detail: Detail::Minimal, integers_as_text: false };

    pub(super) fn content_type(self) -> String {
        let detail = match self.detail {
            Detail::None => "none",
            Detail::Minimal => "minimal",
            Detail::Full => "full",
        };
        let compatible = if self.integers_as_text { ";IEEE754Compatible=true" } else { "" };
        format!("application/json;odata.metadata={detail}{compatible};charset=utf-8")
    }
}

/// One entry of an `Accept` list, or the value of `$format`.
#[derive(Debug)]
struct Range {
    media: String,
    parameters: Vec<(String, String)>,
    quality: f32,
}

impl Range {
    fn read(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters: Vec<_> = parts
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| {
                (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_ascii_lowercase())
            })
            .collect();
        let quality = parameters.iter().find(|(name, _)| name == "q").and_then(|(_, value)| value.parse().ok());
        Self { media, parameters, quality: quality.unwrap_or(1.0) }
    }

    fn is_json(&self) -> bool {
        self.media == "application/json" || self.media == "json"
    }

    fn is_xml(&self) -> bool {
        matches!(self.media.as_str(), "application/xml" | "text/xml" | "xml") || self.media.ends_with("+xml")
    }

    fn is_open(&self) -> bool {
        matches!(self.media.as_str(), "*/*" | "application/*" | "*")
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn form(&self) -> JsonForm {
        let detail = match self.parameter("odata.metadata").or_else(|| self.parameter("metadata")) {
            Some("none") => Detail::None,
            Some("full") => Detail::Full,
            _ => Detail::Minimal,
        };
        JsonForm { detail, integers_as_text: self.parameter("ieee754compatible") == Some("true") }
    }
}

fn accepted(headers: &HeaderMap) -> Vec<Range> {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|text| !text.is_empty()).map(Range::read).collect()
}

fn not_acceptable(what: &str) -> ODataError {
    ODataError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", format!("{what}, and nothing of that is accepted"))
}

/// The form of data, which is JSON or nothing.
pub(super) fn data_form(format: Option<&str>, headers: &HeaderMap) -> Result<JsonForm, ODataError> {
    let refused = || not_acceptable("rows are answered as application/json");
    if let Some(format) = format {
        let wished = Range::read(format);
        return if wished.is_json() { Ok(wished.form()) } else { Err(refused().about("$format")) };
    }
    let ranges = accepted(headers);
    if ranges.is_empty() {
        return Ok(JsonForm::PLAIN);
    }
    let json = ranges.iter().filter(|range| range.is_json());
    let best = json.clone().filter(|range| range.quality > 0.0).fold(None::<&Range>, |best, range| match best {
        Some(best) if best.quality >= range.quality => Some(best),
        _ => Some(range),
    });
    match best {
        Some(range) => Ok(range.form()),
        None if json.count() == 0 && ranges.iter().any(|range| range.is_open() && range.quality > 0.0) => {
            Ok(JsonForm::PLAIN)
        }
        None => Err(refused()),
    }
}

/// The form of `$metadata`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetadataForm {
    Xml,
    Json,
}

pub(super) fn metadata_form(format: Option<&str>, headers: &HeaderMap) -> Result<MetadataForm, ODataError> {
    if let Some(format) = format {
        let wished = Range::read(format);
        return match (wished.is_json(), wished.is_xml()) {
            (true, _) => Ok(MetadataForm::Json),
            (_, true) => Ok(MetadataForm::Xml),
            _ => Err(not_acceptable("metadata is answered as application/xml or application/json").about("$format")),
        };
    }
    let ranges: Vec<_> = accepted(headers).into_iter().filter(|range| range.quality > 0.0).collect();
    let json_alone = !ranges.is_empty() && ranges.iter().all(Range::is_json);
    Ok(if json_alone { MetadataForm::Json } else { MetadataForm::Xml })
}

/// How many rows a page may have, and which preference said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageSize {
    pub(super) rows: usize,
    /// What `Preference-Applied` answers.
    pub(super) applied: Option<String>,
}

impl PageSize {
    /// The wish of the client, or else `before`: the size of the page before this one.
    pub(super) fn asked(headers: &HeaderMap, before: Option<usize>) -> Self {
        let lines = headers.get_all(&PREFER).iter().filter_map(|line| line.to_str().ok());
        let wish = lines.flat_map(|line| line.split([',', ';'])).find_map(|wish| {
            let (name, rows) = wish.split_once('=')?;
            let name = name.trim().to_ascii_lowercase();
            let rows: usize = rows.trim().trim_matches('"').parse().ok().filter(|rows| *rows > 0)?;
            matches!(name.as_str(), "odata.maxpagesize" | "maxpagesize").then_some((name, rows.min(PAGE_ROWS_MAX)))
        });
        match wish {
            Some((name, rows)) => Self { rows, applied: Some(format!("{name}={rows}")) },
            None => Self { rows: before.map_or(PAGE_ROWS, |rows| rows.clamp(1, PAGE_ROWS_MAX)), applied: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, text.parse().unwrap());
        headers
    }

    fn detail(text: &str) -> Option<Detail> {
        data_form(None, &accept(text)).ok().map(|form| form.detail)
    }

    #[test]
    fn rows_are_json_wherever_json_is_acceptable() {
        for text in [
            "*/*",
            "application/*;q=0.1, text/html",
            "application/json",
            "application/atom+xml, application/json;q=0.1",
            "application/json;odata=verbose",
        ] {
            assert_eq!(detail(text), Some(Detail::Minimal), "{text}");
        }
        assert_eq!(
            detail("application/json;odata.metadata=full;q=0.5, application/json;metadata=none"),
            Some(Detail::None)
        );
        for text in ["application/atom+xml", "application/xml, text/html", "application/json;q=0, */*", "text/plain"] {
            assert_eq!(detail(text), None, "{text}");
        }
        assert!(data_form(Some("json"), &accept("application/xml")).is_ok(), "`$format` wins");
        assert!(data_form(Some("atom"), &accept("*/*")).is_err());
    }

    #[test]
    fn metadata_is_xml_unless_nothing_but_json_will_do() {
        for text in [
            "*/*",
            "application/json, */*;q=0.1",
            "application/xml",
            "application/atom+xml",
            "application/json, text/plain",
        ] {
            assert_eq!(metadata_form(None, &accept(text)), Ok(MetadataForm::Xml), "{text}");
        }
        assert_eq!(metadata_form(None, &HeaderMap::new()), Ok(MetadataForm::Xml));
        assert_eq!(metadata_form(None, &accept("application/json")), Ok(MetadataForm::Json));
        assert_eq!(metadata_form(Some("application/json"), &accept("*/*")), Ok(MetadataForm::Json));
        assert!(metadata_form(Some("yaml"), &accept("*/*")).is_err());
    }

    #[test]
    fn the_version_is_the_highest_that_both_speak() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(&MAX_VERSION, text.parse().unwrap());
            Version::asked(&headers).map_err(|error| error.status)
        };
        assert_eq!(asked("4.0"), Ok(Version::V4));
        assert_eq!(asked("4.01"), Ok(Version::V401));
        assert_eq!(asked("5.0"), Ok(Version::V401));
        for old in ["3.0", "2.0", "3.99", "", "four", "-4.0"] {
            assert_eq!(asked(old), Err(StatusCode::BAD_REQUEST), "{old}");
        }
        assert_eq!(Version::asked(&HeaderMap::new()), Ok(Version::V401));
    }

    #[test]
    fn a_wish_for_a_page_size_is_kept_within_limits() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(&PREFER, text.parse().unwrap());
            PageSize::asked(&headers, Some(7))
        };
        assert_eq!(asked("odata.maxpagesize=10").rows, 10);
        assert_eq!(asked("respond-async, MaxPageSize=10").applied.as_deref(), Some("maxpagesize=10"));
        assert_eq!(asked("maxpagesize=99999999").applied.as_deref(), Some("maxpagesize=50000"));
        for ignored in ["maxpagesize=0", "maxpagesize=-1", "maxpagesize=x", "return=minimal"] {
            assert_eq!(asked(ignored), PageSize { rows: 7, applied: None }, "{ignored}");
        }
        assert_eq!(PageSize::asked(&HeaderMap::new(), None).rows, PAGE_ROWS);
    }
}
