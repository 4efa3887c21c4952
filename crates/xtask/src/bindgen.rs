//! How does the compiled module become something a browser loads? wasm-bindgen runs as a library of the very version
//! the app is compiled with, so the two cannot drift and nothing has to be installed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::assets::{Asset, STEM};
use crate::inputs;
use crate::site::Kind;

/// The module, its JavaScript, and whatever snippets crates bring along.
pub(crate) fn bind(module: &Path, kind: Kind, root: &Path) -> Result<Vec<Asset>> {
    let folder = root.join("target/wasm/bound").join(kind.folder());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(STEM).typescript(false);
    bindgen.remove_name_section(kind == Kind::Release).remove_producers_section(kind == Kind::Release);
    bindgen.web(true).context("wasm-bindgen refuses the web target")?;
    bindgen.generate(&folder).context("wasm-bindgen refuses the module")?;
    let mut files = Vec::new();
    inputs::collect(&folder, &mut files)?;
    files.sort();
    let assets = files.iter();
    assets.map(|file| Ok(Asset { name: inputs::relative(file, &folder), bytes: inputs::read_file(file)? })).collect()
}
