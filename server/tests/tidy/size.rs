//! Can one file be read in one sitting?

use crate::tree::{self, SourceFile};

const PRODUCT_LINES_MAX: usize = 500;
const TEST_LINES_MAX: usize = 600;
const VIEW_LINES_MAX: usize = 40;
const CODE: [&str; 8] = [".rs", ".css", ".ts", ".mjs", ".js", ".sh", ".typ", ".sql"];

fn code() -> Vec<SourceFile> {
    tree::files().into_iter().filter(|file| CODE.iter().any(|ending| file.ends_with(ending))).collect()
}

#[test]
fn no_file_is_too_long() {
    let files = code();
    let mut lengths: Vec<(usize, &str)> =
        files.iter().map(|file| (file.text.lines().count(), file.path.as_str())).collect();
    lengths.sort_unstable();
    let p95 = lengths.get(lengths.len() * 95 / 100).map_or(0, |(length, _)| *length);
    eprintln!("lines a file: p95 {p95}; the ten longest:");
    for (length, path) in lengths.iter().rev().take(10) {
        eprintln!("{length:6} {path}");
    }
    let too_long = files.iter().filter_map(|file| {
        let length = file.text.lines().count();
        let most = if file.is_test() { TEST_LINES_MAX } else { PRODUCT_LINES_MAX };
        (length > most).then(|| format!("{}: {length} lines, at most {most}", file.path))
    });
    tree::nothing(&too_long.collect::<Vec<_>>(), "split by what the file answers, one job each:");
}

#[test]
fn no_view_is_too_long() {
    let mut too_long = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_below("app/src")) {
        for (start, length) in views(&file.text) {
            if length > VIEW_LINES_MAX {
                too_long.push(format!("{}:{start}: a view! of {length} lines, at most {VIEW_LINES_MAX}", file.path));
            }
        }
    }
    tree::nothing(&too_long, "take a part of the view out into a component of its own:");
}

/// First line and length of each `view!`, found by its braces.
fn views(text: &str) -> Vec<(usize, usize)> {
    let mut views = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let Some(at) = line.find("view! {") else { continue };
        let mut depth = 0_i32;
        for (length, line) in lines[start..].iter().enumerate() {
            let from = if length == 0 { at } else { 0 };
            for letter in line[from..].chars() {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
            }
            if depth <= 0 {
                views.push((start + 1, length + 1));
                break;
            }
        }
    }
    views
}

#[test]
fn the_length_of_a_view_is_counted_by_its_braces() {
    assert_eq!(views("let a = view! {\n  {b}\n};\nlet c = view! { d };\n"), [(1, 3), (4, 1)]);
}
