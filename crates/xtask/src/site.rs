//! In which order is the site made, and when is there nothing to do?

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{assets, bindgen, css, fingerprint, inputs, toolchain, wasm};

/// Which of the two builds: quick to make, or small to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Dev,
    Release,
}

impl Kind {
    /// The folder below `target/site`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// What the command line asked for.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) kind: Kind,
    pub(crate) toolchain: toolchain::Choice,
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn build(order: &Order) -> Result<()> {
    let root = workspace_root()?;
    let out = order.out.clone().unwrap_or_else(|| root.join("target/site").join(order.kind.folder()));
    let stamp_file = out.with_extension("stamp");
    let inputs = inputs::read(&root)?;
    let stamp = fingerprint::of(&inputs, order);
    if out.join(assets::MANIFEST).is_file() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        eprintln!("site: up to date in {}", shown(&out, &root));
        return Ok(());
    }
    let started = Instant::now();
    let toolchain = toolchain::find(order.toolchain, &root)?;
    eprintln!("site: building the browser half with {toolchain} ({} build)", order.kind.folder());
    let module = wasm::build(&root, order.kind, &toolchain)?;
    let mut hashed = bindgen::bind(&module, order.kind, &root)?;
    hashed.push(css::bundle(&root)?);
    hashed.extend(inputs::fonts(&root)?);
    let plain = inputs::icons(&root)?;
    let report = assets::write(&out, order.kind, hashed, plain)?;
    fs::write(&stamp_file, stamp).with_context(|| format!("cannot write {}", stamp_file.display()))?;
    eprintln!("site: {report}, {} in {:.1} s", shown(&out, &root), started.elapsed().as_secs_f32());
    Ok(())
}

/// The folder that holds the workspace's `Cargo.toml`, found upwards from where the command runs.
fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot read the current folder")?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file() && folder.join("app/Cargo.toml").is_file())
        .map(Path::to_path_buf)
        .with_context(|| format!("no Wallclock workspace above {}; run this inside the repository", here.display()))
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
