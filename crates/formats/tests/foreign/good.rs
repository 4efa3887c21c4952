//! The smallest good file of every format: what the tests of bad input break, and the fuzz targets change.
//!
//! A new format needs one file here, `fixtures/good/<name of the adapter>.<any extension>`, and one
//! `<name of the adapter>.<shape>.<any extension>` for each other shape it comes in: two records or more where the format has
//! records, recognised by its adapter alone, read without a held line under [`usual`] settings or those in
//! `<name of the adapter>.settings.json` beside it.

use formats::foreign::{ALL, ASKED, Adapter, DateOrder, Repeated, Settings};
use std::path::{Path, PathBuf};

/// A good file with the settings under which it is read.
pub(crate) struct Good {
    /// The file without its extension: the format, and its shape where it has several.
    pub(crate) name: String,
    pub(crate) adapter: Adapter,
    pub(crate) settings: Settings,
    pub(crate) bytes: Vec<u8>,
}

impl Good {
    /// Whether the format is recognised by its content, and not only read where somebody asks for it.
    pub(crate) fn is_recognised(&self) -> bool {
        ALL.iter().any(|adapter| adapter.name == self.adapter.name)
    }
}

/// The good files of every format, one for each shape it comes in.
pub(crate) fn all() -> Vec<Good> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/fixtures/good");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let is_file = |path: &&PathBuf| !path.to_string_lossy().contains(".settings.");
    let all: Vec<Good> = paths.iter().filter(is_file).map(|path| read(&folder, path)).collect();
    for adapter in ALL.iter().chain(ASKED) {
        let name = adapter.name;
        let has_file = all.iter().any(|good| good.adapter.name == name);
        assert!(has_file, "`{name}` has no good file: add {}/{name}.*", folder.display());
    }
    all
}

#[expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]
fn read(folder: &Path, path: &Path) -> Good {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let format = name.split('.').next().unwrap();
    let adapter = Adapter::named(format).unwrap_or_else(|| panic!("{} is of no format", path.display()));
    let settings = match std::fs::read(folder.join(format!("{format}.settings.json"))) {
        Ok(text) => serde_json::from_slice(&text).unwrap(),
        Err(_) => usual(),
    };
    Good { adapter, settings, bytes: std::fs::read(path).unwrap(), name }
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
