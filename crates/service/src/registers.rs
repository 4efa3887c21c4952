//! What do the registers say, and who changed them? An upload is a version of its own; one faulty row refuses all of it.

use crate::{
    authorise::{Caller, Denied, Granted, GrantedScope, Permission, Who, proof},
    error::{Refusal, ServiceError},
    identity::{record::Origin, role::Role},
    ingest::refusal_of,
    limits::REFUSED_LINES_SHOWN,
    services::Services,
};
use domain::{
    id::OrgId,
    register::{Register, RegisterRow},
    time::Timestamp,
};
use formats::register::{RegisterFile, RegisterRecord};
use serde::Serialize;
use store::{
    Conn, StoreError, audit, log_state,
    registers::{self, RegisterHead, RegisterVersion, Upload},
};

/// Registers a drill lead keeps: what is practised, not who or what is there.
const OF_DRILL_LEADS: [Register; 4] =
    [Register::Playbooks, Register::PlaybookSteps, Register::Scenarios, Register::ExercisesPlanned];

/// A reader of some teams alone reads registers whose rows say to which team they belong.
const TEAM: &str = "team";

/// A register as somebody sent it.
#[derive(Clone, Debug)]
pub struct RegisterUpload {
    /// Its file: CSV, NDJSON or JSON, as its content shows.
    pub body: Vec<u8>,
    /// The version that has to be the newest, where the sender says so; 0 for none.
    pub expected: Option<u32>,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterKept {
    /// The version that holds these rows.
    pub version: RegisterVersion,
    /// Whether it held them before: nothing was written then.
    pub unchanged: bool,
    /// Blank lines: they are no rows.
    pub ignored: u64,
    /// Columns that are not of the register, and so are lost.
    pub unknown_columns: Vec<String>,
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterSlice {
    /// Of which version.
    pub which: WhichVersion,
    /// The place after which the rows begin.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// Which version is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichVersion {
    /// The newest.
    Newest,
    /// The one that was known at a moment.
    KnownAt(Timestamp),
    /// The one with this number.
    Number(u32),
}

/// Rows of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRows {
    /// Of which version.
    pub version: RegisterVersion,
    /// The rows of this slice that the reader may see.
    pub rows: Vec<RegisterRow>,
    /// The place after which the next slice begins; none at the end.
    pub next: Option<i64>,
    /// The teams the reader is held to, where there are some: rows of others are left out.
    pub teams: Option<Vec<String>>,
}

impl Services {
    /// Keeps a register as its next version; the same rows again change nothing.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a file that cannot be read, for faulty rows (nothing is stored then), and when
    /// another version is the newest than the sender expected.
    pub async fn put_register(
        &self,
        granted: &Granted<proof::RegistersWrite>,
        register: Register,
        upload: RegisterUpload,
    ) -> Result<RegisterKept, ServiceError> {
        may_keep(granted.caller(), register)?;
        let RegisterUpload { body, expected, origin } = upload;
        let read = tokio::task::spawn_blocking(move || read(&body, register));
        let (rows, noticed) = read.await.map_err(|_| StoreError::Stopped)??;
        let (store, org, now, actor) = (self.store().clone(), granted.org(), self.now(), granted.caller().actor());
        store::run(async move {
            store.refuse_without_room()?;
            let mut tx = store.begin().await?;
            let conn = &mut tx.conn();
            let state = log_state::lock(conn, org).await?;
            let at = now.max(state.last_received_at);
            let newest = newest(conn, org, register).await?;
            expect(register, expected, newest.as_ref())?;
            let by = actor.to_string();
            let kept = registers::put(conn, org, register, &rows, Upload { received_at: at, by: &by }).await?;
            let unchanged = kept.is_none();
            let version = kept.or(newest).ok_or_else(|| StoreError::damaged("a register without a version"))?;
            if !unchanged {
                let act = origin.did(at, actor, "registers.put", register.as_str());
                let detail = format!("version {}: {} rows", version.version, version.rows);
                audit::append(conn, org, &audit::Act { detail, ..act }).await?;
            }
            tx.commit().await?;
            let Noticed { ignored, unknown_columns } = noticed;
            Ok(RegisterKept { version, unchanged, ignored, unknown_columns })
        })
        .await
    }

    /// Every register there is, with its newest version where it was ever uploaded.
    ///
    /// # Errors
    /// What the database said.
    pub async fn registers(
        &self,
        granted: &Granted<proof::FiguresRead>,
    ) -> Result<Vec<(Register, Option<RegisterHead>)>, ServiceError> {
        let mut reader = self.store().reader().await?;
        let mut heads = registers::heads(&mut reader.conn(), granted.org()).await?;
        let of = |register: &Register| {
            let place = heads.iter().position(|head| head.register == *register);
            (*register, place.map(|place| heads.swap_remove(place)))
        };
        Ok(Register::ALL.iter().map(of).collect())
    }

    /// Rows of a register.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there was no such version, [`ServiceError::Refused`] for a reader of some teams
    /// alone where rows do not say to whose team they belong.
    pub async fn register(
        &self,
        granted: &Granted<proof::NamesRead>,
        register: Register,
        slice: RegisterSlice,
    ) -> Result<RegisterRows, ServiceError> {
        let teams = teams_of(granted.scope(), register)?;
        let org = granted.org();
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let version = match slice.which {
            WhichVersion::Newest => newest(conn, org, register).await?,
            WhichVersion::Number(number) => registers::version(conn, org, register, number).await?,
            WhichVersion::KnownAt(moment) => registers::versions(conn, org, register, moment, 1).await?.pop(),
        };
        let version = version.ok_or(ServiceError::NotFound)?;
        let rows = registers::page(conn, org, register, version.version, slice.after, slice.limit).await?;
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count >= slice.limit);
        let next = rows.last().map(|(place, _)| *place).filter(|_| is_full);
        let is_shown = |row: &RegisterRow| {
            teams.as_ref().is_none_or(|teams| row.text(TEAM).is_some_and(|team| teams.iter().any(|own| own == team)))
        };
        let rows = rows.into_iter().map(|(_, row)| row).filter(is_shown).collect();
        Ok(RegisterRows { version, rows, next, teams })
    }
}

/// A drill lead keeps what is practised; every other role that writes registers writes all of them.
fn may_keep(caller: &Caller, register: Register) -> Result<(), Denied> {
    let standing = match &caller.who {
        Who::Person { standing, .. } => Some(standing),
        Who::Token { maker, .. } => maker.as_ref(),
        Who::Webhook { .. } | Who::Operator => None,
    };
    let is_drill_lead = standing.is_some_and(|standing| standing.role == Role::DrillLead);
    if is_drill_lead && !OF_DRILL_LEADS.contains(&register) {
        return Err(Denied::Role(Permission::RegistersWrite));
    }
    Ok(())
}

/// The teams a reader is held to.
fn teams_of(scope: &GrantedScope, register: Register) -> Result<Option<Vec<String>>, Refusal> {
    let teams = scope.teams();
    if teams.is_some() && register.column(TEAM).is_none() {
        let detail = format!("the rows of `{register}` do not say to whose team they belong");
        return Err(Refusal::new("not_allowed", detail).hint("ask somebody who reads the whole organisation"));
    }
    Ok(teams)
}

async fn newest(conn: &mut Conn<'_>, org: OrgId, register: Register) -> Result<Option<RegisterVersion>, StoreError> {
    Ok(registers::versions(conn, org, register, Timestamp::from_seconds(i64::MAX), 1).await?.pop())
}

/// Whoever changes what they have read does not undo what somebody else did since.
fn expect(register: Register, expected: Option<u32>, newest: Option<&RegisterVersion>) -> Result<(), Refusal> {
    let known = newest.map_or(0, |newest| newest.version);
    if expected.is_none_or(|expected| expected == known) {
        return Ok(());
    }
    let detail = format!("version {known} of `{register}` is the newest");
    Err(Refusal::new("precondition_failed", detail).hint("read it, and change what it says now").place("If-Match"))
}

/// What was noticed about a file beside its rows.
struct Noticed {
    ignored: u64,
    unknown_columns: Vec<String>,
}

/// A fault of a row, as the refusal of its upload tells it.
#[derive(Serialize)]
struct RowFault<'a> {
    row: u64,
    line: u64,
    column: Option<&'a str>,
    reason: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

fn read(body: &[u8], register: Register) -> Result<(Vec<RegisterRow>, Noticed), ServiceError> {
    let mut file = RegisterFile::open(body, register).map_err(|fault| refusal_of(&fault))?;
    let (mut rows, mut number, mut faulty, mut errors) = (Vec::new(), 0_u64, 0_u64, Vec::new());
    while let Some(record) = file.next_record().map_err(|fault| refusal_of(&fault))? {
        number = number.saturating_add(1);
        match tell(number, record, &mut errors) {
            Some(row) => rows.push(row),
            None => faulty = faulty.saturating_add(1),
        }
    }
    if faulty > 0 {
        let detail = format!("{faulty} of {number} rows of `{register}` cannot be taken; nothing was stored");
        let mut refusal = Refusal::new("register_refused", detail).hint("mend them and send the whole register again");
        refusal.errors = errors;
        return Err(refusal.into());
    }
    let unknown_columns = file.unknown_columns().map(str::to_owned).collect();
    Ok((rows, Noticed { ignored: file.ignored(), unknown_columns }))
}

/// The row of a record, or its faults told, as far as there is room for them.
fn tell(number: u64, record: RegisterRecord, errors: &mut Vec<serde_json::Value>) -> Option<RegisterRow> {
    let held = match record.row {
        Ok(row) => return Some(row),
        Err(held) => held,
    };
    let room = REFUSED_LINES_SHOWN.saturating_sub(errors.len());
    for fault in held.faults.iter().take(room) {
        let told = RowFault {
            row: number,
            line: record.place.line,
            column: fault.field.as_deref(),
            reason: fault.reason.as_str(),
            detail: &fault.detail,
            hint: fault.hint.as_deref(),
        };
        errors.extend(serde_json::to_value(told));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::role::Standing;
    use domain::id::PersonId;

    #[test]
    fn a_drill_lead_keeps_what_is_practised_and_nothing_else() {
        let org = OrgId::from_row(1);
        let person =
            |role| Caller::person(org, PersonId::from_row(1), Standing::active(role), Timestamp::from_seconds(0));
        for register in Register::ALL {
            assert_eq!(may_keep(&person(Role::Analyst), *register), Ok(()), "{register}");
            let allowed = may_keep(&person(Role::DrillLead), *register).is_ok();
            assert_eq!(allowed, OF_DRILL_LEADS.contains(register), "{register}");
        }
    }

    #[test]
    fn a_hundred_faults_are_told_and_all_are_counted() {
        let body: String =
            std::iter::once("id,hours\n".to_owned()).chain((0..150).map(|row| format!("d{row},x\n"))).collect();
        let Err(ServiceError::Refused(refusal)) = read(body.as_bytes(), Register::Duties) else {
            panic!("a bad row was taken")
        };
        assert_eq!((refusal.errors.len(), refusal.code), (100, "register_refused"));
        assert!(refusal.detail.starts_with("150 of 150 rows"), "{}", refusal.detail);
        assert_eq!(refusal.errors.last().and_then(|fault| fault["row"].as_u64()), Some(100));
    }
}
