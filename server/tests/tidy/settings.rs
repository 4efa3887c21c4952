//! Does whoever installs Wallclock learn of every setting?

use crate::tree;

/// Set by tests and by the build, not by whoever runs the server.
const NOT_FOR_OPERATORS: [&str; 5] =
    ["WALLCLOCK_TEST_POSTGRES", "WALLCLOCK_BUILD", "WALLCLOCK_ADDRESS", "WALLCLOCK_BINARY", "WALLCLOCK_FOLDER"];

fn names_in(text: &str) -> Vec<String> {
    let is_part = |letter: &char| letter.is_ascii_uppercase() || *letter == '_';
    let mut names: Vec<String> =
        text.match_indices("WALLCLOCK_").map(|(at, _)| text[at..].chars().take_while(is_part).collect()).collect();
    names.sort();
    names.dedup();
    names.retain(|name: &String| !NOT_FOR_OPERATORS.contains(&name.as_str()) && name != "WALLCLOCK_");
    names
}

#[test]
fn every_setting_stands_in_the_example() {
    let files = tree::files();
    let text = |path: &str| files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
    let config = text("server/src/config.rs");
    let known = names_in(config.split("];").next().unwrap());
    assert!(!known.is_empty(), "server/src/config.rs no longer starts with the list of its settings");
    let told = names_in(text(".env.example"));
    let silent: Vec<String> = known.iter().filter(|name| !told.contains(name)).cloned().collect();
    tree::nothing(&silent, "explain it in .env.example:");
    let unknown: Vec<String> = told.iter().filter(|name| !known.contains(name)).cloned().collect();
    tree::nothing(&unknown, "the server does not know it; take it out of .env.example:");
}
