//! What cannot be answered is refused in the envelope of OData, with the status that says why.

use crate::support::{Client, encoded};

fn filter(text: &str) -> (u16, String) {
    Client::sample(3).refusal(&format!("/odata/v4/Items?$filter={}", encoded(text)))
}

#[test]
fn unknown_names_are_400_and_the_answer_lists_what_there_is() {
    let client = Client::sample(3);
    for query in [
        "$select=nothing",
        "$orderby=nothing",
        "$filter=nothing%20eq%201",
        "$select=Severity",
        "$filter=frob(severity)",
    ] {
        assert_eq!(client.refusal(&format!("/odata/v4/Items?{query}")).0, 400, "{query}");
    }
    assert!(client.get("/odata/v4/Items?$select=nothing").body.contains("item_key, item_id"));
    assert!(client.get("/odata/v4/Items?$filter=frob(severity)").body.contains("startswith"));
    assert_eq!(client.refusal("/odata/v4/Items?$nothing=1").0, 400);
    assert_eq!(client.get("/odata/v4/Items?nothing=1").status, 200, "a custom option is ignored");
}

#[test]
fn what_odata_has_and_this_feed_has_not_is_501_and_named() {
    let client = Client::sample(3);
    for (query, feature) in [
        ("$apply=aggregate(x)", "$apply"),
        ("$compute=x", "$compute"),
        ("$search=x", "$search"),
        ("$expand=team", "$expand"),
        ("search=x", "$search"),
        ("$deltatoken=x", "$deltatoken"),
        ("as_of=2026-01-01T00:00:00Z", "as_of"),
        ("$filter=cast(item_key,Edm.String)%20eq%20%271%27", "cast"),
        ("$filter=geo.distance(a,b)%20lt%201", "geo.distance"),
        ("$filter=teams/any(t:t%20eq%201)", "paths"),
        ("$filter=severity%20has%20%27x%27", "has"),
        ("$filter=$it%20eq%201", "$it"),
    ] {
        let address = format!("/odata/v4/Items?{query}");
        assert_eq!(client.refusal(&address), (501, "not_implemented".to_owned()), "{query}");
        assert!(client.get(&address).body.contains(feature), "{query}");
    }
    assert_eq!(client.refusal("/odata/v4/$batch").0, 501);
}

#[test]
fn numbers_are_plain_whole_numbers_within_limits() {
    let client = Client::sample(3);
    for value in ["-1", "01", "abc", "1e9", "1.5", "", "%201", "+1", "99999999999999999999999"] {
        for option in ["$top", "$skip"] {
            let refusal = client.refusal(&format!("/odata/v4/Items?{option}={value}"));
            assert_eq!(refusal, (400, "bad_parameter".to_owned()), "{option}={value}");
        }
    }
    assert_eq!(client.refusal("/odata/v4/Items?$skip=1000001").0, 400);
    assert_eq!(client.page("/odata/v4/Items?$skip=1000000").len(), 0);
    assert_eq!(client.page("/odata/v4/Items?$top=0").len(), 0);
    assert_eq!(client.page("/odata/v4/Items?$top=18446744073709551615").len(), 3);
    assert_eq!(client.refusal("/odata/v4/Items?$count=maybe").0, 400);
    assert_eq!(client.refusal("/odata/v4/Items?mode=hopeful").0, 400);
}

#[test]
fn an_option_that_comes_twice_is_refused() {
    let client = Client::sample(3);
    for query in ["$top=1&$top=1", "$top=1&top=2", "$filter=touched&%24FILTER=touched", "x=1&x=1"] {
        assert_eq!(
            client.refusal(&format!("/odata/v4/Items?{query}")),
            (400, "parameter_repeated".to_owned()),
            "{query}"
        );
    }
}

#[test]
fn broken_filters_are_400() {
    for text in [
        "severity",
        "severity eq",
        "eq 'x'",
        "severity eq 'x' and",
        "(touched",
        "touched)",
        "touched touched",
        "not",
        "severity eq 'x",
        "severity in",
        "severity in ('a'",
        "severity in 'a'",
        "severity in ('a' 'b')",
        "contains(severity)",
        "contains(severity,'a','b')",
        "contains(item_key,'a')",
        "severity eq 5",
        "item_key eq 'x'",
        "origin eq 2026-01-01",
        "origin_date eq 2026-01-01T00:00:00Z",
        "origin gt 2026-01-01T00:00:00",
        "origin gt datetime'2026-01-01'",
        "touched and severity",
        "not severity",
        "item_key add 'x' eq 1",
        "severity eq 'a' or 1",
        "1",
        "severity == 'a'",
        "severity eq \"a\"",
        "severity eq ＇a＇",
        "severity eq 'a'; drop table items",
        "touched eq true -- x",
        "item_key in (1,'x')",
        "- severity eq 1",
        "severity,kind",
        "()",
        "in (1)",
        "item_key eq 1.2.3",
    ] {
        assert_eq!(filter(text), (400, "bad_parameter".to_owned()), "{text}");
    }
}

#[test]
fn filters_larger_than_anybody_needs_are_422() {
    let too_complex = (422, "query_too_complex".to_owned());
    let client = Client::sample(3);
    let nested = |depth: usize| format!("{}touched{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(client.keys_where(&nested(20)), client.keys_where("touched"));
    assert_eq!(filter(&nested(21)), too_complex);
    assert_eq!(filter(&"not ".repeat(21).replace("not ", "not (")), too_complex);
    assert_eq!(filter(&format!("{}touched", "not ".repeat(5_000))), too_complex, "the stack is safe");

    let beside = vec!["(touched)"; 30].join(" or ");
    assert_eq!(client.keys_where(&beside), client.keys_where("touched"), "beside each other is not inside each other");

    let chain = |conditions: usize| vec!["item_key eq 1"; conditions].join(" or ");
    assert_eq!(client.keys_where(&chain(50)), [1], "four nodes each, less one");
    assert_eq!(filter(&chain(51)), too_complex);

    let list = |values: usize| {
        format!("item_key in ({})", (0..values).map(|value| value.to_string()).collect::<Vec<_>>().join(","))
    };
    assert_eq!(client.keys_where(&list(1_000)), [1, 2, 3]);
    assert_eq!(filter(&list(1_001)), too_complex);
}

#[test]
fn orders_have_at_most_eight_columns_and_two_directions() {
    let client = Client::sample(3);
    let columns = |count: usize| vec!["severity"; count].join(",");
    assert_eq!(client.page(&format!("/odata/v4/Items?$orderby={}", columns(8))).len(), 3);
    for order in [
        columns(9),
        "severity up".to_owned(),
        "severity desc asc".to_owned(),
        "severity,,kind".to_owned(),
        String::new(),
    ] {
        let refusal = client.refusal(&format!("/odata/v4/Items?$orderby={}", encoded(&order)));
        assert_eq!(refusal, (400, "bad_parameter".to_owned()), "{order}");
    }
    assert_eq!(client.refusal("/odata/v4/Items?$orderby=length(severity)").0, 501);
}

#[test]
fn a_key_that_is_none_is_400_and_one_that_nobody_has_is_404() {
    let client = Client::sample(3);
    for address in ["Items(x)", "Items('1')", "Items(1.5)", "Items(item_id='x')", "Items(1,2)"] {
        assert_eq!(client.refusal(&format!("/odata/v4/{address}")).0, 400, "{address}");
    }
    for address in ["Items(4)", "Items(-1)", "Items(4)/state", "Items(1)/nothing", "Events", "items", "Items/1"] {
        assert_eq!(client.refusal(&format!("/odata/v4/{address}")), (404, "not_found".to_owned()), "{address}");
    }
    assert_eq!(client.refusal("/odata/v4/Items(1)?$filter=touched").0, 400, "nothing to filter in one row");
}

#[test]
fn a_broken_address_is_400() {
    let client = Client::sample(3);
    for address in ["Items?$filter=%ff", "Items?$filter=%4", "Items?%zz=1", "Items%ff", "Items(%00)"] {
        assert_eq!(client.refusal(&format!("/odata/v4/{address}")).0, 400, "{address}");
    }
}

#[test]
fn rows_in_a_form_that_is_not_served_are_406() {
    for accept in ["application/atom+xml", "text/html", "application/json;q=0"] {
        let client = Client::sample(3).with("accept", accept);
        assert_eq!(client.refusal("/odata/v4/Items"), (406, "not_acceptable".to_owned()), "{accept}");
    }
    assert_eq!(Client::sample(3).refusal("/odata/v4/Items?$format=xml").0, 406);
}

#[test]
fn a_refusal_says_nothing_of_our_insides() {
    let client = Client::sample(3);
    for query in ["$filter=a", "$top=x", "$skiptoken=x", "$select=x", "$apply=x"] {
        let body = client.get(&format!("/odata/v4/Items?{query}")).body;
        for inside in [".rs", "panicked", "Node", "Some(", "select *", "/work"] {
            assert!(!body.contains(inside), "{query}: {body}");
        }
    }
}
