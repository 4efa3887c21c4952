//! How do many rows get into SQLite? Many to a statement, since every statement costs the way to SQLite's thread and
//! back, and the next one is made ready while the thread works.

use crate::{error::StoreError, sql::Sql};
use sqlx::{
    Arguments, SqliteConnection,
    error::BoxDynError,
    sqlite::{SqliteArguments, SqliteQueryResult},
};

/// Rows of the widest statement.
pub(crate) const MANY_ROWS: usize = 1_000;
/// The same for what is left of them.
pub(crate) const SOME_ROWS: usize = 100;
/// And for what is left of those.
pub(crate) const FEW_ROWS: usize = 10;

/// One insert as statements of many rows, of some, of few, and of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Insert {
    pub(crate) many: Sql,
    pub(crate) some: Sql,
    pub(crate) few: Sql,
    pub(crate) one: Sql,
}

/// The insert `head` + rows + `tail` on SQLite beside the one statement of PostgreSQL.
///
/// Write `insert or fail`: with the usual `abort`, SQLite copies every page a statement touches in case it must take the
/// statement back alone. Nothing here needs that: after an error the savepoint or the transaction is undone.
macro_rules! insert_many {
    ($head:expr, $row:expr, $tail:expr, $postgres:expr) => {
        $crate::many::Insert {
            many: $crate::sql::Sql::per_engine(
                $crate::sql::many_rows!($head, $row, $crate::many::MANY_ROWS, $tail),
                $postgres,
            ),
            some: $crate::sql::Sql::per_engine(
                $crate::sql::many_rows!($head, $row, $crate::many::SOME_ROWS, $tail),
                $postgres,
            ),
            few: $crate::sql::Sql::per_engine(
                $crate::sql::many_rows!($head, $row, $crate::many::FEW_ROWS, $tail),
                $postgres,
            ),
            one: $crate::sql::Sql::per_engine($crate::sql::many_rows!($head, $row, 1, $tail), $postgres),
        }
    };
}
pub(crate) use insert_many;

/// Inserts rows; says how many of them were new.
pub(crate) async fn insert<R>(
    connection: &mut SqliteConnection,
    insert: Insert,
    rows: &[R],
    bind: impl Fn(&mut SqliteArguments, &R) -> Result<(), BoxDynError>,
) -> Result<u64, StoreError> {
    let mut statements = statements(insert, rows).map(|(statement, rows)| (statement, arguments(rows, &bind)));
    let mut added = 0;
    let mut next = statements.next();
    while let Some((statement, arguments)) = next {
        let query = sqlx::query_with(statement.sqlite, arguments?);
        // While SQLite's thread works, this one prepares what comes next.
        let (done, prepared) = tokio::join!(biased; query.execute(&mut *connection), async { statements.next() });
        added += done.as_ref().map_or(0, SqliteQueryResult::rows_affected);
        done?;
        next = prepared;
    }
    Ok(added)
}

/// The rows, in as few statements as there are.
fn statements<R>(insert: Insert, rows: &[R]) -> impl Iterator<Item = (Sql, &[R])> {
    let many = rows.chunks_exact(MANY_ROWS);
    let some = many.remainder().chunks_exact(SOME_ROWS);
    let few = some.remainder().chunks_exact(FEW_ROWS);
    let one = few.remainder().chunks(1);
    let many = many.map(move |rows| (insert.many, rows)).chain(some.map(move |rows| (insert.some, rows)));
    many.chain(few.map(move |rows| (insert.few, rows))).chain(one.map(move |rows| (insert.one, rows)))
}

fn arguments<R>(
    rows: &[R],
    bind: impl Fn(&mut SqliteArguments, &R) -> Result<(), BoxDynError>,
) -> Result<SqliteArguments, StoreError> {
    let mut all = SqliteArguments::default();
    for row in rows {
        bind(&mut all, row).map_err(|_| StoreError::damaged("a value that SQLite cannot hold"))?;
    }
    Ok(all)
}

/// Adds the values of one row, in their order.
macro_rules! bind_all {
    ($to:expr, $($value:expr),+ $(,)?) => {{
        $($crate::many::add($to, $value)?;)+
        Ok(())
    }};
}
pub(crate) use bind_all;

/// Adds one value.
pub(crate) fn add<'v, V>(to: &mut SqliteArguments, value: V) -> Result<(), BoxDynError>
where
    V: sqlx::Encode<'v, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + 'v,
{
    to.add(value)
}
