//! Is every statement proved on both databases, and does it stay inside its organisation?

use crate::tree::{self, SourceFile};

/// Steps of a transaction, which a database does not prepare.
const NOT_PREPARED: &str = "savepoint";

/// One `const NAME: Sql` of a file: its name, the line it starts in, and its text.
struct Statement {
    name: String,
    line: usize,
    text: String,
}

fn store() -> Vec<SourceFile> {
    tree::files().into_iter().filter(|file| file.is_below("crates/store/src")).collect()
}

fn statements(file: &SourceFile) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut inside = false;
    for (number, line) in file.product_lines() {
        if let Some((before, text)) = line.split_once(": Sql =")
            && let Some((_, name)) = before.split_once("const ")
        {
            found.push(Statement { name: name.to_owned(), line: number, text: text.to_owned() });
            inside = !line.ends_with(';');
        } else if inside && let Some(statement) = found.last_mut() {
            statement.text.push('\n');
            statement.text.push_str(line);
            inside = !line.ends_with(");");
        }
    }
    found
}

#[test]
fn every_statement_is_prepared_on_both_databases() {
    let mut found = Vec::new();
    let files = store();
    for file in files.iter().filter(|file| file.stem() != NOT_PREPARED) {
        let listed =
            file.text.split("const ALL: &[Sql] =").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or("");
        let names: Vec<&str> = listed.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        let missing = statements(file).into_iter().filter(|statement| !names.contains(&statement.name.as_str()));
        found.extend(missing.map(|statement| format!("{}:{}: {}", file.path, statement.line, statement.name)));
    }
    assert!(
        files.iter().map(|file| statements(file).len()).sum::<usize>() > 20,
        "no statements were found in crates/store/src"
    );
    tree::nothing(&found, "list it in the file's `ALL`, which a test prepares on both databases:");
}

#[test]
fn every_list_of_statements_is_prepared() {
    let files = store();
    let collected =
        files.iter().find(|file| file.path == "crates/store/src/statements.rs").map_or("", |file| &file.text);
    let lists = files.iter().filter(|file| file.text.contains("pub(crate) const ALL: &[Sql]"));
    let found: Vec<String> = lists
        .filter(|file| !collected.contains(&format!("{}::ALL", file.stem())))
        .map(|file| file.path.clone())
        .collect();
    tree::nothing(&found, "add the file's `ALL` to crates/store/src/statements.rs:");
}

#[test]
fn no_statement_crosses_organisations() {
    let mut found = Vec::new();
    for file in &store() {
        let crossing = statements(file).into_iter().filter(|statement| crosses(&statement.text));
        found.extend(crossing.map(|statement| format!("{}:{}: {}", file.path, statement.line, statement.name)));
    }
    tree::nothing(&found, "start the `where` with org_id:");
}

/// `where true` only tells SQLite that a select has ended, and the `where` of a conflict names an index: neither chooses.
fn crosses(statement: &str) -> bool {
    let choice = statement.split("on conflict").next().unwrap_or_default();
    let Some((_, conditions)) = choice.split_once("where ") else {
        return false;
    };
    !conditions.contains("org_id") && !conditions.starts_with("true")
}

#[test]
fn a_statement_that_chooses_by_something_else_is_found() {
    assert!(crosses("select a from items where item_id = $1"));
    assert!(crosses("select org_id from items where item_id = $1"));
    assert!(!crosses("select a from items where org_id = $1 and item_id = $2"));
    assert!(!crosses("insert into items select * from lines where true on conflict do nothing"));
}
