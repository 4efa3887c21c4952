//! Do the arrows between crates go one way?

use std::collections::{BTreeMap, BTreeSet};

use crate::cargo::{self, Member};
use crate::tree;

/// What each crate may depend on, and what only under `ssr`.
fn allowed() -> BTreeMap<&'static str, (&'static [&'static str], &'static [&'static str])> {
    let product: &[&str] = &["domain", "metrics", "formats", "render", "store", "service", "app"];
    BTreeMap::from([
        ("domain", (&[][..], &[][..])),
        ("metrics", (&["domain"], &[])),
        ("formats", (&["domain"], &[])),
        ("render", (&["domain", "metrics"], &[])),
        ("store", (&["domain"], &[])),
        ("service", (&["domain", "metrics", "formats", "render", "store"], &[])),
        ("app", (&["domain", "metrics"], &["service", "render"])),
        ("server", (product, &[])),
        ("xtask", (&[], &[])),
        ("fuzz", (&[], &[])),
        ("shimfs", (&[], &[])),
    ])
}

#[test]
fn arrows_go_one_way() {
    let members = cargo::members();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let allowed = allowed();
    let mut found = Vec::new();
    for member in &members {
        let Some((always, optional)) = allowed.get(member.name.as_str()) else {
            continue;
        };
        for dependency in member.of_product().filter(|dependency| names.contains(&dependency.name.as_str())) {
            let name = dependency.name.as_str();
            let fits = always.contains(&name) || (optional.contains(&name) && dependency.is_optional);
            if !fits {
                found.push(format!("{} -> {name}", member.name));
            }
        }
    }
    tree::nothing(&found, "an arrow that does not exist in the house; move the code to the side that may know:");
}

#[test]
fn every_crate_has_its_place_in_the_house() {
    let allowed = allowed();
    let strangers: Vec<String> = cargo::members()
        .into_iter()
        .map(|member| member.name)
        .filter(|name| !allowed.contains_key(name.as_str()))
        .collect();
    tree::nothing(&strangers, "a new crate needs a decision in docs/adr and a row in this test's table:");
}

/// A core crate's public items carry a sentence each, and the compiler insists.
#[test]
fn the_core_crates_insist_on_documentation() {
    let mut found = Vec::new();
    for name in ["domain", "metrics", "formats", "store", "service"] {
        let path = format!("crates/{name}/src/lib.rs");
        let text = std::fs::read_to_string(tree::root().join(&path)).unwrap();
        if !text.contains("#![deny(missing_docs)]") {
            found.push(path);
        }
    }
    tree::nothing(&found, "add `#![deny(missing_docs)]`:");
}

/// The one crate with `unsafe` in it; it repeats the lints, since a `forbid` cannot be taken back.
const WITH_UNSAFE: &str = "shimfs";

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let lacks = |member: &Member| {
        let manifest = tree::root().join(member.folder()).join("Cargo.toml");
        !std::fs::read_to_string(manifest).unwrap().contains("[lints]\nworkspace = true")
    };
    let others = cargo::members().into_iter().filter(|member| member.name != WITH_UNSAFE);
    let found: Vec<String> = others.filter(lacks).map(|member| member.name).collect();
    tree::nothing(&found, "add `[lints]` with `workspace = true` to its Cargo.toml:");
}

#[test]
fn the_crate_with_unsafe_in_it_differs_from_the_others_in_that_alone() {
    let lints = |path: &str, until: &str| -> BTreeSet<String> {
        let text = std::fs::read_to_string(tree::root().join(path)).unwrap();
        let (_, lints) = text.split_once("lints.rust]").unwrap();
        let lints = lints.split(until).next().unwrap();
        lints.lines().filter(|line| line.contains(" = ")).map(str::to_owned).collect()
    };
    let usual = lints("Cargo.toml", "[profile");
    let own = lints(&format!("crates/{WITH_UNSAFE}/Cargo.toml"), "\u{0}");
    assert!(usual.len() > 20, "Cargo.toml holds too few lints: {usual:?}");
    let difference: Vec<&String> = usual.symmetric_difference(&own).collect();
    assert_eq!(difference, ["unsafe_code = \"deny\"", "unsafe_code = \"forbid\""]);
}
