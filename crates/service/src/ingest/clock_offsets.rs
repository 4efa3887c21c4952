//! What is subtracted from the times of a source whose clock is known to be wrong? A recorded decision, dated, with its reason:
//! it holds for what comes in later, and never touches what makes an event the same when it comes again.

use super::settings::checked_slug;
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::{id::OrgId, time::Timestamp};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    Conn, StoreError, audit, clock_decisions, clock_decisions::ClockDecision, imports, log_state, quarantine::HeldLine,
    sources,
};

/// A clock further off than a day is no clock that runs ahead.
pub const OFFSET_SECONDS_MAX: i64 = 86_400;
const WHY_CHARS_MAX: usize = 2_000;

/// What is subtracted, by source.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClockOffsets(BTreeMap<String, i64>);

impl ClockOffsets {
    /// Those in force at a moment.
    pub(crate) async fn at(conn: &mut Conn<'_>, org: OrgId, at: Timestamp) -> Result<Arc<Self>, StoreError> {
        let all = clock_decisions::in_force(conn, org, at).await?;
        Ok(Arc::new(Self(all.into_iter().filter(|(_, seconds)| *seconds != 0).collect())))
    }

    /// Those for a line that is held: what was in force when it came, or when the import of its file began. Of sources about
    /// which nothing had been decided by then, what is in force at present.
    pub(crate) async fn of_held(
        conn: &mut Conn<'_>,
        org: OrgId,
        held: &HeldLine,
        now: Timestamp,
    ) -> Result<Arc<Self>, StoreError> {
        let import = match held.import {
            Some(id) => imports::by_id(conn, org, id).await?,
            None => None,
        };
        let came_at = import.map_or(held.received_at, |import| import.started_at);
        let mut all: BTreeMap<String, i64> = clock_decisions::in_force(conn, org, now).await?.into_iter().collect();
        all.extend(clock_decisions::in_force(conn, org, came_at).await?);
        all.retain(|_, seconds| *seconds != 0);
        Ok(Arc::new(Self(all)))
    }

    /// What is subtracted from the times of a source.
    pub(crate) fn of(&self, source: &str) -> i64 {
        self.0.get(source).copied().unwrap_or_default()
    }
}

impl Services {
    /// What is subtracted from times of lines that come in now.
    pub(crate) async fn clock_offsets(&self, org: OrgId, at: Timestamp) -> Result<Arc<ClockOffsets>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(ClockOffsets::at(&mut reader.conn(), org, at).await?)
    }

    /// Every decision about the clock of a source, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] of a source nobody knows, or what the database said.
    pub async fn clock_decisions(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: &str,
    ) -> Result<Vec<ClockDecision>, ServiceError> {
        let mut reader = self.store().reader().await?;
        let org = granted.org();
        sources::by_slug(&mut reader.conn(), org, source).await?.ok_or(ServiceError::NotFound)?;
        Ok(clock_decisions::of_source(&mut reader.conn(), org, source).await?)
    }

    /// Decides that so many seconds are subtracted from the times of what a source tells from now on; 0 ends it. What came
    /// before stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] of a source nobody knows, [`ServiceError::Refused`] for more than a day, or without a reason.
    pub async fn decide_clock(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
        seconds: i64,
        why: &str,
    ) -> Result<ClockDecision, ServiceError> {
        checked_slug(source)?;
        checked(seconds, why)?;
        let (store, org, now) = (self.store().clone(), granted.org(), self.now());
        let (actor, source, origin, why) =
            (granted.caller().actor(), source.to_owned(), origin.clone(), why.trim().to_owned());
        store::run(async move {
            let mut tx = store.begin().await?;
            let state = log_state::lock(&mut tx.conn(), org).await?;
            let at = now.max(state.last_received_at);
            let id = sources::by_slug(&mut tx.conn(), org, &source).await?.ok_or(ServiceError::NotFound)?;
            let decision = ClockDecision { seconds, decided_at: at, decided_by: actor.to_string(), why };
            clock_decisions::decide(&mut tx.conn(), org, id, &decision).await?;
            let act = origin.did(at, actor, "sources.clock", source);
            let detail = format!("{seconds} s subtracted: {}", decision.why);
            audit::append(&mut tx.conn(), org, &audit::Act { detail, ..act }).await?;
            tx.commit().await?;
            Ok(decision)
        })
        .await
    }
}

fn checked(seconds: i64, why: &str) -> Result<(), Refusal> {
    if seconds.unsigned_abs() > OFFSET_SECONDS_MAX.unsigned_abs() {
        let detail = format!("{seconds} s is more than a day");
        return Err(Refusal::new("bad_parameter", detail).hint("set the clock of the source").place("seconds"));
    }
    if why.trim().is_empty() || why.chars().count() > WHY_CHARS_MAX {
        let detail = format!("a reason has 1 to {WHY_CHARS_MAX} characters");
        return Err(Refusal::new("bad_parameter", detail).place("why"));
    }
    Ok(())
}
