//! How are drills recorded? Each record is kept as a version, its findings become events; a faulty one refuses them all.

use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::{Atomicity, Notes, Receipt, SendEvents, checked_slug, refusal_of},
    limits::REFUSED_LINES_SHOWN,
    services::Services,
};
use domain::{drill::DrillRecord, id::OrgId, time::Timestamp};
use formats::{
    canonical::Outcome,
    encoding::Encoding,
    foreign::{DRILLS, Foreign, ForeignRecord, Settings},
    held::Held,
};
use store::{
    Conn, StoreError,
    audit::{self, Actor},
    drills::{self, DrillFrom, Kept},
    log_state, sources,
};

/// The source of the events of drills, unless the sender names one.
pub const DRILL_SOURCE: &str = "drills";

/// Records of one request.
const RECORDS_MAX: usize = 1_000;

/// Records of drills as somebody sent them.
#[derive(Clone, Debug)]
pub struct DrillUpload {
    /// JSON: one record, an array or lines of them.
    pub body: Vec<u8>,
    /// The source of their events.
    pub source: String,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
}

/// What became of the records.
#[derive(Clone, Debug)]
pub struct DrillsKept {
    /// Each record, in the order of what was sent.
    pub records: Vec<DrillKept>,
    /// What became of the events that follow from their findings; none where nothing follows.
    pub events: Option<Receipt>,
    /// What was noticed about them.
    pub notes: Notes,
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillKept {
    /// The drill.
    pub id: String,
    /// The version that says this.
    pub version: u32,
    /// Whether the newest version said the same before: nothing was written then.
    pub unchanged: bool,
}

impl Services {
    /// Keeps records of drills, and the events that follow from them. The events come first: when the second half fails,
    /// the same bytes sent again complete it, and nothing counts twice.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a body that is no JSON, and for a record that cannot be taken whole: nothing is stored
    /// then. Whatever [`Services::send_events`] says of the events.
    pub async fn keep_drills(
        &self,
        granted: &Granted<proof::DrillsWrite>,
        upload: DrillUpload,
    ) -> Result<DrillsKept, ServiceError> {
        let DrillUpload { body, source, origin } = upload;
        checked_slug(&source)?;
        let read = tokio::task::spawn_blocking(move || read(&body));
        let Read { drills, lines, notes } = read.await.map_err(|_| StoreError::Stopped)??;
        let events = match lines.is_empty() {
            true => None,
            false => {
                let usual = SendEvents::new(source.clone(), lines);
                let atomicity = Atomicity::LineByLine;
                let events =
                    SendEvents { encoding: Some(Encoding::Ndjson), atomicity, origin: origin.clone(), ..usual };
                Some(self.send_events(&granted.of_findings(), events).await?)
            }
        };
        let (store, org, now, actor) = (self.store().clone(), granted.org(), self.now(), granted.caller().actor());
        let records = store::run(async move {
            store.refuse_without_room()?;
            let mut tx = store.begin().await?;
            let conn = &mut tx.conn();
            let state = log_state::lock(conn, org).await?;
            let at = now.max(state.last_received_at);
            let records = keep(conn, org, &drills, &source, at).await?;
            audit_new(conn, org, &records, &origin, (actor, at)).await?;
            tx.commit().await?;
            Ok::<_, ServiceError>(records)
        });
        Ok(DrillsKept { records: records.await?, events, notes })
    }
}

async fn keep(
    conn: &mut Conn<'_>,
    org: OrgId,
    records: &[DrillRecord],
    source: &str,
    at: Timestamp,
) -> Result<Vec<DrillKept>, StoreError> {
    let source = sources::register(conn, org, source, at).await?;
    let from = DrillFrom { source: Some(source), import: None, received_at: at };
    let mut kept = Vec::with_capacity(records.len());
    for record in records {
        let (version, unchanged) = match drills::keep(conn, org, record, from).await? {
            Kept::New(version) => (version, false),
            Kept::Same(version) => (version, true),
        };
        kept.push(DrillKept { id: record.id.clone(), version, unchanged });
    }
    Ok(kept)
}

async fn audit_new(
    conn: &mut Conn<'_>,
    org: OrgId,
    records: &[DrillKept],
    origin: &Origin,
    (actor, at): (Actor, Timestamp),
) -> Result<(), StoreError> {
    for record in records.iter().filter(|record| !record.unchanged) {
        let act = origin.did(at, actor, "drills.put", record.id.as_str());
        let detail = format!("version {}", record.version);
        audit::append(conn, org, &audit::Act { detail, ..act }).await?;
    }
    Ok(())
}

/// What a body says.
#[derive(Default)]
struct Read {
    drills: Vec<DrillRecord>,
    /// The canonical lines of the events that follow.
    lines: Vec<u8>,
    notes: Notes,
}

fn read(body: &[u8]) -> Result<Read, ServiceError> {
    let mut records = Foreign::open(body, DRILLS, &Settings::default()).map_err(|fault| refusal_of(&fault))?;
    let (mut read, mut number, mut faulty, mut errors) = (Read::default(), 0_usize, 0_u64, Vec::new());
    while let Some(record) = records.next_record().map_err(|fault| refusal_of(&fault))? {
        number = number.saturating_add(1);
        if number > RECORDS_MAX {
            let detail = format!("more than {RECORDS_MAX} records of drills in one request");
            return Err(Refusal::new("too_many_events", detail).hint("split it, or import it as a file").into());
        }
        let held = read.take(record);
        faulty = faulty.saturating_add(u64::from(!held.is_empty()));
        held.iter().for_each(|held| tell(number, held, &mut errors));
    }
    if faulty == 0 {
        return Ok(read);
    }
    let detail = format!("{faulty} of {number} records of drills cannot be taken; nothing was stored");
    let mut refusal = Refusal::new("drill_refused", detail).hint("mend them and send all of them again");
    refusal.errors = errors;
    Err(refusal.into())
}

impl Read {
    /// Takes a record in, and hands back what of it cannot be.
    fn take(&mut self, mut record: ForeignRecord) -> Vec<Held> {
        self.notes.take(&mut record.understood);
        self.drills.append(&mut record.understood.drills);
        let mut held = Vec::new();
        for outcome in record.understood.outcomes {
            match outcome {
                Outcome::Event(draft) => {
                    self.lines.extend_from_slice(draft.canonical.as_bytes());
                    self.lines.push(b'\n');
                }
                Outcome::Held(because) => held.push(because),
            }
        }
        held
    }
}

/// The faults of a record, as far as there is room for them.
fn tell(number: usize, held: &Held, errors: &mut Vec<serde_json::Value>) {
    let room = REFUSED_LINES_SHOWN.saturating_sub(errors.len());
    for fault in held.faults.iter().take(room) {
        errors.push(serde_json::json!({
            "record": number,
            "field": fault.field,
            "reason": fault.reason.as_str(),
            "detail": fault.detail,
            "hint": fault.hint,
        }));
    }
}
