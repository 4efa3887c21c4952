//! Which compiler on this machine can make wasm? Machines differ: some have the target in rustup, some may fetch it,
//! some have only what their distribution packages.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A fetch that takes longer than this is a network that swallows packets, not a slow one.
const RUSTUP_SECONDS_MAX: &str = "180";

const DISTRIBUTION_CARGO: &str = "/usr/bin/cargo";
const DISTRIBUTION_RUSTC: &str = "/usr/bin/rustc";

/// What of the outer cargo must not reach the inner one: it would run the outer compiler with the inner arguments.
const OUTER_NAMES: [&str; 6] =
    ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUST_RECURSION_COUNT", "LD_LIBRARY_PATH"];
const OUTER_PREFIXES: [&str; 2] = ["CARGO_MANIFEST", "CARGO_PKG"];

/// Whether to look for the best toolchain or to take the last resort, so that it can be tested anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    FirstThatWorks,
    Fallback,
}

/// A compiler that makes wasm.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The active one has the target's standard library.
    Active,
    /// The distribution's own, which has to compile the standard library itself.
    Distribution { linker: PathBuf },
}

impl fmt::Display for Toolchain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => out.write_str("the active Rust toolchain"),
            Self::Distribution { .. } => out.write_str("the distribution's Rust and its standard library from source"),
        }
    }
}

impl Toolchain {
    /// A cargo command of this toolchain, free of what an outer cargo left in the environment.
    pub(crate) fn cargo(&self) -> Command {
        match self {
            Self::Active => without_outer_cargo("cargo"),
            Self::Distribution { linker } => {
                let mut cargo = without_outer_cargo(DISTRIBUTION_CARGO);
                cargo.env("RUSTC", DISTRIBUTION_RUSTC).env("RUSTC_BOOTSTRAP", "1");
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                cargo
            }
        }
    }

    /// Arguments this toolchain needs beyond those every build has.
    pub(crate) fn extra_arguments(&self) -> &'static [&'static str] {
        match self {
            Self::Active => &[],
            Self::Distribution { .. } => &["-Zbuild-std=std,panic_abort"],
        }
    }
}

/// The first toolchain that can make wasm, in the order: present, fetched by rustup, packaged by the distribution.
///
/// # Errors
/// If none can be had, with what would help.
pub(crate) fn find(choice: Choice, root: &Path) -> Result<Toolchain> {
    if choice == Choice::FirstThatWorks && (active_has_target() || rustup_adds_target(root)) {
        return Ok(Toolchain::Active);
    }
    if let Some(toolchain) = distribution() {
        return Ok(toolchain);
    }
    install_distribution(root)?;
    if choice == Choice::FirstThatWorks && active_has_target() {
        return Ok(Toolchain::Active);
    }
    if let Some(toolchain) = distribution() {
        return Ok(toolchain);
    }
    bail!(
        "no compiler for {TARGET}; either `rustup target add {TARGET}`, or on Debian and Ubuntu \
         `apt-get install rustc-web cargo-web rust-web-src lld-19` (newer releases: `libstd-rust-dev-wasm32`)"
    )
}

fn active_has_target() -> bool {
    let answer = without_outer_cargo("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(answer) = answer else { return false };
    if !answer.status.success() {
        return false;
    }
    let folder = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    has_file(&folder, |name| name.starts_with("libstd-") && name.ends_with(".rlib"))
}

/// Asks rustup once a compiler; an answer of no is remembered, since asking again may wait for a network.
fn rustup_adds_target(root: &Path) -> bool {
    let Some(version) = rustup_compiler() else { return false };
    let refusal = root.join("target/wasm/rustup-has-no-target");
    if fs::read_to_string(&refusal).is_ok_and(|earlier| earlier == version) {
        return false;
    }
    eprintln!("site: asking rustup for the {TARGET} target");
    let added = without_outer_cargo("timeout").args([RUSTUP_SECONDS_MAX, "rustup", "target", "add", TARGET]).status();
    if added.is_ok_and(|status| status.success()) && active_has_target() {
        return true;
    }
    let noted = fs::create_dir_all(root.join("target/wasm")).and_then(|()| fs::write(&refusal, version));
    if let Err(error) = noted {
        eprintln!("site: cannot note that rustup has no such target: {error}");
    }
    false
}

/// Path and version of the compiler rustup gives, or `None` where rustup does not rule.
fn rustup_compiler() -> Option<String> {
    let path = without_outer_cargo("rustup").args(["which", "rustc"]).output().ok()?;
    let version = without_outer_cargo("rustc").arg("-V").output().ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    path.status.success().then(|| format!("{}{}", text(&path.stdout), text(&version.stdout)))
}

/// The distribution's compiler, if it is here with the source of its standard library and a linker for wasm.
fn distribution() -> Option<Toolchain> {
    let cargo = Path::new(DISTRIBUTION_CARGO);
    let rustc = Path::new(DISTRIBUTION_RUSTC);
    let linker = wasm_linker(Path::new("/usr/bin"))?;
    let source = without_outer_cargo(DISTRIBUTION_RUSTC).args(["--print", "sysroot"]).output().ok()?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&source.stdout).trim());
    let has_source = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file();
    (cargo.is_file() && rustc.is_file() && has_source).then_some(Toolchain::Distribution { linker })
}

/// The newest `wasm-ld-NN` of a folder.
fn wasm_linker(folder: &Path) -> Option<PathBuf> {
    let names = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let versions = names.filter_map(|name| name.strip_prefix("wasm-ld-")?.parse::<u32>().ok());
    versions.max().map(|version| folder.join(format!("wasm-ld-{version}")))
}

fn install_distribution(root: &Path) -> Result<()> {
    eprintln!("site: this Rust cannot make wasm; installing the distribution's compiler for it");
    let status = Command::new("sh").arg(root.join("scripts/install.sh")).arg("wasm").status();
    let status = status.context("cannot run scripts/install.sh")?;
    if !status.success() {
        eprintln!("site: the distribution's compiler could not be installed");
    }
    Ok(())
}

fn without_outer_cargo(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in OUTER_NAMES {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if OUTER_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}

fn has_file(folder: &Path, wanted: impl Fn(&str) -> bool) -> bool {
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| wanted(&entry.file_name().to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_cargo_does_not_inherit_the_outer_compiler() {
        let command = without_outer_cargo("cargo");
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        for name in OUTER_NAMES {
            assert!(removed.iter().any(|gone| *gone == name), "`{name}` stays in the environment");
        }
        assert!(removed.iter().any(|gone| *gone == "CARGO_MANIFEST_DIR"), "cargo's own variables stay");
    }

    #[test]
    fn the_newest_linker_is_taken() {
        let folder = std::env::temp_dir().join(format!("wallclock-xtask-linkers-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["wasm-ld-9", "wasm-ld-19", "wasm-ld-14", "wasm-ld-old", "ld"] {
            fs::write(folder.join(name), "").unwrap();
        }
        assert_eq!(wasm_linker(&folder), Some(folder.join("wasm-ld-19")));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_distribution_compiles_its_own_standard_library() {
        let toolchain = Toolchain::Distribution { linker: PathBuf::from("/usr/bin/wasm-ld-19") };
        assert_eq!(toolchain.extra_arguments(), ["-Zbuild-std=std,panic_abort"]);
        let cargo = toolchain.cargo();
        assert!(cargo.get_envs().any(|(name, value)| name == "RUSTC_BOOTSTRAP" && value.is_some()));
    }
}
