//! What a statement is: one text for both engines wherever possible, two side by side where not.

/// A statement, fixed when the program is built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    /// The text for SQLite.
    pub(crate) sqlite: &'static str,
    /// The text for PostgreSQL.
    pub(crate) postgres: &'static str,
}

impl Sql {
    /// The same text on both engines.
    #[must_use]
    pub(crate) const fn same(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    /// One text each, where the engines truly differ.
    #[must_use]
    pub(crate) const fn per_engine(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// A count as a column holds it.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Runs one body on whichever engine the connection belongs to: `on_engine!(conn, STATEMENT, |c, text| …)`.
///
/// `conn` is a `&mut Conn<'_>`; inside the body `c` is a plain sqlx connection and `text` the statement's text.
/// The body is written once and compiled twice.
macro_rules! on_engine {
    ($conn:expr, $sql:expr, |$c:ident, $text:ident| $body:expr) => {
        match $conn {
            $crate::engine::Conn::Sqlite(connection) => {
                let $c = &mut **connection;
                let $text: &'static str = $sql.sqlite;
                $body
            }
            $crate::engine::Conn::Postgres(connection) => {
                let $c = &mut **connection;
                let $text: &'static str = $sql.postgres;
                $body
            }
        }
    };
}
pub(crate) use on_engine;

/// The text of a SQLite statement with many rows of anonymous parameters, written at compile time:
/// `head` + `row` × `rows` joined by commas + `tail`. Anonymous, since SQLite looks numbered ones up one by one.
macro_rules! many_rows {
    ($head:expr, $row:expr, $rows:expr, $tail:expr) => {{
        const LENGTH: usize = $head.len() + $row.len() * $rows + ($rows - 1) + $tail.len();
        const BYTES: [u8; LENGTH] = $crate::sql::repeat_rows::<LENGTH>($head, $row, $rows, $tail);
        match ::core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}
pub(crate) use many_rows;

const fn put<const N: usize>(mut into: [u8; N], from: usize, text: &str) -> ([u8; N], usize) {
    let bytes = text.as_bytes();
    let (_, tail) = into.split_at_mut(from);
    let (slot, _) = tail.split_at_mut(bytes.len());
    slot.copy_from_slice(bytes);
    (into, from + bytes.len())
}

pub(crate) const fn repeat_rows<const N: usize>(head: &str, row: &str, rows: usize, tail: &str) -> [u8; N] {
    let (mut text, mut place) = put([b' '; N], 0, head);
    let mut written = 0;
    while written < rows {
        if written > 0 {
            (text, place) = put(text, place, ",");
        }
        (text, place) = put(text, place, row);
        written += 1;
    }
    (text, _) = put(text, place, tail);
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn many_rows_writes_the_statement_once_and_whole() {
        const TEXT: &str = many_rows!("insert into t values ", "(?,?)", 3, " on conflict do nothing");
        assert_eq!(TEXT, "insert into t values (?,?),(?,?),(?,?) on conflict do nothing");
    }
}
