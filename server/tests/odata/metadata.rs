//! Is what the feed says of itself what it said before, and what it answers?

use crate::support::{Client, URL};
use server::odata::COLUMNS;

#[test]
fn metadata_is_what_it_was_when_somebody_last_looked() {
    let now = Client::sample(1).get("/odata/v4/$metadata").body;
    if now != include_str!("snapshots/metadata.xml") {
        let written = concat!(env!("CARGO_TARGET_TMPDIR"), "/metadata.xml");
        std::fs::write(written, &now).unwrap();
        panic!("look at the difference, then: cp {written} server/tests/odata/snapshots/metadata.xml");
    }
}

#[test]
fn a_row_has_exactly_the_columns_that_metadata_names_in_their_types() {
    let client = Client::sample(40);
    let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
    for row in client.page("/odata/v4/Items") {
        let row = row.as_object().unwrap();
        assert_eq!(row.len(), names.len());
        for column in &COLUMNS {
            let cell = &row[column.name];
            let fits = match column.edm.name() {
                _ if cell.is_null() => column.nullable,
                "Boolean" => cell.is_boolean(),
                "Int64" => cell.is_i64(),
                "Double" => cell.is_f64(),
                "Date" => cell.as_str().is_some_and(|text| text.len() == 10),
                "DateTimeOffset" => cell.as_str().is_some_and(|text| text.len() == 20 && text.ends_with('Z')),
                _ => cell.is_string(),
            };
            assert!(fits, "{} is {cell}", column.name);
        }
    }
}

#[test]
fn the_service_document_lists_the_set() {
    let client = Client::sample(1);
    for address in ["/odata/v4/", "/odata/v4", "/odata", "/odata/?$format=json"] {
        let body = client.json(address);
        assert_eq!(body["@odata.context"], format!("{URL}/odata/v4/$metadata"), "{address}");
        assert_eq!(body["value"][0]["name"], "Items");
        assert_eq!(body["value"][0]["url"], "Items");
    }
}

#[test]
fn metadata_comes_as_json_to_whoever_takes_nothing_else() {
    let asked = Client::sample(1).json("/odata/v4/$metadata?$format=json");
    let only = Client::sample(1).with("accept", "application/json").json("/odata/v4/$metadata");
    assert_eq!(asked, only);
    assert_eq!(asked["wallclock"]["Item"]["$Key"][0], "item_key");
    assert_eq!(asked["wallclock"]["Item"]["team"]["$Nullable"], true);
}

#[test]
fn the_version_is_4_01_unless_the_client_stops_at_4_0() {
    let version = |client: Client| client.get("/odata/v4/Items").headers["odata-version"].to_str().unwrap().to_owned();
    assert_eq!(version(Client::sample(1)), "4.01");
    assert_eq!(version(Client::sample(1).with("odata-maxversion", "4.0")), "4.0");
    assert_eq!(version(Client::sample(1).with("odata-maxversion", "4.01")), "4.01");
    let old = Client::sample(1).with("odata-maxversion", "3.0");
    assert_eq!(old.refusal("/odata/v4/Items"), (400, "bad_request".to_owned()));
}
