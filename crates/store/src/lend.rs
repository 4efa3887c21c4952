//! Connections that are lent: to readers, to snapshots, and to whoever writes.

use crate::{
    engine::{Conn, Store},
    error::StoreError,
    imports,
    watch::{Lease, STEPS_PER_QUESTION},
};
use domain::id::{ImportId, OrgId};
use sqlx::{
    PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection,
};

/// A connection lent for reading.
#[derive(Debug)]
pub struct Reader(Lent);

#[derive(Debug)]
enum Lent {
    Sqlite(PoolConnection<Sqlite>, Lease),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// The connection, for one statement after another.
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            Lent::Sqlite(connection, lease) => {
                lease.next_statement();
                Conn::Sqlite(connection)
            }
            Lent::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub struct Tx {
    transaction: AnyTransaction,
    /// Of a snapshot of SQLite alone.
    lease: Option<Lease>,
    store: Store,
}

#[derive(Debug)]
enum AnyTransaction {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// The connection inside the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        if let Some(lease) = &self.lease {
            lease.next_statement();
        }
        match &mut self.transaction {
            AnyTransaction::Sqlite(transaction) => Conn::Sqlite(&mut *transaction),
            AnyTransaction::Postgres(transaction) => Conn::Postgres(&mut *transaction),
        }
    }

    /// Makes it durable; once this returns `Ok`, the writes survive a power cut.
    ///
    /// # Errors
    /// Any [`StoreError`]; nothing was written then, or nobody can tell (the connection broke).
    pub async fn commit(self) -> Result<(), StoreError> {
        let committed = match self.transaction {
            AnyTransaction::Sqlite(transaction) => transaction.commit().await,
            AnyTransaction::Postgres(transaction) => transaction.commit().await,
        };
        committed.map_err(StoreError::from).inspect_err(|error| self.store.note(error))
    }

    /// Undoes everything since it began.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.transaction {
            AnyTransaction::Sqlite(transaction) => transaction.rollback().await?,
            AnyTransaction::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }
}

/// An import that is under way in this process. On PostgreSQL a connection of its own holds a lock that ends with it,
/// however the process ends.
#[derive(Debug, Default)]
pub struct ImportHold {
    connection: Option<PgConnection>,
}

pub(crate) async fn import_hold(writers: &PgPool) -> Result<ImportHold, StoreError> {
    Ok(ImportHold { connection: Some(writers.acquire().await?.detach()) })
}

impl ImportHold {
    /// Holds this import from now on; `false` where somebody else holds it.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn take(&mut self, org: OrgId, id: ImportId) -> Result<bool, StoreError> {
        let Some(connection) = &mut self.connection else { return Ok(true) };
        let query = sqlx::query_scalar(imports::HOLD).bind(org.get()).bind(id.get());
        Ok(query.fetch_one(connection).await?)
    }
}

pub(crate) async fn sqlite_reader(readers: &SqlitePool, lease: Lease) -> Result<Reader, StoreError> {
    let mut connection = readers.acquire().await?;
    watch(&mut connection, &lease).await?;
    Ok(Reader(Lent::Sqlite(connection, lease)))
}

pub(crate) async fn postgres_reader(readers: &PgPool) -> Result<Reader, StoreError> {
    Ok(Reader(Lent::Postgres(readers.acquire().await?)))
}

/// When what a transaction commits reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flush {
    /// Before the commit returns.
    AtCommit,
    /// With the next commit that is flushed: after a power cut it may be gone, and with it everything after it.
    Later,
}

pub(crate) async fn sqlite_writer(writer: &SqlitePool, store: &Store, flush: Flush) -> Result<Tx, StoreError> {
    let mut connection = writer.acquire().await?;
    // Said for every transaction, so that none takes over what another one said.
    let said = match flush {
        Flush::AtCommit => "pragma synchronous = full",
        Flush::Later => "pragma synchronous = normal",
    };
    sqlx::query(said).execute(&mut *connection).await?;
    let transaction =
        AnyTransaction::Sqlite(Transaction::begin(connection, Some("begin immediate".into_sql_str())).await?);
    Ok(Tx { transaction, lease: None, store: store.clone() })
}

pub(crate) async fn postgres_writer(writers: &PgPool, store: &Store, flush: Flush) -> Result<Tx, StoreError> {
    let mut transaction = writers.begin().await?;
    if flush == Flush::Later {
        sqlx::query("set local synchronous_commit = off").execute(&mut *transaction).await?;
    }
    Ok(Tx { transaction: AnyTransaction::Postgres(transaction), lease: None, store: store.clone() })
}

pub(crate) async fn sqlite_snapshot(readers: &SqlitePool, lease: Lease, store: &Store) -> Result<Tx, StoreError> {
    let mut transaction = readers.begin().await?;
    watch(&mut transaction, &lease).await?;
    Ok(Tx { transaction: AnyTransaction::Sqlite(transaction), lease: Some(lease), store: store.clone() })
}

pub(crate) async fn postgres_snapshot(readers: &PgPool, store: &Store) -> Result<Tx, StoreError> {
    const ONE_MOMENT: &str = "begin isolation level repeatable read read only";
    let transaction = AnyTransaction::Postgres(readers.begin_with(ONE_MOMENT).await?);
    Ok(Tx { transaction, lease: None, store: store.clone() })
}

async fn watch(connection: &mut SqliteConnection, lease: &Lease) -> Result<(), StoreError> {
    let watch = lease.watch();
    connection.lock_handle().await?.set_progress_handler(STEPS_PER_QUESTION, move || watch.may_go_on());
    Ok(())
}
