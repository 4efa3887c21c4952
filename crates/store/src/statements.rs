//! Every statement there is, so that a test can prepare each one on both engines.

use crate::{
    accounts, audit, batch_spans, batches, clock_decisions, drills, enrichment, event_keys, events, facts, held_acts,
    held_again, held_forms, held_list, held_of_import, history, idempotency, import_measures, import_notes,
    import_parts, import_steps, imports, item_events, items, known_pieces, log_state, merges, people, places,
    push_notes, quarantine, raw_lines, registers, sessions, setup, snapshots, source_ages, source_clocks, source_plans,
    sources, sql::Sql, tokens, webhooks,
};

const ALL: &[(&str, &[Sql])] = &[
    ("accounts", accounts::ALL),
    ("audit", audit::ALL),
    ("batch_spans", batch_spans::ALL),
    ("batches", batches::ALL),
    ("clock_decisions", clock_decisions::ALL),
    ("drills", drills::ALL),
    ("enrichment", enrichment::ALL),
    ("event_keys", event_keys::ALL),
    ("events", events::ALL),
    ("facts", facts::ALL),
    ("held_acts", held_acts::ALL),
    ("held_again", held_again::ALL),
    ("held_forms", held_forms::ALL),
    ("held_list", held_list::ALL),
    ("held_of_import", held_of_import::ALL),
    ("history", history::ALL),
    ("idempotency", idempotency::ALL),
    ("import_measures", import_measures::ALL),
    ("import_notes", import_notes::ALL),
    ("import_parts", import_parts::ALL),
    ("import_steps", import_steps::ALL),
    ("imports", imports::ALL),
    ("item_events", item_events::ALL),
    ("items", items::ALL),
    ("known_pieces", known_pieces::ALL),
    ("log_state", log_state::ALL),
    ("merges", merges::ALL),
    ("people", people::ALL),
    ("places", places::ALL),
    ("push_notes", push_notes::ALL),
    ("quarantine", quarantine::ALL),
    ("raw_lines", raw_lines::ALL),
    ("registers", registers::ALL),
    ("sessions", sessions::ALL),
    ("setup", setup::ALL),
    ("snapshots", snapshots::ALL),
    ("source_ages", source_ages::ALL),
    ("source_clocks", source_clocks::ALL),
    ("source_plans", source_plans::ALL),
    ("sources", sources::ALL),
    ("tokens", tokens::ALL),
    ("webhooks", webhooks::ALL),
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
