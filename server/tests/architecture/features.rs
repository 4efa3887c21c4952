//! Can the two halves of the app be built without getting in each other's way?

use crate::cargo;
use crate::tree;

/// The wasm entry and its hooks; everything else compiles the same way in both halves.
const APP_CFGS_MAX: usize = 3;

const WITHOUT_CFG: [&str; 5] = ["crates/domain", "crates/metrics", "crates/formats", "crates/render", "crates/service"];

#[test]
fn nothing_turns_on_both_halves() {
    let mut found = Vec::new();
    for member in cargo::members() {
        for dependency in member.of_product().filter(|dependency| dependency.name == "app") {
            if dependency.features.iter().any(|feature| feature == "hydrate") {
                found.push(format!("{} turns on app/hydrate", member.name));
            }
        }
        for (name, turned_on) in &member.features {
            let has = |half: &str| turned_on.iter().any(|feature| feature.ends_with(half));
            if has("hydrate") && has("ssr") {
                found.push(format!("{}: feature `{name}`", member.name));
            }
        }
    }
    tree::nothing(&found, "`hydrate` belongs to the browser build alone:");
}

#[test]
fn no_crate_has_features_by_default() {
    let mut found = Vec::new();
    for member in cargo::members() {
        found.extend(
            member
                .features
                .iter()
                .filter(|(name, turned_on)| name == "default" && !turned_on.is_empty())
                .map(|(_, turned_on)| format!("{}: default = {turned_on:?}", member.name)),
        );
    }
    tree::nothing(&found, "leave `default` empty, so that what is on is written where it is used:");
}

#[test]
fn what_a_library_turns_on_is_chosen_by_us() {
    let mut found = Vec::new();
    for member in cargo::members() {
        let ours = ["domain", "metrics", "formats", "render", "store", "shimfs", "service", "app", "server"];
        let greedy = member.dependencies.iter().filter(|dependency| {
            dependency.default_features
                && !ours.contains(&dependency.name.as_str())
                // The builder's library knows no features of its own worth leaving out.
                && dependency.name != "wasm-bindgen-cli-support"
        });
        found.extend(greedy.map(|dependency| format!("{}: {}", member.name, dependency.name)));
    }
    tree::nothing(&found, "write `default-features = false` in the workspace's Cargo.toml and name what is needed:");
}

#[test]
fn the_app_compiles_the_same_way_in_both_halves() {
    let files = tree::files();
    let found: Vec<String> = files.iter().filter(|file| file.is_below("app/src")).flat_map(cfgs).collect();
    assert!(
        found.len() <= APP_CFGS_MAX,
        "{} switches on a feature in app, at most {APP_CFGS_MAX}; put server-only `use` inside the server function's body:\n  {}",
        found.len(),
        found.join("\n  ")
    );
}

#[test]
fn the_inner_crates_know_no_features() {
    let files = tree::files();
    let inner = files.iter().filter(|file| WITHOUT_CFG.iter().any(|folder| file.is_below(folder)));
    tree::nothing(&inner.flat_map(cfgs).collect::<Vec<_>>(), "one build, one behaviour: take the switch out:");
}

fn cfgs(file: &tree::SourceFile) -> Vec<String> {
    if !file.ends_with(".rs") {
        return Vec::new();
    }
    let switches = file.lines().filter(|(_, line)| {
        line.contains("cfg") && line.contains("feature = ") && !line.trim_start().starts_with("//")
    });
    switches.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())).collect()
}
