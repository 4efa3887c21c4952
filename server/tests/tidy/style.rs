//! Are colours, sizes and layers where a designer looks for them?

use crate::tree::{self, SourceFile};

fn styles() -> Vec<SourceFile> {
    tree::files().into_iter().filter(|file| file.is_below("style") && file.ends_with(".css")).collect()
}

fn lines_with(file: &SourceFile, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let without_comments = without_comments(&file.text);
    let lines = without_comments.lines().enumerate().filter(|(_, line)| wanted(line));
    lines.map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim())).collect()
}

/// The style with its comments blanked, line by line, so that numbers stay true.
fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    for (index, part) in text.split("/*").enumerate() {
        let (comment, rest) = if index == 0 { ("", part) } else { part.split_once("*/").unwrap_or((part, "")) };
        plain.extend(comment.chars().filter(|letter| *letter == '\n'));
        plain.push_str(rest);
    }
    plain
}

#[test]
fn colours_stand_in_the_tokens_only() {
    let files = styles();
    let found =
        files.iter().filter(|file| !file.is_below("style/tokens")).flat_map(|file| lines_with(file, has_colour));
    tree::nothing(&found.collect::<Vec<_>>(), "use a token of style/tokens/color.css:");
}

#[test]
fn pixels_stand_in_the_tokens_only() {
    let files = styles();
    let found =
        files.iter().filter(|file| !file.is_below("style/tokens")).flat_map(|file| lines_with(file, has_pixels));
    tree::nothing(&found.collect::<Vec<_>>(), "use a token of style/tokens, or a unit that follows the reader's font:");
}

#[test]
fn no_rule_shouts() {
    let files = styles();
    let found = files.iter().flat_map(|file| lines_with(file, |line| line.contains("!important")));
    tree::nothing(&found.collect::<Vec<_>>(), "let the cascade layers decide instead:");
}

#[test]
fn a_style_file_fills_the_layer_of_its_folder() {
    let files = styles();
    let found = files.iter().filter_map(|file| {
        let layer = file.path.split('/').nth(1).map(|part| part.trim_end_matches(".css"))?;
        let fits = layer == "layers"
            || fills_layer(&file.text, layer)
            || (layer == "base" && fills_layer(&file.text, "reset"));
        (!fits).then(|| format!("{}: expected `@layer {layer} {{`", file.path))
    });
    tree::nothing(&found.collect::<Vec<_>>(), "wrap the rules in the layer the folder is named after:");
}

fn fills_layer(text: &str, layer: &str) -> bool {
    text.contains(&format!("@layer {layer} {{"))
}

#[test]
fn every_component_style_has_its_component() {
    let files = tree::files();
    let stems: Vec<&str> = files.iter().filter(|file| file.is_below("app/src")).map(SourceFile::stem).collect();
    let orphans = files.iter().filter(|file| file.is_below("style/components") && !stems.contains(&file.stem()));
    // Charts are drawn by `render`; their classes are styled here all the same.
    let orphans = orphans.filter(|file| !file.stem().starts_with("chart"));
    tree::nothing(
        &orphans.map(|file| file.path.clone()).collect::<Vec<_>>(),
        "name it after its component, or remove it:",
    );
}

#[test]
fn no_colour_hides_in_a_view_or_a_chart() {
    let files = tree::files();
    let drawn = |file: &&SourceFile| {
        file.ends_with(".rs")
            && ["app/src", "crates/render/src/svg", "crates/render/src/chart"]
                .iter()
                .any(|folder| file.is_below(folder))
    };
    let mut found = Vec::new();
    for file in files.iter().filter(drawn) {
        let coloured = file.product_lines().filter(|(_, line)| has_hex_colour(line) || has_colour_function(line));
        found.extend(coloured.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    tree::nothing(&found, "write a class; its colour stands in style/tokens/color.css:");
}

fn has_colour(line: &str) -> bool {
    has_hex_colour(line) || has_colour_function(line)
}

fn has_colour_function(line: &str) -> bool {
    ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "hwb("].iter().any(|function| line.contains(function))
}

/// A `#` followed by exactly 3, 4, 6 or 8 hexadecimal digits.
fn has_hex_colour(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| {
        let word: String =
            rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_' || *letter == '-').collect();
        matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Whether a length in pixels is written that is more than a line: 1px and 2px draw borders and outlines.
fn has_pixels(line: &str) -> bool {
    line.match_indices("px").any(|(at, _)| {
        let ends = line[at + 2..].chars().next().is_none_or(|letter| !letter.is_alphanumeric());
        let is_number = |letter: &char| letter.is_ascii_digit() || *letter == '.';
        let number: String = line[..at].chars().rev().take_while(is_number).collect();
        ends && !matches!(number.as_str(), "" | "1" | "2")
    })
}

#[test]
fn colours_and_pixels_are_told_from_names() {
    assert!(has_hex_colour("color: #C23E7E;") && has_hex_colour("#fff"));
    assert!(!has_hex_colour("#chart-title { }") && !has_hex_colour("href=\"#fade-in\"") && !has_hex_colour("#12345"));
    assert!(
        has_pixels("margin: 13px;")
            && has_pixels("12px")
            && !has_pixels("1px solid")
            && !has_pixels("grid-px: 3rem")
            && !has_pixels("4pxx")
    );
    assert_eq!(without_comments("a /* #fff\n 3px */ b"), "a \n b");
}
