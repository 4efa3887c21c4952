//! The page and the PDF show the same colours: the token file of the page against the table of this crate.

use render::palette::TOKENS;
use render::svg::CLASSES;

const PAGE: &str = include_str!("../../../style/tokens/color.css");

#[test]
fn the_tokens_of_the_page_are_the_tokens_of_the_pdf() {
    for token in TOKENS {
        let line = format!("--{}: light-dark({}, {});", token.name, token.light, token.dark);
        assert!(PAGE.contains(&line), "`{line}` is not in style/tokens/color.css");
    }
    let pairs = PAGE.matches("light-dark(#").count();
    assert_eq!(pairs, TOKENS.len(), "the page has another number of colours");
}

#[test]
fn the_page_has_a_rule_for_every_class_a_chart_writes() {
    let sheets = [
        include_str!("../../../style/components/chart.css"),
        include_str!("../../../style/components/label_patterns.css"),
        include_str!("../../../style/components/mark.css"),
    ];
    for class in CLASSES.iter().filter(|class| !class.css.is_empty()) {
        let name = format!(".{}", class.name);
        let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-');
        let has_rule = sheets.iter().any(|sheet| sheet.split(&name).skip(1).any(is_whole));
        assert!(has_rule, "no rule for {name}: {}", class.meaning);
    }
}
