//! Can every test fail, and fail for one reason only?

use crate::tree;

#[test]
fn no_test_is_switched_off() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| !file.holds_rules()) {
        let off = |line: &str| {
            (file.ends_with(".rs") && line.trim_start().starts_with("#[ignore"))
                || (file.ends_with(".ts")
                    && ["test.skip(", "test.only(", "test.fixme("].iter().any(|mark| line.contains(mark)))
        };
        found.extend(file.lines().filter(|(_, line)| off(line)).map(|(number, _)| format!("{}:{number}", file.path)));
    }
    tree::nothing(&found, "mend the test or remove it:");
}

#[test]
fn test_names_are_promises() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".rs") && !file.holds_rules()) {
        let named =
            file.lines().filter(|(_, line)| line.trim_start().trim_start_matches("async ").starts_with("fn test_"));
        found.extend(named.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    tree::nothing(&found, "name the test after what it promises, without `test_`:");
}

#[test]
fn no_test_waits_for_a_clock() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_test() && !file.holds_rules()) {
        let sleeps =
            |line: &str| ["thread::sleep(", "time::sleep(", "waitForTimeout("].iter().any(|call| line.contains(call));
        found
            .extend(file.lines().filter(|(_, line)| sleeps(line)).map(|(number, _)| format!("{}:{number}", file.path)));
    }
    tree::nothing(&found, "wait for what is to happen (an answer, a message, an element), not for time to pass:");
}
