//! Who did what, when, and how did it end? Records that are only added, each chained to the one before.

use domain::id::OrgId;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

/// Records per read while checking the chain.
const RECORDS_PER_READ: i64 = 1_000;
/// Longer details are cut.
const DETAIL_BYTES_MAX: usize = 4_096;

const OPEN_CHAIN: Sql = Sql::same(
    "insert into audit_heads (org_id, seq, head)
     values ($1, 0, $2)
     on conflict (org_id) do nothing",
);

const LOCK_HEAD: Sql = Sql::per_engine(
    "select seq, head
       from audit_heads
      where org_id = $1",
    "select seq, head
       from audit_heads
      where org_id = $1
        for update",
);

const ADD: Sql = Sql::same(
    "insert into audit (org_id, seq, at, actor_kind, actor, action, object, outcome, request_id, address, detail, head)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
);

const MOVE_HEAD: Sql = Sql::same(
    "update audit_heads
        set seq = $2, head = $3
      where org_id = $1",
);

const READ: Sql = Sql::same(
    "select seq, at, actor_kind, actor, action, object, outcome, request_id, address, detail, head
       from audit
      where org_id = $1 and seq > $2
      order by seq
      limit $3",
);

const HEAD: Sql = Sql::same(
    "select seq, head
       from audit_heads
      where org_id = $1",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[OPEN_CHAIN, LOCK_HEAD, ADD, MOVE_HEAD, READ, HEAD];

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person by id.
    Person(i64),
    /// A token by id.
    Token(i64),
    /// A tool that sends by itself, by its source.
    Webhook(i64),
    /// The operator's shell.
    Operator,
    /// Nobody is known yet: a sign-in or a set-up link.
    Nobody,
}

impl Actor {
    const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Token(_) => "token",
            Self::Webhook(_) => "webhook",
            Self::Operator => "operator",
            Self::Nobody => "nobody",
        }
    }

    const fn id(self) -> i64 {
        match self {
            Self::Person(id) | Self::Token(id) | Self::Webhook(id) => id,
            Self::Operator | Self::Nobody => 0,
        }
    }
}

impl std::fmt::Display for Actor {
    /// The kind, and the number of whoever has one.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(_) | Self::Token(_) | Self::Webhook(_) => write!(out, "{} {}", self.kind(), self.id()),
            Self::Operator | Self::Nobody => out.write_str(self.kind()),
        }
    }
}

/// One act, as it is written down.
#[derive(Clone, Debug)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, as `noun.verb`.
    pub action: &'static str,
    /// On what, by id.
    pub object: String,
    /// How it ended: `done`, `refused`.
    pub outcome: &'static str,
    /// The request it belongs to; empty for a command.
    pub request_id: String,
    /// From where; empty for a command.
    pub address: String,
    /// What else matters, without names and secrets.
    pub detail: String,
}

/// What checking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// Records read.
    pub records: u64,
    /// One sentence per difference.
    pub differences: Vec<String>,
}

type Record = (i64, i64, String, i64, String, String, String, String, String, String, Vec<u8>);

/// Adds one act to the record, inside the transaction of the act itself. It also orders the transactions of an
/// organisation: whoever comes second waits here.
///
/// # Errors
/// Any [`StoreError`].
pub async fn append(conn: &mut Conn<'_>, org: OrgId, act: &Act) -> Result<(), StoreError> {
    append_all(conn, org, std::slice::from_ref(act)).await
}

/// Adds acts of one transaction to the record, in their order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn append_all(conn: &mut Conn<'_>, org: OrgId, acts: &[Act]) -> Result<(), StoreError> {
    if acts.is_empty() {
        return Ok(());
    }
    let genesis = genesis(org).to_vec();
    on_engine!(conn, OPEN_CHAIN, |c, text| {
        sqlx::query(text).bind(org.get()).bind(genesis).execute(c).await?;
    });
    let (mut seq, mut head): (i64, Vec<u8>) =
        on_engine!(conn, LOCK_HEAD, |c, text| sqlx::query_as(text).bind(org.get()).fetch_one(c).await?);
    for act in acts {
        seq += 1;
        let record = record_of(seq, act);
        head = head_after(org, &head, &record).to_vec();
        add(conn, org, &record, &head).await?;
    }
    on_engine!(conn, MOVE_HEAD, |c, text| {
        sqlx::query(text).bind(org.get()).bind(seq).bind(head).execute(c).await?;
    });
    Ok(())
}

fn record_of(seq: i64, act: &Act) -> Record {
    (
        seq,
        act.at.seconds(),
        act.actor.kind().to_owned(),
        act.actor.id(),
        act.action.to_owned(),
        act.object.clone(),
        act.outcome.to_owned(),
        act.request_id.clone(),
        act.address.clone(),
        cut(&act.detail).to_owned(),
        Vec::new(),
    )
}

async fn add(conn: &mut Conn<'_>, org: OrgId, record: &Record, head: &[u8]) -> Result<(), StoreError> {
    on_engine!(conn, ADD, |c, text| {
        let (seq, at, actor_kind, actor, action, object, outcome, request_id, address, detail, _) = record;
        let query = sqlx::query(text).bind(org.get()).bind(seq).bind(at).bind(actor_kind).bind(actor).bind(action);
        let query = query.bind(object).bind(outcome).bind(request_id).bind(address).bind(detail).bind(head);
        query.execute(c).await?;
    });
    Ok(())
}

/// Computes the chain again from the first record.
///
/// # Errors
/// Any [`StoreError`].
pub async fn check(conn: &mut Conn<'_>, org: OrgId) -> Result<AuditCheck, StoreError> {
    let mut found = AuditCheck { records: 0, differences: Vec::new() };
    let (mut seq, mut head) = (0_i64, genesis(org).to_vec());
    loop {
        let records: Vec<Record> = on_engine!(conn, READ, |c, text| {
            sqlx::query_as(text).bind(org.get()).bind(seq).bind(RECORDS_PER_READ).fetch_all(c).await?
        });
        if records.is_empty() {
            break;
        }
        for record in records {
            found.records += 1;
            if record.0 != seq + 1 {
                found.differences.push(format!("audit record {} follows {seq}: records are missing", record.0));
            }
            if head_after(org, &head, &record).as_slice() != record.10.as_slice() {
                found.differences.push(format!("audit record {} was changed", record.0));
            }
            seq = record.0;
            head = record.10;
        }
    }
    let last: Option<(i64, Vec<u8>)> =
        on_engine!(conn, HEAD, |c, text| sqlx::query_as(text).bind(org.get()).fetch_optional(c).await?);
    match last {
        Some((last_seq, last_head)) if last_seq != seq || last_head != head => {
            found.differences.push(format!("the audit trail ends at {seq}, its head says {last_seq}"));
        }
        None if seq > 0 => found.differences.push("the audit trail has no head".to_owned()),
        Some(_) | None => {}
    }
    Ok(found)
}

/// The value before the first record.
fn genesis(org: OrgId) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"wallclock/genesis/1\0");
    hash.update(org.get().to_be_bytes());
    hash.finalize().into()
}

fn head_after(org: OrgId, previous: &[u8], record: &Record) -> [u8; 32] {
    let (seq, at, actor_kind, actor, action, object, outcome, request_id, address, detail, _) = record;
    let mut hash = Sha256::new();
    hash.update(b"wallclock/audit/1\0");
    hash.update(org.get().to_be_bytes());
    hash.update(seq.to_be_bytes());
    hash.update(previous);
    hash.update(at.to_be_bytes());
    hash.update(actor.to_be_bytes());
    for text in [actor_kind, action, object, outcome, request_id, address, detail] {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        hash.update(length.to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(DETAIL_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
