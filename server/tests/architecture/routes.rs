//! Is every address in the one table that says who may use it?

use crate::tree;

const TABLE: &str = "server/src/routes/table.rs";
const BUILDER: &str = "server/src/routes/build.rs";

#[test]
fn routes_are_made_from_the_table_alone() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_product() && file.path != BUILDER) {
        let made = file
            .product_lines()
            .filter(|(_, line)| [".route(", ".nest(", ".route_service("].iter().any(|call| line.contains(call)));
        found.extend(made.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    tree::nothing(&found, &format!("give it a row in {TABLE}, with who may use it:"));
}

#[test]
fn every_server_function_has_a_row_in_the_table() {
    let files = tree::files();
    let table = files.iter().find(|file| file.path == TABLE).map_or("", |file| file.text.as_str());
    let mut found = Vec::new();
    let mut seen = 0;
    for file in files.iter().filter(|file| file.is_below("app/src")) {
        for endpoint in endpoints(&file.text) {
            seen += 1;
            if !table.contains(&format!("\"/sfn/{endpoint}\"")) {
                found.push(format!("{}: /sfn/{endpoint}", file.path));
            }
        }
    }
    assert!(seen > 3, "only {seen} server functions were found in app/src");
    tree::nothing(&found, &format!("give it a row in {TABLE}, with who may use it:"));
}

fn endpoints(text: &str) -> Vec<String> {
    let after = text.split("endpoint = \"").skip(1);
    after.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[test]
fn an_address_is_read_from_its_attribute() {
    assert_eq!(endpoints("#[server(prefix = \"/sfn\", endpoint = \"gap\")]\nfn a() {}"), ["gap"]);
}
