//! When must the server be compiled again because its pages changed? Release builds hold the site inside; this makes
//! its folder (so that a fresh clone compiles) and has cargo watch it. Debug builds read the site when they start.

use std::path::Path;

const SITE: &str = "../target/site/release";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its profile in no other way")]
    let profile = std::env::var("PROFILE");
    if profile.is_ok_and(|profile| profile == "release") {
        if !Path::new(SITE).is_dir() {
            std::fs::create_dir_all(SITE)?;
        }
        println!("cargo::rerun-if-changed={SITE}");
    }
    Ok(())
}
