//! Questions to the OData feed: an answer, or a refusal that says why, and never more rows than there are.

use crate::OUTPUT_BYTES_MAX;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use domain::{
    calendar::Calendar,
    fold::fold,
    id::ItemKey,
    policy::Policy,
    time::Timestamp,
    view::{Verification, View},
};
use formats::canonical::item_event;
use fuzz::campaign;
use metrics::ledger::{Frame, Ledger, LedgerItem};
use serde_json::Value;
use server::odata::{Feed, LedgerRows, Names, ODataAnswer, ODataRequest, answer, skip_token::Signer};
use std::fmt::Write;

const ITEMS: i64 = 6;

#[test]
fn a_filter_and_its_opposite_share_no_row() {
    let items = Items::new();
    campaign::run("odata_filter", |input| {
        let Some(text) = crate::text(input) else { return };
        let Some(kept) = items.count(text) else { return };
        // The opposite is one level and one operator larger, which may be one too many.
        if let Some(left_out) = items.count(&format!("not ({text})")) {
            assert!(kept + left_out <= ITEMS, "{kept} and {left_out} rows of {ITEMS}");
        }
        assert_eq!(items.count(&format!("({text}) and not ({text})")).unwrap_or_default(), 0);
    });
}

/// The first line is path and query, the others are headers.
#[test]
fn any_question_is_answered_or_refused_in_the_envelope() {
    let items = Items::new();
    campaign::run("odata_query", |input| {
        let Some(text) = crate::text(input) else { return };
        let mut lines = text.lines();
        let address = lines.next().unwrap_or_default();
        let headers = headers(lines);
        let reply = items.ask(address, &headers);
        assert!(reply.body.len() <= OUTPUT_BYTES_MAX.min(64 * 1024 + 8 * input.len()), "{} bytes", reply.body.len());
        assert_eq!(reply.headers.get_all("odata-version").iter().count(), 1);
        if is_refusal(reply.status) {
            let refusal: Value = serde_json::from_str(&reply.body).unwrap();
            assert!(refusal["error"]["code"].is_string() && refusal["error"]["message"].is_string(), "{refusal}");
        } else {
            assert!(reply.status.is_success() || reply.status.is_redirection(), "{}", reply.status);
            let rows = serde_json::from_str::<Value>(&reply.body).ok();
            let rows = rows.as_ref().and_then(|body| body["value"].as_array()).map_or(0, Vec::len);
            assert!(rows <= usize::try_from(ITEMS).unwrap(), "{rows} rows");
        }
    });
}

/// The client is wrong, or asks for a part of OData that this feed leaves out.
fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED
}

fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let (name, value) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value.trim()));
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// A few items, and whoever asks for them.
struct Items {
    ledger: Ledger,
    policy: Policy,
    calendar: Calendar,
    signer: Signer,
    as_of: Timestamp,
}

impl Items {
    fn new() -> Self {
        let policy = Policy::built_in().unwrap();
        let calendar = Calendar::of(&policy).unwrap();
        let life = include_str!("../../corpus/stored_event/life.ndjson");
        let received_at = Timestamp::parse("2026-05-01T00:00:00Z").unwrap();
        let events: Vec<_> = life.lines().map(|line| item_event(line, received_at).unwrap()).collect();
        // Each item has one event more than the one before.
        let item = |number: i64| LedgerItem {
            key: Some(ItemKey::from_row(number)),
            id: format!("O'Brien's laptop {number}").into(),
            source: (number % 2 == 0).then(|| "jira".into()),
            facts: fold(events.iter().take(usize::try_from(number).unwrap()).cloned().collect(), &policy, &calendar)
                .unwrap(),
        };
        let ledger = Ledger::new((1..=ITEMS).map(item).collect());
        let as_of = received_at;
        Self { ledger, policy, calendar, signer: Signer::new().unwrap(), as_of }
    }

    fn ask(&self, address: &str, headers: &HeaderMap) -> ODataAnswer {
        let view = View { as_of: self.as_of, known_at: self.as_of, observed_from: Timestamp::from_seconds(0) };
        let frame = Frame { view, policy: &self.policy, calendar: &self.calendar };
        let rows = LedgerRows { ledger: &self.ledger, frame, teams_allowed: None, names: Names::Shown };
        let feed = Feed {
            items: &rows,
            view,
            revision: 1,
            headline: Verification::Strict,
            public_url: "https://wallclock.example",
            signer: &self.signer,
            scope: "org 1 token 1",
            now: self.as_of,
        };
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        answer(&ODataRequest { method: &Method::GET, path, query, headers }, &feed)
    }

    /// How many rows a filter keeps; `None` when it is refused, which says why.
    fn count(&self, filter: &str) -> Option<i64> {
        let mut address = "/odata/v4/Items/$count?$filter=".to_owned();
        filter.bytes().for_each(|byte| write!(address, "%{byte:02X}").unwrap());
        let reply = self.ask(&address, &HeaderMap::new());
        if reply.status.is_success() {
            return Some(reply.body.trim_start_matches('\u{feff}').parse().unwrap());
        }
        assert!(is_refusal(reply.status), "{}", reply.status);
        assert!(reply.body.len() <= 2_000 + 12 * filter.len(), "{}", reply.body);
        None
    }
}
