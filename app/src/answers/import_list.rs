//! Which imports does their page list, and what does it answer about them?

use service::authorise::{Granted, proof};
use service::ingest::{ImportState, StoredImport};
use service::services::Services;

use super::asking::told;
use super::imports::words_of;
use crate::error::UiError;
use crate::format;

/// Imports a page shows.
const SHOWN_MAX: u32 = 200;

/// The imports of a page, with what it answers.
pub(super) struct List {
    pub(super) answer: Vec<String>,
    pub(super) imports: Vec<StoredImport>,
    /// What stands under them; empty when all are shown.
    pub(super) more: String,
}

impl List {
    /// One of them.
    pub(super) fn of_one(one: &StoredImport) -> Self {
        Self { answer: vec![alone(one.state)], imports: vec![one.clone()], more: String::new() }
    }
}

/// All that wait for a person, however long ago they came, and the latest of the others.
pub(super) async fn listed(
    services: &Services,
    granted: &Granted<proof::ImportsWrite>,
    source: Option<&str>,
) -> Result<List, UiError> {
    let mut held = services.imports_held(granted).await.map_err(told)?;
    held.retain(|one| source.is_none_or(|source| one.source == source));
    let waiting = held.len() as u64;
    let recent = services.imports_of(granted, source, SHOWN_MAX).await.map_err(told)?;
    let more = if recent.len() >= usize::try_from(SHOWN_MAX).unwrap_or(usize::MAX) {
        format!("These are the latest {SHOWN_MAX} of them; all that wait for a person stand first.")
    } else {
        String::new()
    };
    let imports = waiting_first(held, recent);
    Ok(List { answer: answer(&imports, waiting), imports, more })
}

fn waiting_first(held: Vec<StoredImport>, recent: Vec<StoredImport>) -> Vec<StoredImport> {
    let is_waiting = |one: &StoredImport| held.iter().any(|waits| waits.id == one.id);
    let others: Vec<StoredImport> = recent.into_iter().filter(|one| !is_waiting(one)).collect();
    held.into_iter().chain(others).collect()
}

fn answer(all: &[StoredImport], waiting: u64) -> Vec<String> {
    let count = |wanted: fn(ImportState) -> bool| all.iter().filter(|one| wanted(one.state)).count() as u64;
    let seen = count(|state| state == ImportState::Published);
    let under_way = count(|state| state == ImportState::Running);
    let rests = count(ImportState::can_go_on);
    if all.is_empty() {
        return vec!["No file has been imported yet.".to_owned()];
    }
    let files = |count, verb| format!("{} {verb}.", format::counted(count, "file", "files"));
    let mut words = vec![files(seen, if seen == 1 { "counts" } else { "count" })];
    if under_way > 0 {
        words.push(files(under_way, if under_way == 1 { "is being read" } else { "are being read" }));
    }
    if waiting > 0 {
        words.push(files(waiting, if waiting == 1 { "waits for a person" } else { "wait for a person" }));
    }
    if rests > 0 {
        words.push(files(rests, if rests == 1 { "waits to go on" } else { "wait to go on" }));
    }
    words
}

/// What became of the one import of a page.
fn alone(state: ImportState) -> String {
    let verb = match state {
        ImportState::Held | ImportState::Published => "",
        ImportState::Failed => "was ",
        ImportState::Running
        | ImportState::Paused
        | ImportState::Interrupted
        | ImportState::Cancelled
        | ImportState::Withdrawn => "is ",
    };
    format!("It {verb}{}", words_of(state))
}

#[cfg(test)]
mod tests {
    use domain::id::ImportId;

    use super::super::imports::tests::stored;
    use super::*;

    #[test]
    fn what_waits_for_a_person_stands_first_however_many_came_later() {
        let numbered = |id, state| StoredImport { id: ImportId::from_row(id), ..stored(state) };
        let recent: Vec<StoredImport> = (3..203).rev().map(|id| numbered(id, ImportState::Published)).collect();
        let held = vec![numbered(2, ImportState::Held), numbered(150, ImportState::Held)];
        let all = waiting_first(held, recent);
        assert_eq!(all.len(), 201, "each stands there once");
        assert_eq!(all.iter().take(3).map(|one| one.id.get()).collect::<Vec<_>>(), [2, 150, 202]);
        assert_eq!(answer(&all, 2), ["199 files count.", "2 files wait for a person."]);
        assert_eq!(answer(&[stored(ImportState::Held)], 1), ["0 files count.", "1 file waits for a person."]);
    }

    #[test]
    fn one_import_alone_says_what_became_of_it() {
        assert_eq!(alone(ImportState::Published), "It counts.");
        assert_eq!(alone(ImportState::Held), "It waits for a person; nothing of it counts yet.");
        assert_eq!(alone(ImportState::Failed), "It was stopped by a fault; nothing of it counts yet.");
        assert_eq!(alone(ImportState::Cancelled), "It is given up; nothing of it counts.");
    }
}
