//! Does a reader of many pages get every row exactly once?

use crate::support::{Client, Items, day, encoded, keys};
use domain::{event::ItemEvent, event_name::EventName};
use proptest::{prelude::*, sample::select};

/// All pages from an address on.
fn all_pages(client: &Client, first: &str) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut address = first.to_owned();
    loop {
        let body = client.json(&address);
        pages.push(keys(body["value"].as_array().unwrap()));
        assert!(pages.len() < 200, "the pages never end");
        match body["@odata.nextLink"].as_str() {
            Some(next) => address = next.to_owned(),
            None => return pages,
        }
    }
}

fn next_link(client: &Client, address: &str) -> String {
    client.json(address)["@odata.nextLink"].as_str().unwrap().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_pages_together_are_the_whole_answer(
        order in select(vec![
            "", "severity", "team desc", "wall_days desc, item_id", "promised_due", "past_promised,kev_due desc", "item_key desc",
            "ended_at desc,severity asc", "ended_date", "first_closed_at",
        ]),
        size in 1..25_usize,
        top in proptest::option::of(0..70_usize),
        skip in 0..30_usize,
        filter in select(vec!["", "touched", "team ne null", "item_key gt 20"]),
    ) {
        let client = Client::sample(57);
        let mut question = format!("/odata/v4/Items?$select=item_key&$skip={skip}");
        if !order.is_empty() { question.push_str(&format!("&$orderby={}", encoded(order))); }
        if !filter.is_empty() { question.push_str(&format!("&$filter={}", encoded(filter))); }
        let mut whole = keys(&client.page(&question));
        if let Some(top) = top {
            question.push_str(&format!("&$top={top}"));
            whole.truncate(top);
        }
        let paged = all_pages(&client.with("prefer", &format!("maxpagesize={size}")), &question);
        prop_assert!(paged.iter().all(|page| page.len() <= size));
        prop_assert_eq!(paged.concat(), whole);
    }
}

#[test]
fn pages_have_5000_rows_unless_the_client_wishes_otherwise() {
    let client = Client::sample(5_003);
    let first = client.json("/odata/v4/Items?$select=item_key&$count=true");
    assert_eq!(first["value"].as_array().unwrap().len(), 5_000);
    assert_eq!(first["@odata.count"], 5_003);
    let second = client.json(first["@odata.nextLink"].as_str().unwrap());
    assert_eq!(keys(second["value"].as_array().unwrap()), [5_001, 5_002, 5_003]);
    assert_eq!(second["@odata.count"], 5_003, "the count is of all pages");

    let wished = client.with("prefer", "odata.maxpagesize=2").get("/odata/v4/Items?$select=item_key");
    assert_eq!(wished.headers["preference-applied"], "odata.maxpagesize=2");
}

#[test]
fn a_page_size_is_kept_by_a_client_that_says_it_once() {
    let wishing = Client::sample(20).with("prefer", "maxpagesize=6");
    let next = next_link(&wishing, "/odata/v4/Items");
    let silent = Client { headers: Vec::new(), ..wishing };
    assert_eq!(silent.page(&next).len(), 6);
}

#[test]
fn rows_that_arrive_while_a_reader_reads_wait_for_the_next_reading() {
    let mut client = Client::sample(20).with("prefer", "maxpagesize=8");
    let first = client.json("/odata/v4/Items");
    let mut read = keys(first["value"].as_array().unwrap());
    client.items.add(21, "late", vec![ItemEvent::bare(EventName::Detected, day(199))]);
    client.revision += 1;
    client.as_of = day(201);
    read.extend(all_pages(&client, first["@odata.nextLink"].as_str().unwrap()).concat());
    assert_eq!(read, (1..=20).collect::<Vec<_>>());
    assert_eq!(client.page("/odata/v4/Items/?$filter=item_key%20eq%2021").len(), 1);
}

#[test]
fn all_pages_show_the_view_of_the_first() {
    let mut client = Client::sample(20).with("prefer", "maxpagesize=8");
    let address = "/odata/v4/Items?$select=item_key,wall_seconds";
    let whole = Client { headers: Vec::new(), ..client.clone() }.page(address);
    let next = next_link(&client, address);
    client.as_of = day(230);
    assert_eq!(client.page(&next), whole[8..16], "open items did not grow between two pages");
}

#[test]
fn an_order_that_can_move_is_not_continued_after_a_change() {
    let mut client = Client::sample(20).with("prefer", "maxpagesize=8");
    let next = next_link(&client, "/odata/v4/Items?$orderby=wall_days");
    assert_eq!(client.page(&next).len(), 8);
    client.revision += 1;
    assert_eq!(client.refusal(&next), (400, "cursor_invalid".to_owned()));
}

#[test]
fn a_token_works_for_its_own_question_and_caller_for_a_day() {
    let client = Client::sample(20).with("prefer", "maxpagesize=8");
    let next = next_link(&client, "/odata/v4/Items?$filter=item_key%20gt%202&api_key=secret");
    assert!(!next.contains("secret"), "a key in the address is not repeated in links");
    assert_eq!(keys(&client.page(&next)), (11..=18).collect::<Vec<_>>());

    let refused = (400, "cursor_invalid".to_owned());
    assert_eq!(client.refusal(&next.replace("gt%202", "gt%203")), refused, "another question");
    assert_eq!(client.refusal(&next.replace("gt%202", "gt%202&$top=5")), refused, "another limit");
    assert_eq!(client.refusal("/odata/v4/Items?$skiptoken=abc.def"), refused, "forged");
    let (base, token) = next.split_once("$skiptoken=").unwrap();
    assert_eq!(client.refusal(&format!("{base}$skiptoken=x{token}")), refused, "forged");
    let foreign = Client { scope: "org 2 token 9".to_owned(), ..client.clone() };
    assert_eq!(foreign.refusal(&next), refused, "another caller");
    let restarted = Client { signer: Client::sample(1).signer, ..client.clone() };
    assert_eq!(restarted.refusal(&next), refused, "another server");
    let late = Client { now: day(201).plus(1), ..client.clone() };
    assert_eq!(late.refusal(&next), refused, "a day and a second later");
    let in_time = Client { now: day(201), ..client };
    assert_eq!(in_time.page(&next).len(), 8);
}

#[test]
fn an_empty_ledger_is_an_empty_answer() {
    let client = Client::of(Items::empty());
    let body = client.json("/odata/v4/Items?$count=true");
    assert_eq!((body["@odata.count"].as_i64(), body["value"].as_array().unwrap().len()), (Some(0), 0));
    assert!(body.get("@odata.nextLink").is_none());
    assert_eq!(client.get("/odata/v4/Items/$count").body, "0");
}
