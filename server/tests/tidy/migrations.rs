//! Do both databases get the same migrations, and does each say why it is there?

use std::collections::BTreeSet;

use crate::tree::{self, SourceFile};

fn migrations(engine: &str) -> Vec<SourceFile> {
    let folder = format!("migrations/{engine}");
    tree::files().into_iter().filter(|file| file.is_below(&folder)).collect()
}

fn names(engine: &str) -> BTreeSet<String> {
    migrations(engine).iter().filter_map(|file| file.path.rsplit('/').next().map(str::to_owned)).collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert!(!sqlite.is_empty(), "migrations/sqlite is empty");
    let lonely = sqlite.symmetric_difference(&postgres).cloned().collect::<Vec<_>>();
    tree::nothing(&lonely, "a step exists for one database only; write its twin under the same name:");
}

#[test]
fn a_migration_is_named_by_its_time_and_its_act() {
    let all = names("sqlite").into_iter().chain(names("postgres"));
    let found: Vec<_> = all.filter(|name| !is_well_named(name)).collect();
    tree::nothing(&found, "name it YYYYMMDDHHMMSS_verb_noun.sql:");
}

fn is_well_named(name: &str) -> bool {
    let Some((time, act)) = name.strip_suffix(".sql").and_then(|name| name.split_once('_')) else {
        return false;
    };
    let lower = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    time.len() == 14 && time.chars().all(|digit| digit.is_ascii_digit()) && act.contains('_') && act.chars().all(lower)
}

#[test]
fn a_migration_says_why_in_its_first_line() {
    let mut found = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let silent = migrations(engine).into_iter().filter(|file| !file.text.starts_with("-- "));
        found.extend(silent.map(|file| file.path));
    }
    tree::nothing(&found, "start the file with `-- ` and the reason:");
}

#[test]
fn names_are_judged_by_time_verb_and_noun() {
    assert!(is_well_named("20261201090000_create_events.sql"));
    assert!(!is_well_named("001_create_events.sql"));
    assert!(!is_well_named("20261201090000_events.sql"));
    assert!(!is_well_named("20261201090000_Create_Events.sql"));
}
