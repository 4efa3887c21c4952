//! Is the text itself clean?

use crate::tree;

/// Larger ones make every clone slow; fixtures and fonts are worth it.
const FILE_BYTES_MAX: u64 = 500_000;

/// Text that belongs to others, or whose ends are part of what it tests.
fn is_as_received(path: &str) -> bool {
    path.contains("/fixtures/")
        || path.contains("/fonts/")
        || path.contains("/corpus/")
        || path.ends_with(".lock")
        || path.ends_with("package-lock.json")
        || path.starts_with("LICENSE-APACHE")
}

#[test]
fn no_line_ends_in_space() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| !is_as_received(&file.path)) {
        let dirty = file.lines().filter(|(_, line)| line.ends_with([' ', '\t']));
        found.extend(dirty.map(|(number, _)| format!("{}:{number}", file.path)));
    }
    tree::nothing(&found, "remove the space at the end of the line:");
}

#[test]
fn no_rust_is_indented_by_tabs() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".rs")) {
        found.extend(
            file.lines().filter(|(_, line)| line.contains('\t')).map(|(number, _)| format!("{}:{number}", file.path)),
        );
    }
    tree::nothing(&found, "write spaces, or `\\t` inside a string:");
}

#[test]
fn every_text_ends_with_a_newline() {
    let files = tree::files();
    let found = files.iter().filter(|file| !is_as_received(&file.path));
    let found = found.filter(|file| !file.text.is_empty() && !file.text.ends_with('\n')).map(|file| file.path.clone());
    tree::nothing(&found.collect::<Vec<_>>(), "end the last line of the file:");
}

#[test]
fn no_text_has_the_line_ends_of_another_system() {
    let files = tree::files();
    let found = files.iter().filter(|file| !is_as_received(&file.path) && file.text.contains("\r\n"));
    tree::nothing(&found.map(|file| file.path.clone()).collect::<Vec<_>>(), "save it with plain line feeds:");
}

#[test]
fn no_file_makes_every_clone_slow() {
    let files = tree::files();
    let heavy = files.iter().filter(|file| file.bytes > FILE_BYTES_MAX && !is_as_received(&file.path));
    let heavy = heavy.map(|file| format!("{}: {} bytes, at most {FILE_BYTES_MAX}", file.path, file.bytes));
    tree::nothing(&heavy.collect::<Vec<_>>(), "make it smaller, or make it when it is needed:");
}
