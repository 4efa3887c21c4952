//! How is the `app` crate compiled for the browser?

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::site::Kind;
use crate::toolchain::{TARGET, Toolchain};

/// The module as the linker leaves it, before it is bound to JavaScript.
///
/// # Errors
/// If the compiler cannot be started or refuses the code; its own messages are already on the terminal.
pub(crate) fn build(root: &Path, kind: Kind, toolchain: &Toolchain) -> Result<PathBuf> {
    let profile = profile(kind);
    let target_folder = root.join("target/wasm");
    let mut cargo = toolchain.cargo();
    // `app` is an rlib for the server; only here is it asked to be a module of its own.
    cargo.current_dir(root).args(["rustc", "-p", "app", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--no-default-features", "--features", "hydrate", "--profile", profile, "--target", TARGET]);
    cargo.arg("--target-dir").arg(&target_folder).args(toolchain.extra_arguments());
    let status = cargo.status().context("cannot start cargo for the browser half")?;
    ensure!(status.success(), "the browser half does not compile");
    let module = target_folder.join(TARGET).join(profile).join("app.wasm");
    ensure!(module.is_file(), "cargo left no {}", module.display());
    Ok(module)
}

fn profile(kind: Kind) -> &'static str {
    match kind {
        Kind::Dev => "wasm-dev",
        Kind::Release => "wasm-release",
    }
}
