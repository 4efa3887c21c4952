//! Do the pure crates refuse clocks, files, sockets and seeds?

use std::collections::BTreeSet;

use crate::tree;

const PURE: [&str; 4] = ["domain", "metrics", "formats", "render"];

/// What a pure crate must refuse beside what the root refuses.
const PURE_BANS: [&str; 8] = [
    "std::time::Instant::now",
    "std::fs::read",
    "std::fs::File::open",
    "std::thread::spawn",
    "f64::ln",
    "f64::exp",
    "f64::powf",
    "std::collections::HashMap",
];

/// The lines of a clippy.toml that ban something or set a limit.
fn rules(path: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(tree::root().join(path)).unwrap_or_default();
    let rules = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    rules.filter(|line| line.starts_with('{') || !line.ends_with(['[', ']'])).map(str::to_owned).collect()
}

/// Clippy reads the nearest file only, so a ban of the root that is not repeated does not hold.
#[test]
fn a_pure_crate_repeats_every_rule_of_the_root() {
    let root = rules("clippy.toml");
    assert!(root.len() > 5, "clippy.toml at the root holds too few rules: {root:?}");
    let mut found = Vec::new();
    for name in PURE {
        let own = rules(&format!("crates/{name}/clippy.toml"));
        found.extend(root.difference(&own).map(|rule| format!("crates/{name}/clippy.toml lacks {rule}")));
    }
    tree::nothing(&found, "copy the rule:");
}

#[test]
fn a_pure_crate_refuses_what_could_differ_tomorrow() {
    let mut found = Vec::new();
    for name in PURE {
        let own = rules(&format!("crates/{name}/clippy.toml"));
        let lacks = |ban: &&&str| !own.iter().any(|rule| rule.contains(&format!("\"{ban}\"")));
        found.extend(PURE_BANS.iter().filter(lacks).map(|ban| format!("crates/{name}/clippy.toml lacks {ban}")));
    }
    tree::nothing(&found, "ban it there, with the reason:");
}

#[test]
fn the_pure_crates_have_the_same_bans() {
    let first = rules("crates/domain/clippy.toml");
    let mut found = Vec::new();
    for name in PURE {
        let own = rules(&format!("crates/{name}/clippy.toml"));
        found.extend(
            first.symmetric_difference(&own).map(|rule| format!("crates/{name} and crates/domain differ in {rule}")),
        );
    }
    tree::nothing(&found, "pure is one promise; write it the same way in all of them:");
}

/// An unwrap or an index is a server that falls over on one line of somebody's file.
#[test]
fn lints_that_keep_the_server_up_stay_on() {
    let manifest = std::fs::read_to_string(tree::root().join("Cargo.toml")).unwrap();
    let needed = ["unwrap_used", "expect_used", "panic", "indexing_slicing", "allow_attributes", "disallowed_methods"];
    let found: Vec<String> = needed
        .iter()
        .filter(|lint| !manifest.contains(&format!("{lint} = \"deny\"")))
        .map(|lint| format!("Cargo.toml: {lint}"))
        .collect();
    tree::nothing(&found, "deny it under [workspace.lints.clippy]:");
}

/// Whatever a stranger sends is computed with in these two: an overflow there would be a wrong figure or a fallen server.
#[test]
fn no_sum_overflows_where_outside_data_is_read() {
    let mut found = Vec::new();
    for name in ["domain", "formats"] {
        let path = format!("crates/{name}/src/lib.rs");
        let text = std::fs::read_to_string(tree::root().join(&path)).unwrap();
        if !text.contains("#![deny(clippy::arithmetic_side_effects)]") {
            found.push(path);
        }
    }
    tree::nothing(&found, "add `#![deny(clippy::arithmetic_side_effects)]`:");
}
