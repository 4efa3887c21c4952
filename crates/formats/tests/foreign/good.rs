//! The smallest good file of every format: what the tests of bad input break, and the fuzz targets change.
//!
//! A new format needs one file here, `fixtures/good/<name of the adapter>.<any extension>`: two records or more where the
//! format has records, recognised by its adapter alone, read without a held line under [`usual`] settings or those in
//! `<name of the adapter>.settings.json` beside it.

use formats::foreign::{ALL, Adapter, DateOrder, Repeated, Settings};
use std::path::PathBuf;

/// A good file with the settings under which it is read.
pub(crate) struct Good {
    pub(crate) adapter: Adapter,
    pub(crate) settings: Settings,
    pub(crate) bytes: Vec<u8>,
}

/// The good file of every format.
#[expect(clippy::disallowed_methods, reason = "a test reads its fixtures; a list in code would be forgotten")]
pub(crate) fn all() -> Vec<Good> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/fixtures/good");
    let paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let of = |adapter: &Adapter| {
        let settings = folder.join(format!("{}.settings.json", adapter.name));
        let is_it = |path: &&PathBuf| {
            path.file_stem().is_some_and(|stem| stem == adapter.name) && !path.to_string_lossy().contains(".settings.")
        };
        let path = paths.iter().find(is_it).unwrap_or_else(|| {
            panic!("`{}` has no good file: add {}/{}.*", adapter.name, folder.display(), adapter.name)
        });
        let settings = match std::fs::read(settings) {
            Ok(text) => serde_json::from_slice(&text).unwrap(),
            Err(_) => usual(),
        };
        Good { adapter: *adapter, settings, bytes: std::fs::read(path).unwrap() }
    };
    ALL.iter().map(of).collect()
}

/// A zone for times that carry none, and an answer to every question about dates.
pub(crate) fn usual() -> Settings {
    Settings {
        zone: Some("Europe/Madrid".to_owned()),
        repeated: Some(Repeated::First),
        dates: Some(DateOrder::DayFirst),
        ..Settings::default()
    }
}
