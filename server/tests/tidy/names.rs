//! Does a name say what is inside?

use crate::tree;

/// Names under which anything may be dumped, and soon is.
const NAMES_THAT_SAY_NOTHING: [&str; 9] =
    ["common", "core", "utils", "util", "helpers", "misc", "shared", "base", "manager"];

/// Types that do things to other types' data.
const DOERS: [&str; 6] = ["Manager", "Processor", "Handler", "Helper", "Utils", "Util"];

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".rs")) {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if NAMES_THAT_SAY_NOTHING.contains(&part) {
                found.push(format!("{}: `{part}`", file.path));
            }
        }
    }
    tree::nothing(&found, "name the module after what it holds:");
}

#[test]
fn no_type_is_a_doer() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_product()) {
        for (number, line) in file.lines() {
            if let Some(name) = declared_type(line)
                && DOERS.iter().any(|doer| name.ends_with(doer))
            {
                found.push(format!("{}:{number}: `{name}`", file.path));
            }
        }
    }
    tree::nothing(&found, "write plain functions over data instead of a type that does things:");
}

fn declared_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let rest = ["struct ", "enum ", "trait "].iter().find_map(|word| line.strip_prefix(word))?;
    Some(rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or(rest))
}

#[test]
fn each_component_has_a_file_of_its_own_name() {
    let mut found = Vec::new();
    for file in
        tree::files().iter().filter(|file| file.is_below("app/src/components") || file.is_below("app/src/islands"))
    {
        if file.stem() == "mod" {
            continue;
        }
        for name in public_components(&file.text) {
            if snake_case(&name) != file.stem() {
                found.push(format!("{}: `{name}` belongs into {}.rs", file.path, snake_case(&name)));
            }
        }
    }
    tree::nothing(&found, "one public component a file, the file named after it; smaller ones inside stay private:");
}

/// Names of the public functions that follow `#[component]` or `#[island]`.
fn public_components(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[component") || line.starts_with("#[island") {
            marked = true;
        } else if let Some(rest) = line.strip_prefix("pub fn ").filter(|_| marked) {
            names.extend(rest.split(['(', '<']).next().map(str::to_owned));
            marked = false;
        } else if line.starts_with("fn ") || line.starts_with("pub(") {
            marked = false;
        }
    }
    names
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[test]
fn a_component_is_found_by_its_mark() {
    let text = "#[component]\npub fn PairFigure(a: A) -> B {\n}\n#[component]\nfn Side() {}\npub fn other() {}\n#[island]\npub fn FilterBar<T>() {}\n";
    assert_eq!(public_components(text), ["PairFigure", "FilterBar"]);
    assert_eq!(snake_case("PairFigure"), "pair_figure");
}
