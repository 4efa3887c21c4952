//! What does a person decide about a snapshot in which too much is gone at once? That it is so, that the file is only a part
//! of the list, or that it is not so. Each is an act in the audit trail; nobody decides by waiting.

use super::{
    give_up::give_up_held,
    import::{ImportSummary, OnProgress, opened, stored_import},
    notes::Notes,
    plan::SourcePlan,
    resume::{entered, go_on_with},
    waiting::{self, Waiting},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::HELD_IMPORT_SECONDS,
    services::Services,
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use store::{
    Conn, Store, StoreError,
    audit::{self, Act, Actor},
    import_steps,
    imports::{self, ImportState, StoredImport},
};

/// The code of the refusal that a file meets first.
pub(crate) const CODE: &str = "mass_absence";
/// The code of the refusal where too many wait already.
pub(super) const FULL: &str = "held_imports_full";

/// More than a fifth of what was open is gone at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MassAbsence {
    /// Open items that are gone.
    pub gone: u64,
    /// Items that were open before and lie within what the file covers.
    pub open: u64,
    /// Some that are gone.
    pub examples: Vec<String>,
    /// When the snapshot was taken that it was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
    /// The import of that snapshot: what is decided is decided beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<i64>,
    /// What a person decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// How it ended, where the import does not go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_up: Option<GivenUp>,
}

/// What a person decides, where the import then goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// So much is gone.
    Gone,
    /// The file is not the whole list: what it lacks says nothing.
    Part,
}

/// Why an import that waited for a person does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenUp {
    /// A person said that it is not so.
    NotSo,
    /// Nobody decided while its file was kept.
    Lapsed,
}

impl MassAbsence {
    /// The same for people, without a full stop.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} of {} open items are gone at once", self.gone, self.open)
    }

    /// What somebody wanted to know who decides about an import.
    pub(super) fn of(import: &StoredImport) -> Result<Self, StoreError> {
        Ok(Notes::stored(&import.notes)?.mass_absence.map(|absence| *absence).unwrap_or_default())
    }

    /// Whether a person decided that so much is gone; it holds only beside the snapshot that was decided about.
    pub(super) fn is_taken(&self) -> bool {
        self.judged == Some(Judged::Gone)
    }
}

/// Until when the file of an import waits that is held for a person.
#[must_use]
pub fn held_until(import: &StoredImport) -> Timestamp {
    let since = import.finished_at.unwrap_or(import.started_at);
    Timestamp::from_seconds(since.seconds().saturating_add(HELD_IMPORT_SECONDS))
}

/// What somebody hears whose file waits for a person.
pub(super) fn waits(id: ImportId, absence: &MassAbsence) -> Refusal {
    let number = id.get();
    let detail = format!("{}; import {number} waits for a person, and nothing of it counts", absence.words());
    let hint = format!(
        "say whether it is so: on the page of imports, by `wallclock imports accept|partial|cancel {number}`, \
         or by `POST /api/v1/imports/{number}/accept`, `/partial` or `/cancel`"
    );
    Refusal::new(CODE, detail).hint(hint).waiting(id)
}

/// The plan of a file about which at once is said what a person is asked.
pub(super) fn judged(plan: &str, judged: Judged) -> Result<String, ServiceError> {
    let mut plan = SourcePlan::from_json(plan)?;
    let settings = &mut plan.settings;
    let snapshot = settings.snapshot.get_or_insert_default();
    match judged {
        Judged::Gone => snapshot.accept_mass_absence = true,
        Judged::Part => (snapshot.complete, settings.complete) = (false, false),
    }
    Ok(serde_json::to_string(&plan).map_err(|_| StoreError::damaged("a plan cannot be written"))?)
}

/// Who decided what, and where the request came from.
pub(super) struct Deciding<'a> {
    pub(super) org: OrgId,
    pub(super) actor: Actor,
    pub(super) origin: &'a Origin,
    pub(super) now: Timestamp,
}

impl Deciding<'_> {
    /// Writes down what was decided: the import then goes on as one that rests.
    pub(super) async fn judge(
        &self,
        conn: &mut Conn<'_>,
        held: &StoredImport,
        how: Judged,
    ) -> Result<(), ServiceError> {
        let plan = match how {
            // It holds beside one other snapshot alone: it stands with that one, and not in the plan.
            Judged::Gone => held.plan.clone(),
            Judged::Part => judged(&held.plan, how)?,
        };
        let mut notes = Notes::stored(&held.notes)?;
        let absence = notes.mass_absence.get_or_insert_default();
        absence.judged = Some(how);
        let words = absence.words();
        let notes = notes.to_stored()?;
        if !import_steps::judge(conn, self.org, held.id, &plan, &notes).await? {
            return Err(wrong_state(held.id, ImportState::Paused).into());
        }
        let act = self.origin.did(self.now, self.actor, action(how), held.id.get().to_string());
        Ok(audit::append(conn, self.org, &Act { detail: words, ..act }).await?)
    }
}

/// Notes why an import that waits does not go on.
pub(super) async fn note_given_up(
    conn: &mut Conn<'_>,
    org: OrgId,
    held: &StoredImport,
    how: GivenUp,
) -> Result<(), StoreError> {
    let mut notes = Notes::stored(&held.notes)?;
    notes.mass_absence.get_or_insert_default().given_up = Some(how);
    let notes = notes.to_stored()?;
    import_steps::note(conn, org, held.id, &notes).await
}

const fn action(judged: Judged) -> &'static str {
    match judged {
        Judged::Gone => "imports.judge_gone",
        Judged::Part => "imports.judge_part",
    }
}

fn wrong_state(id: ImportId, state: ImportState) -> Refusal {
    Refusal::new("import_state", format!("import {} is {}, expected held", id.get(), state.as_str()))
}

impl Services {
    /// The imports that wait for a person, those that wait longest first.
    ///
    /// # Errors
    /// Any [`ServiceError`].
    pub async fn imports_held(
        &self,
        granted: &Granted<proof::ImportsWrite>,
    ) -> Result<Vec<StoredImport>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(imports::held(&mut reader.conn(), granted.org()).await?)
    }

    /// Goes on with an import that waits for a person, as the person says: so much is gone, or the file is not the whole list.
    /// Where another snapshot of the source was published meanwhile, the file is held against that one first, and waits again
    /// if too much is gone beside it as well: who decided did so beside other numbers.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] where it does not wait, waits again, or its file is gone; else as
    /// [`Services::import`].
    pub async fn judge_import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        origin: Origin,
        id: ImportId,
        how: Judged,
        progress: OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        let (services, org, actor) = (self.clone(), granted.org(), granted.caller().actor());
        store::run(async move {
            services.store().refuse_without_room()?;
            let now = services.now();
            lapse(services.store(), org, now, services.data_dir()).await?;
            let held = stored_import(&services, org, id).await?;
            if held.state != ImportState::Held {
                return Err(wrong_state(id, held.state).into());
            }
            // Before anything is written: without its file, or while that is imported in another way, nothing is decided.
            let waiting = Waiting::again(&held.spool, &held.name)?;
            let (file, print) = opened(&services, &waiting).await?;
            let _entered = entered(&services, org, &held, &print)?;
            let mut tx = services.store().begin().await?;
            let deciding = Deciding { org, actor, origin: &origin, now };
            deciding.judge(&mut tx.conn(), &held, how).await?;
            tx.commit().await?;
            let stored = stored_import(&services, org, id).await?;
            go_on_with(&services, (org, actor), &stored, (waiting, file, print), origin, &progress).await
        })
        .await
    }
}

/// Gives up the imports that waited for a person longer than their files are kept.
pub(crate) async fn lapse(store: &Store, org: OrgId, now: Timestamp, data_dir: &Path) -> Result<(), StoreError> {
    let is_over = |import: &StoredImport| now >= held_until(import);
    let waiting = imports::held(&mut store.reader().await?.conn(), org).await?;
    if !waiting.iter().any(is_over) {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    let mut given_up = Vec::new();
    for import in imports::held(&mut tx.conn(), org).await?.into_iter().filter(is_over) {
        note_given_up(&mut tx.conn(), org, &import, GivenUp::Lapsed).await?;
        if !give_up_held(&mut tx.conn(), org, import.id, now).await? {
            continue;
        }
        let act = Origin::default().did(now, Actor::Nobody, "imports.lapse", import.id.get().to_string());
        let detail = format!("nobody decided: {}", MassAbsence::of(&import)?.words());
        audit::append(&mut tx.conn(), org, &Act { detail, ..act }).await?;
        given_up.push(import);
    }
    tx.commit().await?;
    for import in &given_up {
        waiting::forget(&import.spool, data_dir);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_lies_over_the_plan() {
        let plan = r#"{"format":"tenable-json","settings":{"complete":true}}"#;
        let gone = SourcePlan::from_json(&judged(plan, Judged::Gone).unwrap()).unwrap().settings;
        assert!(gone.complete && gone.snapshot.unwrap().accept_mass_absence);
        let part = SourcePlan::from_json(&judged(plan, Judged::Part).unwrap()).unwrap().settings;
        let snapshot = part.snapshot.unwrap();
        assert!(!part.complete && !snapshot.complete && !snapshot.accept_mass_absence);
    }
}
