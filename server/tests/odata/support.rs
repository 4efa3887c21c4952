//! A small ledger of folded lives, and a client that asks the feed as a tool would.

use axum::http::{HeaderMap, HeaderName, Method};
use domain::{
    calendar::Calendar,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName,
    fold::fold,
    id::ItemKey,
    policy::Policy,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};
use metrics::ledger::{Frame, Ledger, LedgerItem};
use server::{
    export::csv::{Csv, items_csv},
    odata::{COLUMNS, Feed, ItemRow, LedgerRows, Names, ODataAnswer, ODataRequest, Value, answer, skip_token::Signer},
};
use std::{collections::BTreeMap, sync::LazyLock};

pub(crate) const URL: &str = "https://wallclock.example";

/// Days after 2026-01-05, a Monday.
pub(crate) fn day(days: i64) -> Timestamp {
    Timestamp::parse("2026-01-05T00:00:00Z").unwrap().plus(days * DAY_SECONDS)
}

/// Items of a small organisation.
#[derive(Clone)]
pub(crate) struct Items {
    items: Vec<LedgerItem>,
    pub(crate) teams_allowed: Option<Vec<String>>,
    pub(crate) names: Names,
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::built_in().unwrap());
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::of(&POLICY).unwrap());

impl Items {
    pub(crate) fn empty() -> Self {
        Self { items: Vec::new(), teams_allowed: None, names: Names::Shown }
    }

    /// Lives of many kinds: paused, excepted, closed and seen again, verified, retired, never ticketed.
    pub(crate) fn sample(count: i64) -> Self {
        let mut ledger = Self::empty();
        for number in 0..count {
            // A stride that is prime to the count hands the keys out in no special order.
            let key = (number * 7) % count + 1;
            ledger.add(key, &item_id(number), life(number));
        }
        ledger
    }

    pub(crate) fn add(&mut self, key: i64, id: &str, events: Vec<ItemEvent>) {
        self.items.push(LedgerItem {
            key: Some(ItemKey::from_row(key)),
            id: id.into(),
            source: Some(["jira", "tenable"][usize::try_from(key % 2).unwrap()].into()),
            facts: fold(events, &POLICY, &CALENDAR).unwrap(),
        });
    }

    /// Lends the rows that a reader may see.
    pub(crate) fn with_rows<T>(&self, view: View, ask: impl FnOnce(&LedgerRows<'_>) -> T) -> T {
        let ledger = Ledger::new(self.items.clone());
        ask(&LedgerRows {
            ledger: &ledger,
            frame: Frame { view, policy: &POLICY, calendar: &CALENDAR },
            teams_allowed: self.teams_allowed.clone(),
            names: self.names,
        })
    }

    pub(crate) fn csv(&self, as_of: Timestamp) -> Csv {
        self.with_rows(view(as_of), |rows| items_csv(rows.rows(as_of, Verification::Strict)))
    }
}

pub(crate) fn view(as_of: Timestamp) -> View {
    View { as_of, known_at: as_of, observed_from: day(0) }
}

/// Ids as they come from the world, quotes and all.
fn item_id(number: i64) -> String {
    match number % 9 {
        0 => format!("CVE-2026-{number:04}@host-{}", number % 5),
        1 => format!("O'Brien''s laptop {number}"),
        2 => format!("' or 1 eq 1 or '{number}"),
        3 => format!("Ünïcode ＇full-width＇ {number}"),
        4 => format!("a%27&$filter=+#?/{number}"),
        5 => format!("=cmd|'{number}"),
        6 => format!("x--;/*{number}*/"),
        7 => format!("\"quoted\"\\ {number}\n"),
        _ => format!("cve-2026-{number:04}"),
    }
}

fn life(number: i64) -> Vec<ItemEvent> {
    use EventName::{
        Closed, Decommissioned, Detected, ExceptionGranted, FalsePositive, Paused, Redetected, SeverityChanged,
        Ticketed, Verified, WorkStarted,
    };
    let names: &[EventName] = match number % 8 {
        0 => &[Detected, Ticketed, Closed, Verified],
        1 => &[Detected, Ticketed, Paused],
        2 => &[Detected, Ticketed, Closed, Redetected],
        3 => &[Detected, Ticketed, ExceptionGranted],
        4 => &[Detected, Ticketed, WorkStarted, Closed],
        5 => &[Detected],
        6 => &[Ticketed, SeverityChanged, Decommissioned],
        _ => &[Detected, Ticketed, FalsePositive],
    };
    let start = day(number * 5 % 97).plus(number * 3_607 % DAY_SECONDS);
    let mut at = start;
    let mut events = Vec::new();
    for name in names {
        let mut event = ItemEvent::bare(*name, at);
        event.severity = Some(GivenSeverity::Known(Severity::ALL[usize::try_from(number % 4).unwrap()]));
        event.to = (*name == SeverityChanged).then(|| "critical".into());
        event.team = (number % 5 != 0).then(|| format!("team {}", number % 5).into());
        event.asset_class =
            (number % 3 != 0).then(|| ["server", "laptop"][usize::try_from(number % 2).unwrap()].into());
        event.kind = (number % 4 == 1).then(|| "misconfig".into());
        event.kev_due = (number % 6 == 2).then(|| start.plus(21 * DAY_SECONDS).to_string().into());
        events.push(event);
        at = at.plus(DAY_SECONDS * (1 + number % 13) + 60);
    }
    events
}

/// A feed and whoever asks it.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) items: Items,
    pub(crate) signer: Signer,
    pub(crate) revision: i64,
    pub(crate) as_of: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) scope: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Client {
    pub(crate) fn of(items: Items) -> Self {
        Self {
            items,
            signer: Signer::new().unwrap(),
            revision: 12,
            as_of: day(200),
            now: day(200),
            scope: "org 1 token 1".to_owned(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn sample(count: i64) -> Self {
        Self::of(Items::sample(count))
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn send(&self, method: &Method, address: &str) -> ODataAnswer {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let address = address.strip_prefix(URL).unwrap_or(address);
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        let request = ODataRequest { method, path, query, headers: &headers };
        self.items.with_rows(view(self.as_of), |rows| {
            let feed = Feed {
                items: rows,
                view: view(self.as_of),
                revision: self.revision,
                headline: Verification::Strict,
                public_url: URL,
                signer: &self.signer,
                scope: &self.scope,
                now: self.now,
            };
            answer(&request, &feed)
        })
    }

    pub(crate) fn get(&self, address: &str) -> ODataAnswer {
        self.send(&Method::GET, address)
    }

    /// The body of a good answer.
    pub(crate) fn json(&self, address: &str) -> serde_json::Value {
        let answer = self.get(address);
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// The rows of one page.
    pub(crate) fn page(&self, address: &str) -> Vec<serde_json::Value> {
        self.json(address)["value"].as_array().unwrap().clone()
    }

    /// The keys that a filter leaves, in order.
    pub(crate) fn keys_where(&self, filter: &str) -> Vec<i64> {
        let rows = self.page(&format!("/odata/v4/Items?$select=item_key&$filter={}", encoded(filter)));
        keys(&rows)
    }

    /// Status and code of a refusal, whose envelope is checked on the way.
    pub(crate) fn refusal(&self, address: &str) -> (u16, String) {
        let answer = self.get(address);
        let body: serde_json::Value =
            serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{address}: {}", answer.body));
        let error = &body["error"];
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{address}: {body}");
        assert_eq!(answer.headers.get_all("odata-version").iter().count(), 1, "{address}");
        (answer.status.as_u16(), error["code"].as_str().unwrap().to_owned())
    }

    /// The cells of each row by column name, as text, by key.
    pub(crate) fn cells(&self, mode: Verification) -> BTreeMap<i64, BTreeMap<&'static str, Cell>> {
        let all = |row: ItemRow<'_>| COLUMNS.iter().map(|column| (column.name, Cell::of(&column.of(&row)))).collect();
        self.items
            .with_rows(view(self.as_of), |rows| rows.rows(self.as_of, mode).map(|row| (row.key(), all(row))).collect())
    }
}

/// A cell as a plain second implementation sees it: times are texts that sort like times.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum Cell {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
}

impl Cell {
    #[expect(clippy::cast_precision_loss, reason = "the numbers of these tests are small")]
    fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(it) => Self::Boolean(*it),
            Value::Integer(it) => Self::Number(*it as f64),
            Value::Double(it) => Self::Number(*it),
            Value::Text(it) => Self::Text(it.to_string()),
            Value::Date(day) => Self::Text(Timestamp::start_of_day(*day).to_string()[..10].to_owned()),
            Value::Instant(it) => Self::Text(Timestamp::from_seconds(it.seconds).to_string()),
        }
    }
}

pub(crate) fn keys(rows: &[serde_json::Value]) -> Vec<i64> {
    rows.iter().map(|row| row["item_key"].as_i64().unwrap()).collect()
}

/// Percent-encodes what a careful client encodes.
pub(crate) fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~()'*,:".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Text as a literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
