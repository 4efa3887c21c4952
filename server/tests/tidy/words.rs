//! Are the words fair, and is nothing left undone?

use crate::tree::{self, SourceFile};

/// Words that accuse or flatter; the product says what was seen, not what it means about a person.
const UNFAIR: [&str; 7] = ["fraud", "failure of", "blame", "cheat", "guilty", "dishonest", "lazy team"];

/// Words that leave work to somebody else.
const UNDONE: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// What a reader who has only this repository cannot know.
const FROM_OUTSIDE: [&str; 2] = ["/work/", "Part 1"];

/// How code looks that was switched off instead of removed.
const STATEMENTS: [&str; 10] = ["let ", "use ", "fn ", "pub ", "return ", "match ", "#[", "if ", "for ", "mod "];

fn for_readers(file: &SourceFile) -> bool {
    const ENDINGS: [&str; 9] = [".rs", ".md", ".toml", ".css", ".sql", ".ts", ".mjs", ".sh", ".typ"];
    ENDINGS.iter().any(|ending| file.ends_with(ending)) && !file.holds_rules()
}

fn lines_with(words: &[&str], same: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| for_readers(file)) {
        for (number, line) in file.lines() {
            for word in words.iter().filter(|word| same(line, word)) {
                found.push(format!("{}:{number}: `{word}` in: {}", file.path, line.trim()));
            }
        }
    }
    found
}

#[test]
fn no_word_accuses_anyone() {
    let found = lines_with(&UNFAIR, |line, word| line.to_lowercase().contains(word));
    tree::nothing(&found, "say what was seen (`consistent with deadline-driven closing`), not what it means:");
}

#[test]
fn praise_is_left_to_the_reader() {
    let found = lines_with(&["compliant"], |line, word| line.to_lowercase().contains(word));
    let found: Vec<_> =
        found.into_iter().filter(|line| line.starts_with("app/src/") || line.contains("messages/")).collect();
    tree::nothing(&found, "give the figure and its promise instead of a grade:");
}

#[test]
fn nothing_is_left_undone() {
    let found =
        lines_with(&UNDONE, |line, word| line.split(|letter: char| !letter.is_alphanumeric()).any(|part| part == word));
    tree::nothing(&found, "do it now, or write it where work is planned:");
}

#[test]
fn nothing_points_outside_the_repository() {
    tree::nothing(
        &lines_with(&FROM_OUTSIDE, |line, word| line.contains(word)),
        "say it so that a clone explains itself:",
    );
}

#[test]
fn no_code_is_switched_off_by_a_comment() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".rs") && !file.holds_rules()) {
        found.extend(
            file.lines()
                .filter(|(_, line)| is_switched_off(line))
                .map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())),
        );
    }
    tree::nothing(&found, "remove it; the history keeps it:");
}

fn is_switched_off(line: &str) -> bool {
    let Some(comment) = line.trim_start().strip_prefix("//") else {
        return false;
    };
    if comment.starts_with(['/', '!']) {
        return false;
    }
    let comment = comment.trim();
    let starts = STATEMENTS.iter().any(|word| comment.starts_with(word)) || comment.ends_with(");");
    starts && (comment.ends_with(';') || comment.ends_with('{') || comment.ends_with(']'))
}

#[test]
fn a_switched_off_line_is_told_from_a_sentence() {
    assert!(is_switched_off("    // let end = None;"));
    assert!(is_switched_off("// if closed {"));
    assert!(is_switched_off("// store.write(batch);"));
    assert!(!is_switched_off("// let the caller decide: the leaf computes over many."));
    assert!(!is_switched_off("/// use this when the end is known;"));
    assert!(!is_switched_off("// A pause is waiting, not an end;"));
}
