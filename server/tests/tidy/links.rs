//! Does every link and every named test lead somewhere?

use crate::tree;

#[test]
fn every_relative_link_leads_to_a_file() {
    let root = tree::root();
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".md")) {
        let folder = root.join(&file.path).parent().unwrap().to_path_buf();
        for (number, line) in file.lines() {
            for target in links(line).into_iter().filter(|target| is_relative(target)) {
                let path = target.split('#').next().unwrap();
                if !folder.join(path).exists() {
                    found.push(format!("{}:{number}: {target}", file.path));
                }
            }
        }
    }
    tree::nothing(&found, "correct the link or add the file:");
}

/// Targets of `[text](target)` and `src="target"`.
fn links(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let sources = line.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    inline.chain(sources).map(|target| target.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.contains("://") && !target.starts_with('#') && !target.starts_with("mailto:")
}

/// ARCHITECTURE.md ends an invariant with (test `name_of_the_test`); a promise without a guard is a wish.
#[test]
fn every_invariant_names_a_test_that_exists() {
    let files = tree::files();
    let Some(page) = files.iter().find(|file| file.path == "ARCHITECTURE.md") else {
        panic!("ARCHITECTURE.md is missing: it lists the invariants and the test that guards each");
    };
    let named: usize = page.lines().map(|(_, line)| named_tests(line).len()).sum();
    assert!(named > 10, "ARCHITECTURE.md names {named} tests; each invariant ends with (test `name_of_the_test`)");
    let mut found = Vec::new();
    for (number, line) in page.lines() {
        for name in named_tests(line) {
            let function = format!("fn {name}(");
            if !files.iter().any(|file| file.ends_with(".rs") && file.text.contains(&function)) {
                found.push(format!("ARCHITECTURE.md:{number}: `{name}`"));
            }
        }
    }
    tree::nothing(&found, "write the test, or correct its name:");
}

fn named_tests(line: &str) -> Vec<String> {
    let after_mark = line.split("(test `").chain(line.split("(tests `").skip(1)).skip(1);
    let lists = after_mark.filter_map(|rest| rest.split(')').next());
    lists
        .flat_map(|list| list.split('`').map(str::trim).map(str::to_owned).collect::<Vec<_>>())
        .filter(|name| name.contains('_') && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
        .collect()
}

#[test]
fn links_and_tests_are_found_in_a_line() {
    assert_eq!(links("see [a](b.md#c) and ![d](e/f.png \"g\")"), ["b.md#c", "e/f.png"]);
    assert_eq!(links(r#"<img src="docs/gap.png">"#), ["docs/gap.png"]);
    assert_eq!(named_tests("Nothing is lost (test `kill_loses_nothing`)."), ["kill_loses_nothing"]);
    assert_eq!(named_tests("Both (tests `one_thing`, `other_thing`)."), ["one_thing", "other_thing"]);
    assert!(named_tests("no test here").is_empty());
}
