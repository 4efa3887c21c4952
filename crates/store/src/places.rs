//! The events of items as places in the log, and the bodies at these places: what a transaction alone can see, and what
//! everybody can read beside it.

use crate::{engine::Conn, error::StoreError, history::Recorded, sql::Sql};
use domain::{
    id::{EventSeq, ItemKey, OrgId},
    time::Timestamp,
};

/// Bodies asked for at once: they come as one text, which SQLite keeps below a thousand of the longest.
const BODIES_PER_READ: usize = 900;

pub(crate) const OF_ITEMS: Sql = Sql::per_engine(
    "select item_key, group_concat(seq || ' ' || known_at, ' ')
       from item_events
      where org_id = $1 and item_key in (select value from json_each($2)) and withdrawn_at is null
      group by item_key
      order by item_key",
    "select item_key, string_agg(seq || ' ' || known_at, ' ' order by seq)
       from item_events
      where org_id = $1 and item_key = any($2) and withdrawn_at is null
      group by item_key
      order by item_key",
);

/// In the order they are asked for.
pub(crate) const BODIES: Sql = Sql::per_engine(
    "select group_concat(coalesce(e.counted, e.body), char(10))
       from json_each($2) w
      cross join events e on e.org_id = $1 and e.seq = w.value",
    "select string_agg(coalesce(e.counted, e.body), chr(10) order by w.place)
       from unnest($2::bigint[]) with ordinality as w (seq, place)
      cross join lateral (select e.counted, e.body from events e where e.org_id = $1 and e.seq = w.seq limit 1) e",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[OF_ITEMS, BODIES];

/// Where an event stands in the log, and since when it is known.
pub type EventPlace = (EventSeq, Timestamp);

/// Where the events of some items stand that count, ordered by item; items without any are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_items(
    conn: &mut Conn<'_>,
    org: OrgId,
    items: &[ItemKey],
) -> Result<Vec<(ItemKey, Vec<EventPlace>)>, StoreError> {
    let items: Vec<i64> = items.iter().map(|item| item.get()).collect();
    let rows: Vec<(i64, String)> = match conn {
        Conn::Sqlite(connection) => {
            let query = sqlx::query_as(OF_ITEMS.sqlite).bind(org.get()).bind(json_list(&items));
            query.fetch_all(&mut **connection).await?
        }
        Conn::Postgres(connection) => {
            sqlx::query_as(OF_ITEMS.postgres).bind(org.get()).bind(items).fetch_all(&mut **connection).await?
        }
    };
    let damaged = || StoreError::damaged("the places of the events of an item");
    rows.into_iter()
        .map(|(item, text)| {
            let numbers: Result<Vec<i64>, _> = text.split(' ').map(str::parse).collect();
            let numbers = numbers.map_err(|_| damaged())?;
            let (pairs, []) = numbers.as_chunks::<2>() else { return Err(damaged()) };
            let place = |[seq, at]: &[i64; 2]| (EventSeq::from_row(*seq), Timestamp::from_seconds(*at));
            Ok((ItemKey::from_row(item), pairs.iter().map(place).collect()))
        })
        .collect()
}

/// The events at these places.
///
/// # Errors
/// [`StoreError::Damaged`] when one of them is not there, or what the database said.
pub async fn read(
    conn: &mut Conn<'_>,
    org: OrgId,
    places: &[(ItemKey, Vec<EventPlace>)],
) -> Result<Vec<(ItemKey, Vec<Recorded>)>, StoreError> {
    let all: Vec<EventPlace> = places.iter().flat_map(|(_, places)| places.iter().copied()).collect();
    let mut recorded = Vec::with_capacity(all.len());
    for chunk in all.chunks(BODIES_PER_READ) {
        let text = bodies(conn, org, chunk).await?;
        let lines: Vec<&str> = text.split('\n').collect();
        if lines.len() != chunk.len() {
            return Err(StoreError::damaged("an event that is seen cannot be found, or its text holds a line break"));
        }
        let lines = lines.into_iter().zip(chunk);
        recorded.extend(lines.map(|(body, (_, known_at))| Recorded { received_at: *known_at, body: body.into() }));
    }
    let mut rest = recorded.into_iter();
    Ok(places.iter().map(|(item, places)| (*item, rest.by_ref().take(places.len()).collect())).collect())
}

async fn bodies(conn: &mut Conn<'_>, org: OrgId, places: &[EventPlace]) -> Result<String, StoreError> {
    let seqs: Vec<i64> = places.iter().map(|(seq, _)| seq.get()).collect();
    let text: Option<String> = match conn {
        Conn::Sqlite(connection) => {
            let query = sqlx::query_scalar(BODIES.sqlite).bind(org.get()).bind(json_list(&seqs));
            query.fetch_one(&mut **connection).await?
        }
        Conn::Postgres(connection) => {
            sqlx::query_scalar(BODIES.postgres).bind(org.get()).bind(seqs).fetch_one(&mut **connection).await?
        }
    };
    Ok(text.unwrap_or_default())
}

/// Numbers as SQLite takes a list.
pub(crate) fn json_list(numbers: &[i64]) -> String {
    let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
    format!("[{}]", list.join(","))
}
