//! The only crate that knows SQL: SQLite and PostgreSQL behind the same functions.
#![deny(missing_docs)]

pub mod accounts;
pub mod audit;
pub mod bare_insert;
pub mod batches;
pub mod chain;
mod durability;
pub mod engine;
pub mod error;
pub mod events;
mod fact_body;
pub mod facts;
pub mod history;
pub mod idempotency;
pub mod imports;
pub mod items;
pub mod log_state;
pub mod merges;
mod migrate;
pub mod people;
pub mod quarantine;
pub mod raw_lines;
pub mod savepoint;
pub mod sessions;
pub mod setup;
pub mod sources;
mod sql;
pub mod statements;
pub mod tokens;

pub use engine::{Access, Conn, Database, Durability, Reader, Store, StoreOptions, Tx, run};
pub use error::StoreError;
