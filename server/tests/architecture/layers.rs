//! Does each library stay in the crate that is meant to know it?

use crate::cargo;
use crate::tree;

/// A library, by the start of its name, and the crates that may use it.
const HOMES: [(&str, &[&str]); 14] = [
    ("sqlx", &["store"]),
    ("libsqlite3", &["store", "shimfs"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
    ("tower", &["server"]),
    ("http", &["server"]),
    ("clap", &["server"]),
    ("leptos", &["app", "server"]),
    ("typst", &["render"]),
    ("plotters", &["render"]),
    ("argon2", &["service"]),
    ("tokio", &["store", "service", "server"]),
    ("getrandom", &["service", "server"]),
    ("anyhow", &["server", "xtask"]),
];

/// Libraries that open connections to elsewhere; this version has no use for one.
const OUTBOUND: [&str; 6] = ["reqwest", "ureq", "isahc", "curl", "native-tls", "openssl"];

#[test]
fn every_library_stays_at_home() {
    let mut found = Vec::new();
    for member in cargo::members() {
        for dependency in member.of_product() {
            for (library, homes) in HOMES {
                // Under `ssr` the app reads a request's parts; the browser never sees them.
                let for_ssr = library == "axum" && member.name == "app" && dependency.is_optional;
                if is_part_of(&dependency.name, library) && !homes.contains(&member.name.as_str()) && !for_ssr {
                    found.push(format!(
                        "{} uses {}, which belongs to {}",
                        member.name,
                        dependency.name,
                        homes.join(", ")
                    ));
                }
            }
        }
    }
    tree::nothing(&found, "ask the crate that knows, in the product's words:");
}

fn is_part_of(name: &str, library: &str) -> bool {
    name.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[test]
fn nothing_can_call_outside() {
    let listing =
        cargo::cargo(&["tree", "--locked", "-p", "server", "-e", "normal", "--prefix", "none", "--format", "{p}"]);
    let found: Vec<String> = listing
        .lines()
        .filter(|line| {
            OUTBOUND.iter().any(|library| line.split(' ').next().is_some_and(|name| is_part_of(name, library)))
        })
        .map(str::to_owned)
        .collect();
    tree::nothing(&found, "the server opens no connection of its own; leave the library out:");
}

#[test]
fn a_library_is_told_from_one_with_a_longer_name() {
    assert!(is_part_of("sqlx", "sqlx") && is_part_of("sqlx-core", "sqlx"));
    assert!(!is_part_of("httparse", "http") && !is_part_of("towering", "tower"));
}
