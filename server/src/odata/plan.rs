//! What exactly has to be answered? The options of a request, checked and typed, in one plain value.

use super::{
    columns::{self, COLUMNS, Column, column},
    error::ODataError,
    options::{Options, percent_encoded},
    parser,
    tree::Node,
};
use domain::view::Verification;

/// Columns of one `$orderby`; more never change the order of anything a person looks at.
const ORDER_COLUMNS_MAX: usize = 8;
/// Rows that `$skip` may leave out: each costs memory, and paging goes by `@odata.nextLink`.
const SKIP_MAX: usize = 1_000_000;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// A checked request for rows.
#[derive(Debug)]
pub(super) struct Plan {
    /// The columns to answer, in the order of the set.
    pub(super) select: Vec<&'static Column>,
    /// Whether `$select` narrowed them.
    pub(super) selected: bool,
    pub(super) filter: Option<Node>,
    /// The key is always appended.
    pub(super) order: Vec<(&'static Column, Direction)>,
    /// Rows over all pages.
    pub(super) top: Option<usize>,
    pub(super) skip: usize,
    pub(super) with_count: bool,
    pub(super) mode: Verification,
    /// The options that make the question, encoded, without `$skiptoken`: the start of `@odata.nextLink`.
    pub(super) question: String,
}

impl Plan {
    /// Checks the options; `headline` is the mode where none is given.
    pub(super) fn of(options: &Options, headline: Verification) -> Result<Self, ODataError> {
        let select = options.get("select").map_or_else(|| Ok(all_columns()), select)?;
        let filter = match options.get("filter").map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(parser::filter(text, &options.aliases)?),
        };
        Ok(Self {
            selected: select.len() < COLUMNS.len(),
            select,
            filter,
            order: options.get("orderby").map_or_else(|| Ok(Vec::new()), order)?,
            top: options.get("top").map(|text| whole("$top", text)).transpose()?,
            skip: skip(options)?,
            with_count: options.get("count").map_or(Ok(false), count)?,
            mode: mode(options, headline)?,
            question: question(options),
        })
    }

    /// The selected names as the context shows them.
    pub(super) fn select_list(&self) -> String {
        let names: Vec<_> = self.select.iter().map(|column| column.name).collect();
        names.join(",")
    }
}

fn all_columns() -> Vec<&'static Column> {
    COLUMNS.iter().collect()
}

fn unknown_column(option: &str, name: &str) -> ODataError {
    ODataError::bad_option(option, format!("unknown column `{name}`, expected one of {}", columns::names()))
}

fn select(text: &str) -> Result<Vec<&'static Column>, ODataError> {
    let mut wanted = Vec::new();
    for name in text.split(',').map(str::trim) {
        if name == "*" {
            return Ok(all_columns());
        }
        if name.contains(['/', '(']) {
            return Err(ODataError::not_served("paths in $select"));
        }
        wanted.push(column(name).ok_or_else(|| unknown_column("$select", name))?.name);
    }
    Ok(COLUMNS.iter().filter(|column| wanted.contains(&column.name)).collect())
}

fn order(text: &str) -> Result<Vec<(&'static Column, Direction)>, ODataError> {
    let bad = |message: String| ODataError::bad_option("$orderby", message);
    let mut order: Vec<(&'static Column, Direction)> = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace();
        let name = words.next().ok_or_else(|| bad("`$orderby` has an empty part".to_owned()))?;
        if name.contains(['/', '(']) {
            return Err(ODataError::not_served("expressions in $orderby"));
        }
        let column = column(name).ok_or_else(|| unknown_column("$orderby", name))?;
        let direction = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => Direction::Ascending,
            Some("desc") => Direction::Descending,
            Some(other) => return Err(bad(format!("`{other}` is no direction, expected asc or desc"))),
        };
        if let Some(extra) = words.next() {
            return Err(bad(format!("`{extra}` after the direction, expected `,` or the end")));
        }
        order.push((column, direction));
    }
    if order.len() > ORDER_COLUMNS_MAX {
        return Err(bad(format!("at most {ORDER_COLUMNS_MAX} columns")));
    }
    Ok(order)
}

/// A whole number from 0, without sign, blanks or leading zeros.
fn whole(option: &str, text: &str) -> Result<usize, ODataError> {
    let plain = text == "0" || !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| plain);
    number.ok_or_else(|| {
        ODataError::bad_option(option, format!("`{text}` cannot be `{option}`, expected a whole number from 0"))
    })
}

fn skip(options: &Options) -> Result<usize, ODataError> {
    let Some(text) = options.get("skip") else { return Ok(0) };
    let rows = whole("$skip", text)?;
    if rows > SKIP_MAX {
        let message = format!("`$skip` is at most {SKIP_MAX}: follow `@odata.nextLink`, or narrow with `$filter`");
        return Err(ODataError::bad_option("$skip", message));
    }
    Ok(rows)
}

fn count(text: &str) -> Result<bool, ODataError> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ODataError::bad_option("$count", format!("`{text}` cannot be `$count`, expected true or false"))),
    }
}

fn mode(options: &Options, headline: Verification) -> Result<Verification, ODataError> {
    match options.mode.as_deref() {
        None => Ok(headline),
        Some("strict") => Ok(Verification::Strict),
        Some("lenient") => Ok(Verification::Lenient),
        Some(other) => Err(ODataError::bad_option("mode", format!("`{other}` is no mode, expected strict or lenient"))),
    }
}

/// Names in one fixed order, so that two spellings of a question are one question. Custom options stay out: one may be a key.
fn question(options: &Options) -> String {
    let known = ["count", "filter", "format", "orderby", "select", "skip", "top"];
    let mut parts: Vec<_> =
        known.into_iter().filter_map(|name| Some(format!("${name}={}", percent_encoded(options.get(name)?)))).collect();
    parts.extend(options.mode.as_deref().map(|mode| format!("mode={}", percent_encoded(mode))));
    let aliases = options.aliases.iter();
    parts.extend(aliases.map(|(name, value)| format!("@{}={}", percent_encoded(name), percent_encoded(value))));
    parts.join("&")
}
