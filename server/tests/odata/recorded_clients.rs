//! What tools were recorded to send and to need, one test a habit.

use crate::support::{Client, URL, day, keys};
use axum::http::Method;

/// The list that Power Query sends with every request.
const POWER_QUERY_ACCEPT: &str = "application/json;odata.metadata=minimal;q=1.0, application/json;odata=minimalmetadata;q=0.9, \
    application/atomsvc+xml;q=0.8, application/atom+xml;q=0.8, application/xml;q=0.7, text/plain;q=0.7";

fn power_query(count: i64) -> Client {
    Client::sample(count)
        .with("user-agent", "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)")
        .with("maxdataserviceversion", "3.0")
        .with("odata-maxversion", "4.0")
        .with("accept-encoding", "gzip, deflate")
        .with("accept", POWER_QUERY_ACCEPT)
}

#[test]
fn power_query_gets_json_rows_in_version_4_0_said_once() {
    let client = power_query(10);
    for address in
        ["/odata/v4/Items", "/odata/v4", "/odata/v4/Items(3)", "/odata/v4/$metadata", "/odata/v4/Items?$top=x"]
    {
        let answer = client.get(address);
        let versions: Vec<_> = answer.headers.get_all("odata-version").iter().collect();
        assert_eq!(versions, ["4.0"], "{address}");
    }
    let rows = client.get("/odata/v4/Items");
    assert_eq!(rows.status, 200);
    assert!(rows.headers["content-type"].to_str().unwrap().starts_with("application/json;odata.metadata=minimal"));
    let body = client.json("/odata/v4/Items");
    assert_eq!(body["@odata.context"], format!("{URL}/odata/v4/$metadata#Items"));
    assert_eq!(body["value"].as_array().unwrap().len(), 10);
}

#[test]
fn power_query_gets_metadata_as_xml_although_it_ranks_json_first() {
    let answer = power_query(1).get("/odata/v4/$metadata");
    assert_eq!(answer.status, 200);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/xml"));
    assert!(answer.body.starts_with("<?xml"));
}

#[test]
fn power_query_reads_metadata_again_for_nothing_once_it_knows_the_tag() {
    let first = power_query(1).get("/odata/v4/$metadata");
    assert!(first.headers["cache-control"].to_str().unwrap().contains("max-age=300"));
    let again =
        power_query(1).with("if-none-match", first.headers["etag"].to_str().unwrap()).get("/odata/v4/$metadata");
    assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));
}

#[test]
fn a_count_is_plain_text_whoever_asks() {
    for client in [power_query(30), Client::sample(30).with("accept", "text/plain"), Client::sample(30)] {
        let answer = client.get("/odata/v4/Items/$count");
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "30"));
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
        let filtered = client.get("/odata/v4/Items/$count?$filter=state%20eq%20%27ended%27");
        let ended = Client::sample(30).page("/odata/v4/Items?$filter=state%20eq%20%27ended%27").len();
        assert_eq!(filtered.body, ended.to_string());
    }
}

#[test]
fn power_query_folds_select_filter_order_top_and_skip_into_one_request() {
    let client = power_query(60);
    let rows = client.page(
        "/odata/v4/Items?$select=item_key,severity,origin&$filter=origin%20ge%202026-01-15T00:00:00Z%20and%20origin_date%20lt%202026-03-01\
         &$orderby=severity%20asc,%20origin%20desc&$top=7&$skip=2",
    );
    let mut expected: Vec<_> = client.page("/odata/v4/Items?$select=item_key,severity,origin");
    expected.retain(|row| ("2026-01-15T00:00:00Z".."2026-03-01").contains(&row["origin"].as_str().unwrap()));
    expected.sort_by(|left, right| {
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
        let by_severity = text(left, "severity").cmp(&text(right, "severity"));
        by_severity
            .then_with(|| text(right, "origin").cmp(&text(left, "origin")))
            .then(left["item_key"].as_i64().cmp(&right["item_key"].as_i64()))
    });
    assert_eq!(rows, expected[2..9]);
    assert_eq!(rows[0].as_object().unwrap().len(), 3, "nothing that was not selected");
}

#[test]
fn incremental_refresh_reads_each_row_in_exactly_one_range() {
    let client = power_query(80);
    let mut read = Vec::new();
    for start in (0..98).step_by(14) {
        let filter = format!("origin ge {} and origin lt {}", day(start), day(start + 14));
        read.extend(client.keys_where(&filter));
    }
    read.sort_unstable();
    assert_eq!(read, (1..=80).collect::<Vec<_>>());
}

#[test]
fn the_latest_row_is_found_by_order_and_top() {
    let client = power_query(40);
    let rows = client.page("/odata/v4/Items?$select=last_event_at&$orderby=last_event_at%20desc&$top=1");
    let all = client.page("/odata/v4/Items?$select=last_event_at");
    let latest = all.iter().filter_map(|row| row["last_event_at"].as_str()).max();
    assert_eq!(rows[0]["last_event_at"].as_str(), latest);
}

#[test]
fn no_navigation_property_exists_and_expand_says_so() {
    let client = power_query(1);
    assert!(!client.get("/odata/v4/$metadata").body.contains("NavigationProperty"));
    assert_eq!(client.refusal("/odata/v4/Items?$expand=team").0, 501);
}

#[test]
fn tableau_reads_the_whole_set_by_following_links() {
    let client = Client::sample(53).with("prefer", "odata.maxpagesize=10");
    let mut address = "/odata/v4/Items".to_owned();
    let mut read = Vec::new();
    loop {
        let body = client.json(&address);
        read.extend(keys(body["value"].as_array().unwrap()));
        let Some(next) = body["@odata.nextLink"].as_str() else {
            break;
        };
        assert!(next.starts_with(&format!("{URL}/odata/v4/Items?")), "absolute: {next}");
        address = next.to_owned();
    }
    assert_eq!(read, (1..=53).collect::<Vec<_>>());
}

#[test]
fn slashes_and_encoded_dollars_are_normalised() {
    let client = Client::sample(20);
    let plain = client.get("/odata/v4/Items?$filter=touched%20eq%20true&$top=3").body;
    for address in [
        "//odata//v4//Items/?%24filter=touched%20eq%20true&%24top=3",
        "/odata/Items?filter=touched+EQ+True&Top=3",
        "/odata/v4/Items/?$top=3&$filter=touched%20eq%20true",
    ] {
        assert_eq!(client.get(address).body, plain, "{address}");
    }
}

#[test]
fn head_answers_like_get_without_a_body_and_options_names_the_methods() {
    let client = Client::sample(5);
    for address in
        ["/odata/v4/Items", "/odata/v4/", "/odata/v4/$metadata", "/odata/v4/Items/$count", "/odata/v4/Nothing"]
    {
        let (get, head) = (client.get(address), client.send(&Method::HEAD, address));
        assert_eq!(head.status, get.status, "{address}");
        assert_eq!(head.body, "");
        assert_eq!(head.headers["content-length"], get.body.len().to_string().as_str(), "{address}");
        assert_eq!(head.headers.get("content-type"), get.headers.get("content-type"), "{address}");
    }
    let options = client.send(&Method::OPTIONS, "/odata/v4/Items");
    assert_eq!((options.status.as_u16(), options.headers["allow"].to_str().unwrap()), (204, "GET, HEAD, OPTIONS"));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = client.send(&method, "/odata/v4/Items");
        assert_eq!((answer.status.as_u16(), answer.headers["allow"].to_str().unwrap()), (405, "GET, HEAD, OPTIONS"));
    }
}
