//! How does somebody stop, give up or take back an import? Each is an act in the audit trail.

use super::{
    absence::{GivenUp, MassAbsence, note_given_up},
    give_up::give_up,
    group::{Failure, finish},
    import::stored_import,
    refold::refold,
    touched::Touched,
    waiting,
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};
use store::{
    Conn, StoreError,
    audit::{self, Act, Actor},
    batches::{self, BatchKind, NewBatch},
    chain, held_of_import, import_parts,
    import_steps::{self, Wanted},
    imports::{self, ImportState, StoredImport},
    log_state::{self, LogState},
    quarantine::HeldState,
    sources,
};

/// What taking an import back has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Items that were folded again.
    pub items: u64,
    /// The revision of the facts that shows it.
    pub revision: i64,
    /// Later lines of the same sources that were taken for duplicates: those files are to be imported again, since some of
    /// their lines may have been duplicates of what was taken back.
    pub later_duplicates: u64,
}

impl Services {
    /// The latest imports, newest first; of one source where it is named.
    ///
    /// # Errors
    /// Any [`ServiceError`].
    pub async fn imports_of(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: Option<&str>,
        limit: u32,
    ) -> Result<Vec<StoredImport>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(imports::recent(&mut reader.conn(), granted.org(), source, limit).await?)
    }

    /// One import.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn import_of(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: ImportId,
    ) -> Result<StoredImport, ServiceError> {
        stored_import(self, granted.org(), id).await
    }

    /// Has a running import rest after the piece it is at.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] where it does not run.
    pub async fn pause_import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        origin: &Origin,
        id: ImportId,
    ) -> Result<(), ServiceError> {
        let act = Acting::of(self, granted.org(), granted.caller().actor(), origin, id);
        store::run(async move { act.pause().await }).await
    }

    /// Gives an import up that cannot be seen yet: nothing of it ever will be. What it had staged stays in the log, since
    /// nothing is taken out of it, and never counts.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] where it has ended.
    pub async fn cancel_import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        origin: &Origin,
        id: ImportId,
    ) -> Result<(), ServiceError> {
        let act = Acting::of(self, granted.org(), granted.caller().actor(), origin, id);
        store::run(async move { act.cancel().await }).await
    }

    /// Takes a published import back: its events stay in the log and count no more from now on. Earlier views, known at a
    /// moment before, do not change.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] where it cannot be seen.
    pub async fn withdraw_import(
        &self,
        granted: &Granted<proof::ImportsWithdraw>,
        origin: &Origin,
        id: ImportId,
    ) -> Result<Withdrawn, ServiceError> {
        let act = Acting::of(self, granted.org(), granted.caller().actor(), origin, id);
        store::run(async move { act.withdraw().await }).await
    }
}

struct Acting {
    services: Services,
    org: OrgId,
    actor: Actor,
    origin: Origin,
    id: ImportId,
}

impl Acting {
    fn of(services: &Services, org: OrgId, actor: Actor, origin: &Origin, id: ImportId) -> Self {
        Self { services: services.clone(), org, actor, origin: origin.clone(), id }
    }

    fn act(&self, at: Timestamp, action: &'static str) -> Act {
        self.origin.did(at, self.actor, action, self.id.get().to_string())
    }

    fn wrong_state(&self, state: ImportState, expected: &str) -> ServiceError {
        let detail = format!("import {} is {}, expected {expected}", self.id.get(), state.as_str());
        Refusal::new("import_state", detail).into()
    }

    async fn pause(&self) -> Result<(), ServiceError> {
        let stored = stored_import(&self.services, self.org, self.id).await?;
        let mut tx = self.services.store().begin().await?;
        if !import_steps::want(&mut tx.conn(), self.org, self.id, Wanted::Pause).await? {
            return Err(self.wrong_state(stored.state, "running"));
        }
        let act = self.act(self.services.now(), "imports.pause");
        audit::append(&mut tx.conn(), self.org, &act).await?;
        Ok(tx.commit().await?)
    }

    async fn cancel(&self) -> Result<(), ServiceError> {
        let stored = stored_import(&self.services, self.org, self.id).await?;
        let now = self.services.now();
        let mut tx = self.services.store().begin().await?;
        let is_running = import_steps::want(&mut tx.conn(), self.org, self.id, Wanted::Cancel).await?;
        if !is_running && stored.state == ImportState::Held {
            note_given_up(&mut tx.conn(), self.org, &stored, GivenUp::NotSo).await?;
        }
        if !is_running && !give_up(&mut tx.conn(), self.org, self.id, now).await? {
            return Err(self.wrong_state(stored.state, "one that cannot be seen yet"));
        }
        let act = if stored.state == ImportState::Held {
            // Whoever gives it up has decided that it is not so.
            Act { detail: MassAbsence::of(&stored)?.words(), ..self.act(now, "imports.judge_not_so") }
        } else {
            self.act(now, "imports.cancel")
        };
        audit::append(&mut tx.conn(), self.org, &act).await?;
        tx.commit().await?;
        if !is_running {
            waiting::forget(&stored.spool, self.services.data_dir());
        }
        Ok(())
    }

    async fn withdraw(&self) -> Result<Withdrawn, ServiceError> {
        let stored = stored_import(&self.services, self.org, self.id).await?;
        let mut tx = self.services.store().begin().await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let now = self.services.now().max(state.last_received_at);
        let merges_before = state.merges;
        if !import_steps::withdraw(&mut tx.conn(), self.org, self.id, now, &self.actor.to_string()).await? {
            return Err(self.wrong_state(stored.state, "published"));
        }
        let runs = import_parts::runs(&mut tx.conn(), self.org, self.id).await?;
        let mut touched = Touched::default();
        import_parts::items(&mut tx.conn(), &runs, |item| touched.insert(item)).await?;
        import_parts::withdraw(&mut tx.conn(), &runs, now).await?;
        state.merges -= import_parts::merges(&mut tx.conn(), self.org, self.id).await?;
        let freed = held_of_import::withdraw(&mut tx.conn(), self.org, self.id, HeldState::Held, now).await?;
        state.held_lines -= freed.lines;
        state.held_bytes -= freed.bytes;
        self.chain(&mut tx.conn(), &mut state, &stored.source, now).await?;
        let later_duplicates = imports::later_duplicates(&mut tx.conn(), self.org, self.id).await?;
        let fold_item = self.services.fold_item();
        let folded = refold(&mut tx.conn(), self.org, &mut state, &touched, merges_before, fold_item, None).await;
        state.last_received_at = now;
        let act = Act { detail: stored.counts.in_words(), ..self.act(now, "imports.withdraw") };
        audit::append(&mut tx.conn(), self.org, &act).await?;
        let revision = state.revision.get();
        finish(tx, self.org, &state, folded).await.map_err(unfolded)?;
        Ok(Withdrawn { items: touched.len(), revision, later_duplicates })
    }

    /// That an import was taken back is a link of the chain of its own.
    async fn chain(
        &self,
        conn: &mut Conn<'_>,
        state: &mut LogState,
        source: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let source = sources::register(conn, self.org, source, now).await?;
        let batch = NewBatch {
            root: chain::withdrawal(self.id),
            ..NewBatch::without_events(state, source, self.id, BatchKind::Withdraw, now)
        };
        batches::write(conn, self.org, state, &batch).await
    }
}

fn unfolded(failure: Failure) -> ServiceError {
    match failure {
        Failure::Store(error) => error.into(),
        Failure::Panicked(_) => {
            let refusal = Refusal::new("internal_fold", "an item of this import cannot be folded without it");
            refusal.hint("report this; the import still counts").into()
        }
    }
}
