//! Statements behind the back of the program.

use sqlx::{Connection, PgConnection, SqliteConnection};
use store::Database;

/// Runs one of the two statements on a connection of its own; says how many rows it changed.
pub async fn run(database: &Database, sqlite: &'static str, postgres: &'static str) -> u64 {
    match database {
        Database::Sqlite(folder) => {
            let url = format!("sqlite://{}/wallclock.db", folder.display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            sqlx::query(sqlite).execute(&mut connection).await.unwrap().rows_affected()
        }
        Database::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            sqlx::query(postgres).execute(&mut connection).await.unwrap().rows_affected()
        }
    }
}
