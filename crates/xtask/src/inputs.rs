//! Which files go into the site?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::assets::Asset;

/// Folders and files whose content decides what the site looks like: the crates compiled to wasm, what they are
/// compiled from, the style, the public files and the builder itself.
const SOURCES: [&str; 8] =
    ["Cargo.toml", "Cargo.lock", "app", "crates/domain", "crates/metrics", "crates/xtask/src", "style", "public"];

/// The part of `public/` that is addressed through the hashed folder, next to the style that names it.
const FONTS: &str = "public/fonts";

/// One file of the site's sources, by its path from the workspace root.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every source file, sorted by path.
pub(crate) fn read(root: &Path) -> Result<Vec<Input>> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), &mut files)?;
    }
    files.sort();
    files.iter().map(|file| Ok(Input { path: relative(file, root), bytes: read_file(file)? })).collect()
}

/// The web fonts with their licence, as `fonts/…`.
pub(crate) fn fonts(root: &Path) -> Result<Vec<Asset>> {
    public_files(root, |path| path.starts_with("fonts/"), FONTS)
}

/// What lies at the root of the site: icon, robots.txt.
pub(crate) fn icons(root: &Path) -> Result<Vec<Asset>> {
    public_files(root, |path| !path.starts_with("fonts/"), "public")
}

fn public_files(root: &Path, wanted: impl Fn(&str) -> bool, folder: &str) -> Result<Vec<Asset>> {
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files)?;
    files.sort();
    let public = root.join("public");
    let named = files.iter().map(|file| (relative(file, &public), file)).filter(|(name, _)| wanted(name));
    named.map(|(name, file)| Ok(Asset { name, bytes: read_file(file)? })).collect()
}

/// All files at or below `path`; a path that does not exist holds none.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        collect(&entry.path(), files)?;
    }
    Ok(())
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

pub(crate) fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}
