//! How does an import stop where a person has to decide? Its file is kept, what there is to decide stands beside it, and the
//! same file brought again meets it.

use super::{
    absence::{self, Deciding, Judged, MassAbsence, waits},
    give_up::give_up,
    import::Job,
    notes::Notes,
    plan::Reading,
    staging::{Halt, halted},
};
use crate::{
    error::{Refusal, ServiceError},
    limits::HELD_IMPORTS_MAX,
};
use domain::id::{ImportId, SourceId};
use formats::foreign::Rule;
use store::{
    Conn,
    import_steps::{self, Wanted},
    imports::{self, StoredImport},
};

/// What was written of an import that is to wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Waits,
    TooMany,
    Cancelled,
}

/// Whether an import that rests is read in this way: as it began, or as a person decided about it since.
pub(super) fn is_read_so(before: &StoredImport, plan: &str, terms: &str) -> Result<bool, ServiceError> {
    if before.terms != terms || before.plan == plan {
        return Ok(before.terms == terms);
    }
    Ok(MassAbsence::of(before)?.is_taken() && absence::judged(&before.plan, Judged::Gone)? == plan)
}

impl Job<'_> {
    /// What a person has to decide before this goes on, where it stopped for that.
    pub(super) fn asked(&self, halt: &Halt) -> Option<MassAbsence> {
        match (&self.reading, halt) {
            (Reading::Snapshot(_, _, watch), Halt::Failed(ServiceError::Refused(refusal)))
                if refusal.code == absence::CODE =>
            {
                watch.asked()
            }
            _ => None,
        }
    }

    /// Has it wait for a person with its file; gives what its sender hears.
    pub(super) async fn hold(&self, id: ImportId, asked: MassAbsence) -> ServiceError {
        let data_dir = self.services.data_dir();
        let place = match self.waiting.kept(data_dir).await {
            Ok(place) => place,
            // Nobody could decide without it: it rests as one that failed, and its sender, who has it, hears why.
            Err(error) if self.waiting.place().is_empty() => return self.stop(id, Halt::Failed(error)).await,
            Err(error) => {
                tracing::warn!(%error, import = id.get(), "a file that waits for a person is read where it lies");
                self.waiting.place().to_owned()
            }
        };
        match self.write_hold(id, &asked, &place).await {
            Ok(Written::Waits) => waits(id, &asked).into(),
            Ok(Written::Cancelled) => {
                super::waiting::forget(&place, data_dir);
                halted(Halt::Cancelled, id)
            }
            Ok(Written::TooMany) => {
                super::waiting::forget(&place, data_dir);
                let detail = format!("{}, and {HELD_IMPORTS_MAX} files wait for a person already", asked.words());
                Refusal::new(absence::FULL, detail).hint("decide about one of them, then import this file again").into()
            }
            Err(error) => {
                tracing::warn!(%error, import = id.get(), "that an import waits could not be written; it is found as interrupted");
                error
            }
        }
    }

    /// Says in the database that it waits. Where too many do, or somebody gave it up a moment ago, it is given up.
    async fn write_hold(&self, id: ImportId, asked: &MassAbsence, place: &str) -> Result<Written, ServiceError> {
        let (org, now) = (self.org, self.services.now());
        absence::lapse(self.services.store(), org, now, self.services.data_dir()).await?;
        let mut tx = self.services.store().begin().await?;
        let fits = imports::held(&mut tx.conn(), org).await?.len() < HELD_IMPORTS_MAX;
        let mut written = if fits { Written::Waits } else { Written::TooMany };
        if fits {
            let stored = imports::by_id(&mut tx.conn(), org, id).await?.ok_or(ServiceError::NotFound)?;
            let mut notes = Notes::stored(&stored.notes)?;
            notes.meet_all(Some((Rule::MassAbsence, asked.words())));
            notes.mass_absence = Some(Box::new(asked.clone()));
            // Nothing of a difference is staged: it may be held beside another snapshot once somebody has decided.
            notes.held_beside = None;
            let notes = notes.to_stored()?;
            if !import_steps::hold(&mut tx.conn(), org, id, now, &notes, place).await? {
                if import_steps::wanted(&mut tx.conn(), org, id).await? != Wanted::Cancel {
                    return Err(Refusal::new("import_state", format!("import {} runs no more", id.get())).into());
                }
                written = Written::Cancelled;
            }
        }
        if written != Written::Waits {
            give_up(&mut tx.conn(), org, id, now).await?;
        }
        tx.commit().await?;
        Ok(written)
    }

    /// The very same file waits for a person: read in the same way it is told so again, and whoever says of it at once what
    /// was asked has decided. Read in another way it is another import.
    pub(super) async fn meets_held(
        &self,
        conn: &mut Conn<'_>,
        source: SourceId,
        (plan, terms): (&str, &str),
    ) -> Result<Option<StoredImport>, ServiceError> {
        let held = imports::held_of_file(conn, self.org, source, &self.print.digest).await?;
        let Some(held) = held.filter(|held| held.terms == terms) else { return Ok(None) };
        if held.plan == plan {
            return Err(waits(held.id, &MassAbsence::of(&held)?).into());
        }
        for how in [Judged::Gone, Judged::Part] {
            if absence::judged(&held.plan, how)? == plan {
                let (actor, origin, now) = (self.actor, &self.options.origin, self.services.now());
                let deciding = Deciding { org: self.org, actor, origin, now };
                deciding.judge(conn, &held, how).await?;
                return Ok(imports::by_id(conn, self.org, held.id).await?);
            }
        }
        Ok(None)
    }
}
