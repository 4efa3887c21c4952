//! Every statement there is, so that a test can prepare each one on both engines.

use crate::{
    accounts, audit, batches, drills, enrichment, events, facts, history, idempotency, imports, items, log_state,
    merges, people, quarantine, raw_lines, registers, sessions, setup, snapshots, source_plans, sources, sql::Sql,
    tokens,
};

const ALL: &[(&str, &[Sql])] = &[
    ("accounts", accounts::ALL),
    ("audit", audit::ALL),
    ("batches", batches::ALL),
    ("drills", drills::ALL),
    ("enrichment", enrichment::ALL),
    ("events", events::ALL),
    ("facts", facts::ALL),
    ("history", history::ALL),
    ("idempotency", idempotency::ALL),
    ("imports", imports::ALL),
    ("items", items::ALL),
    ("log_state", log_state::ALL),
    ("merges", merges::ALL),
    ("people", people::ALL),
    ("quarantine", quarantine::ALL),
    ("raw_lines", raw_lines::ALL),
    ("registers", registers::ALL),
    ("sessions", sessions::ALL),
    ("setup", setup::ALL),
    ("snapshots", snapshots::ALL),
    ("source_plans", source_plans::ALL),
    ("sources", sources::ALL),
    ("tokens", tokens::ALL),
];

/// A statement as each engine gets it.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// The file it stands in.
    pub file: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// All statements of all files.
pub fn all() -> impl Iterator<Item = Texts> {
    let texts = |(file, list): &(&'static str, &'static [Sql])| {
        let file = *file;
        list.iter().map(move |sql| Texts { file, sqlite: sql.sqlite, postgres: sql.postgres })
    };
    ALL.iter().flat_map(texts)
}
