//! What does the world say of weaknesses, and since when? A feed is read in one pass and kept by the day it was
//! published; a line of it that cannot be true is told and left out.

use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::{ImportInput, Notes, Waiting, refusal_of},
    limits::REFUSED_LINES_SHOWN,
    services::Services,
};
use domain::{
    day::Day,
    enrichment::{Enriched, EpssScore, Feed, FeedKind, KevEntry},
    id::{OrgId, Revision},
    time::Timestamp,
};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{Adapter, EpssSettings, Foreign, ForeignRecord, Settings, candidates, kev_copy_old},
    unpack::{ArchiveFault, Files, Limits},
};
use serde::Serialize;
use std::{
    fs::File,
    io::{BufReader, Cursor, Read},
};
use store::{
    Conn, StoreError, audit,
    enrichment::{self, FeedKept},
    log_state,
};

/// A feed is told from others by this much of it.
const HEAD_BYTES: u64 = 64 * 1024;
const READ_BYTES: usize = 256 * 1024;
/// Bytes of a feed, unpacked: ten times the largest there is.
const FEED_BYTES_MAX: u64 = 256 << 20;
/// Rows of a feed: about four times as many weaknesses as have a number.
const FEED_ROWS_MAX: usize = 1_000_000;
/// A feed may be dated one day ahead: it is tomorrow already where it was published.
const AHEAD_DAYS_MAX: i64 = 1;

/// What is decided about a feed.
#[derive(Clone, Debug, Default)]
pub struct FeedOptions {
    /// The day of scores that do not say it themselves.
    pub score_date: Option<Day>,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
}

/// What became of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSummary {
    /// Which feed, of which day.
    pub feed: Feed,
    /// Its rows: `received = kept + held`.
    pub received: u64,
    /// Rows that were taken.
    pub kept: u64,
    /// Rows that cannot be true.
    pub held: u64,
    /// Rows that said something new; none are counted where the feed of that day is known.
    pub changed: u64,
    /// Whether the feed of that day was kept before: nothing was written then.
    pub unchanged: bool,
    /// The first held rows.
    pub first_held: Vec<HeldRow>,
    /// What was noticed about it: rules that were met.
    pub notes: Notes,
}

/// A row of a feed that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldRow {
    /// Its place in the file, counted from 1.
    pub row: u64,
    /// The line it begins on.
    pub line: u64,
    /// Why.
    pub reason: &'static str,
    /// What is wrong with it.
    pub detail: String,
}

impl Services {
    /// Keeps a feed by the day it was published. The feed of a known day changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a file that is no feed, that does not say its day, is of a day to come, or older than
    /// what is kept: it would change what every view since then saw.
    pub async fn enrich(
        &self,
        granted: &Granted<proof::ReferencesWrite>,
        input: ImportInput,
        options: FeedOptions,
    ) -> Result<FeedSummary, ServiceError> {
        let (services, org, actor) = (self.clone(), granted.org(), granted.caller().actor());
        store::run(async move {
            let (store, now) = (services.store(), services.now());
            store.refuse_without_room()?;
            let waiting = Waiting::of(input, services.data_dir()).await?;
            let file = waiting.file()?;
            // It is open, and what stops half-way is simply sent again.
            waiting.forget(services.data_dir());
            let FeedOptions { score_date, origin } = options;
            let reading = tokio::task::spawn_blocking(move || read(&file, score_date));
            let read = reading.await.map_err(|_| StoreError::Stopped)??;
            let mut tx = store.begin().await?;
            let conn = &mut tx.conn();
            let mut state = log_state::lock(conn, org).await?;
            let at = now.max(state.last_received_at);
            let summary = keep(conn, org, read, at).await?;
            if !summary.unchanged {
                // What figures rest on has changed: nothing that was computed before counts any more.
                state.revision = Revision::from_row(state.revision.get().saturating_add(1));
                log_state::save(conn, org, &state).await?;
                let object = format!("{} {}", summary.feed.kind.as_str(), summary.feed.published_on);
                let act = origin.did(at, actor, "references.put", object);
                let detail = format!("{} rows, {} changed, {} held", summary.received, summary.changed, summary.held);
                audit::append(conn, org, &audit::Act { detail, ..act }).await?;
            }
            tx.commit().await?;
            Ok(summary)
        })
        .await
    }
}

/// What a file says.
struct FeedRead {
    feed: Feed,
    rows: Rows,
}

#[derive(Default)]
struct Rows {
    kev: Vec<KevEntry>,
    epss: Vec<EpssScore>,
    /// Rows so far.
    received: u64,
    held: u64,
    first_held: Vec<HeldRow>,
    notes: Notes,
    feed: Option<Feed>,
}

async fn keep(conn: &mut Conn<'_>, org: OrgId, read: FeedRead, at: Timestamp) -> Result<FeedSummary, ServiceError> {
    let FeedRead { feed, rows } = read;
    let today = Day::of(at);
    if feed.published_on > today.plus(AHEAD_DAYS_MAX) {
        return Err(refused(&format!("it is of {}, a day to come", feed.published_on)).into());
    }
    let kept = match feed.kind {
        FeedKind::Kev => enrichment::keep_kev(conn, org, &feed, &rows.kev, at).await?,
        FeedKind::Epss => enrichment::keep_epss(conn, org, &feed, &rows.epss, at).await?,
    };
    let (changed, unchanged) = match kept {
        FeedKept::Changed(changed) => (changed, false),
        FeedKept::Known => (0, true),
        FeedKept::TooOld(newest) => {
            let detail = format!("it is of {}, and the one of {newest} is kept already", feed.published_on);
            return Err(refused(&detail).hint("send feeds in the order of their days").into());
        }
    };
    let Rows { received, held, first_held, mut notes, .. } = rows;
    notes.meet_all(kev_copy_old(&feed, today));
    let kept = received.saturating_sub(held);
    Ok(FeedSummary { feed, received, kept, held, changed, unchanged, first_held, notes })
}

fn refused(detail: &str) -> Refusal {
    Refusal::new("feed_refused", format!("the feed cannot be kept: {detail}"))
}

/// Reads a feed; which one it is shows in its beginning.
fn read(file: &File, score_date: Option<Day>) -> Result<FeedRead, ServiceError> {
    let limits = Limits { bytes_max: FEED_BYTES_MAX, ..Limits::default() };
    let told = |fault: FileFault| ServiceError::from(refusal_of(&fault));
    let mut files = Files::open(BufReader::with_capacity(READ_BYTES, file), limits).map_err(told)?;
    let mut inside = files.next_file().map_err(told)?.ok_or_else(|| told(ArchiveFault::Empty.into()))?;
    let mut head = Vec::new();
    let looked = inside.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
    looked.map_err(|error| told(error.into()))?;
    let adapter = feed_adapter(&head)?;
    let epss = EpssSettings { score_date: score_date.map(|day| day.to_string()) };
    let whole = BufReader::with_capacity(READ_BYTES, Cursor::new(head).chain(inside));
    let mut records = Foreign::open(whole, adapter, &Settings { epss, ..Settings::default() }).map_err(told)?;
    let mut rows = Rows::default();
    while let Some(record) = records.next_record().map_err(told)? {
        rows.take(record)?;
    }
    drop(records);
    if files.next_file().map_err(told)?.is_some() {
        return Err(told(FileFault::NotJoined("the archive holds several files, and a feed is one")));
    }
    match rows.feed.take() {
        Some(feed) => Ok(FeedRead { feed, rows }),
        None => Err(undated(rows).into()),
    }
}

/// The formats of feeds.
const FEEDS: [&str; 3] = ["kev-json", "kev-csv", "epss"];

/// Whether a file is a feed: because somebody said so, or because it looks like nothing else.
pub(crate) fn is_feed(format: &str, head: &[u8]) -> bool {
    let likely = candidates(head);
    let looks_like_one = !likely.is_empty() && likely.iter().all(|adapter| FEEDS.contains(&adapter.name));
    FEEDS.contains(&format) || (format.is_empty() && looks_like_one)
}

/// Which feed begins like this.
fn feed_adapter(head: &[u8]) -> Result<Adapter, Refusal> {
    let is_feed = |adapter: &Adapter| FEEDS.contains(&adapter.name);
    candidates(head).into_iter().find(is_feed).ok_or_else(|| {
        let hint = "import events and exports of tools by `wallclock import`";
        Refusal::new("format_unknown", "this is neither the KEV catalogue nor a file of EPSS scores").hint(hint)
    })
}

fn undated(rows: Rows) -> Refusal {
    let first = rows.first_held.into_iter().next().map(|held| held.detail);
    let detail = first.unwrap_or_else(|| "nothing in it says of which day it is".to_owned());
    refused(&detail).hint("keep its first line, or say the day (`--date`, `date=`)")
}

impl Rows {
    fn take(&mut self, mut record: ForeignRecord) -> Result<(), Refusal> {
        self.notes.take(&mut record.understood);
        self.received = self.received.saturating_add(u64::from(!record.raw.is_empty()));
        self.feed = record.understood.feed.take().or_else(|| self.feed.take());
        for row in record.understood.enriched {
            match row {
                Enriched::Kev(entry) => self.kev.push(entry),
                Enriched::Epss(score) => self.epss.push(score),
            }
        }
        let held = record.understood.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Held(held) => Some(held),
            Outcome::Event(_) => None,
        });
        if let Some(held) = held {
            self.held = self.held.saturating_add(1);
            let detail = held.faults.first().map(|fault| fault.detail.clone()).unwrap_or_default();
            if self.first_held.len() < REFUSED_LINES_SHOWN {
                let (row, line) = (self.received, record.place.line);
                self.first_held.push(HeldRow { row, line, reason: held.reason.as_str(), detail });
            }
        }
        if self.kev.len().max(self.epss.len()) > FEED_ROWS_MAX {
            return Err(refused(&format!("it has more than {FEED_ROWS_MAX} rows")));
        }
        Ok(())
    }
}
