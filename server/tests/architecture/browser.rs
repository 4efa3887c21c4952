//! What reaches the browser?

use crate::cargo;
use crate::tree;

/// What would be a leak in the browser, or megabytes.
const SERVER_ONLY: [&str; 12] =
    ["service", "store", "formats", "render", "sqlx", "tokio", "axum", "hyper", "plotters", "typst", "argon2", "rayon"];

#[test]
fn nothing_of_the_server_reaches_the_browser() {
    let arguments = ["tree", "--locked", "-p", "app", "--no-default-features", "--features", "hydrate"];
    let target = ["--target", "wasm32-unknown-unknown", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let listing = cargo::cargo(&[&arguments[..], &target[..]].concat());
    assert!(listing.contains("leptos "), "the listing of the browser half is empty:\n{listing}");
    let leaks: Vec<String> = listing
        .lines()
        .filter(|line| {
            let name = line.split(' ').next().unwrap_or_default();
            SERVER_ONLY.iter().any(|banned| name == *banned || name.starts_with(&format!("{banned}-")))
        })
        .map(str::to_owned)
        .collect();
    tree::nothing(&leaks, "make the dependency optional and turn it on under `ssr` only:");
}
