//! Which resource does a path name? Both roots, doubled and trailing slashes lead to the same place.

use super::{
    columns::{Column, column},
    error::ODataError,
    options::percent_decoded,
};
use axum::http::StatusCode;

/// The one entity set.
pub(super) const SET: &str = "Items";

/// What can be asked for.
#[derive(Debug)]
pub(super) enum Resource {
    Service,
    Metadata,
    Items,
    Count,
    Item(i64),
    Property(i64, &'static Column),
    Raw(i64, &'static Column),
}

/// Resources of OData that are not served.
const NOT_SERVED: [&str; 5] = ["$batch", "$crossjoin", "$all", "$entity", "$query"];

impl Resource {
    /// Reads a whole path, `/odata/…` or `/odata/v4/…`, still encoded.
    pub(super) fn of_path(path: &str) -> Result<Self, ODataError> {
        let mut segments = Vec::new();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            segments.push(
                percent_decoded(segment).ok_or_else(|| ODataError::bad("the path is not UTF-8 or has a broken `%`"))?,
            );
        }
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let below = match segments.as_slice() {
            ["odata", "v4", below @ ..] | ["odata", below @ ..] => below,
            other => other,
        };
        Self::below(below)
    }

    fn below(segments: &[&str]) -> Result<Self, ODataError> {
        match segments {
            [] => Ok(Self::Service),
            ["$metadata"] => Ok(Self::Metadata),
            ["Items"] => Ok(Self::Items),
            ["Items", "$count"] => Ok(Self::Count),
            [set, ..] if *set == SET => Err(unknown(&segments.join("/"))),
            [item] => Ok(Self::Item(key(item)?)),
            [item, name] => Ok(Self::Property(key(item)?, property(name)?)),
            [item, name, "$value"] => Ok(Self::Raw(key(item)?, property(name)?)),
            _ => Err(unknown(&segments.join("/"))),
        }
    }
}

/// The key of `Items(7)` or `Items(item_key=7)`.
fn key(segment: &str) -> Result<i64, ODataError> {
    let inside = segment.strip_prefix(SET).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let Some(inside) = inside else {
        return Err(unknown(segment));
    };
    let value = match inside.split_once('=') {
        Some((name, value)) if name.trim() == super::columns::KEY => value,
        Some((name, _)) => {
            return Err(ODataError::bad(format!("`{}` is not the key, expected `item_key`", name.trim())));
        }
        None => inside,
    };
    value
        .trim()
        .parse()
        .map_err(|_| ODataError::bad(format!("`{value}` is not a key, expected a whole number as in `Items(7)`")))
}

fn property(name: &str) -> Result<&'static Column, ODataError> {
    if name == "$ref" || name == "$value" {
        return Err(ODataError::not_served(name));
    }
    column(name).ok_or_else(|| ODataError::not_found(format!("`{SET}` has no column `{name}`")))
}

fn unknown(segment: &str) -> ODataError {
    let first = segment.split(['/', '(']).next().unwrap_or_default();
    if NOT_SERVED.contains(&first) || segment.ends_with("/$ref") || segment.ends_with("/$query") {
        return ODataError::not_served(segment);
    }
    ODataError::new(
        StatusCode::NOT_FOUND,
        "not_found",
        format!("there is no `{segment}` here, expected `{SET}`, `{SET}(7)`, `{SET}/$count` or `$metadata`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str) -> String {
        match Resource::of_path(path) {
            Ok(Resource::Property(key, column)) => format!("{key}.{}", column.name),
            Ok(Resource::Raw(key, column)) => format!("{key}.{} raw", column.name),
            Ok(other) => format!("{other:?}"),
            Err(error) => error.status.as_u16().to_string(),
        }
    }

    #[test]
    fn both_roots_and_stray_slashes_lead_to_the_same_place() {
        for path in ["/odata/v4/Items", "/odata/Items", "//odata//v4//Items/", "/odata/Items/", "/odata/%49tems"] {
            assert_eq!(named(path), "Items", "{path}");
        }
        for path in ["/odata", "/odata/", "/odata/v4", "/odata/v4//"] {
            assert_eq!(named(path), "Service", "{path}");
        }
        assert_eq!(named("/odata/v4/$metadata"), "Metadata");
        assert_eq!(named("/odata/v4/%24metadata"), "Metadata");
        assert_eq!(named("/odata/v4/Items/$count"), "Count");
    }

    #[test]
    fn a_key_is_a_whole_number() {
        assert_eq!(named("/odata/v4/Items(12)"), "Item(12)");
        assert_eq!(named("/odata/v4/Items(item_key=12)"), "Item(12)");
        assert_eq!(named("/odata/v4/Items(12)/state"), "12.state");
        assert_eq!(named("/odata/v4/Items(12)/state/$value"), "12.state raw");
        for path in ["Items(a)", "Items('1')", "Items(id=1)", "Items()", "Items(99999999999999999999)"] {
            assert_eq!(named(&format!("/odata/v4/{path}")), "400", "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_told_from_what_is_not_served() {
        for path in ["items", "Events", "Items(1", "Items/1", "Items(1)/nothing", "Items/$count/x"] {
            assert_eq!(named(&format!("/odata/v4/{path}")), "404", "{path}");
        }
        for path in ["$batch", "$crossjoin(Items)", "$all", "Items(1)/$ref", "Items/$ref"] {
            assert_eq!(named(&format!("/odata/v4/{path}")), "501", "{path}");
        }
    }
}
