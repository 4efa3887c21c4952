//! The only crate that knows SQL: SQLite and PostgreSQL behind the same functions.
#![deny(missing_docs)]

pub mod accounts;
pub mod audit;
pub mod bare_insert;
pub mod batches;
pub mod chain;
mod checkpoint;
mod disk;
pub mod drills;
mod durability;
pub mod engine;
pub mod enrichment;
pub mod error;
pub mod events;
mod fact_agents;
mod fact_body;
pub mod facts;
pub mod history;
pub mod idempotency;
pub mod imports;
pub mod items;
mod lend;
mod limits;
pub mod log_state;
pub mod merges;
mod migrate;
pub mod people;
pub mod quarantine;
pub mod raw_lines;
pub mod registers;
pub mod savepoint;
pub mod sessions;
pub mod setup;
pub mod snapshots;
pub mod source_plans;
pub mod sources;
mod sql;
pub mod statements;
pub mod tokens;
mod watch;

pub use engine::{Access, Conn, Database, Durability, Store, StoreOptions, run};
pub use error::StoreError;
pub use lend::{Reader, Tx};
pub use limits::StoreLimits;
