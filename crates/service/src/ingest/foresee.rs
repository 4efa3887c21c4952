//! What would become of many held lines? The same reading as when they are released, and a look into the log; nothing
//! is written.

use super::{
    clock_offsets::ClockOffsets,
    prepare::{Prepared, PreparedEvent, Terms},
    release::{Release, prepare_release},
    release_many::{Chosen, Kept, KeptLines, ManyAct, already_settled, whole_organisation},
    reread::Rereading,
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    services::Services,
};
use domain::{
    id::{OrgId, QuarantineId},
    quarantine::Reason,
    time::Timestamp,
};
use formats::canonical::is_told_again;
use std::{collections::BTreeMap, sync::Arc};
use store::{
    Conn,
    event_keys::{self, EventKey},
    quarantine::{self, HeldLine, HeldState},
    sources,
};

/// Lines shown as examples of what would happen.
const EXAMPLES_MAX: usize = 5;
/// Lines read under one snapshot: none is kept open for long.
const LINES_PER_READ: usize = 200;

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// How many lines are meant.
    pub chosen: u64,
    /// The last of them: what comes later is not decided about.
    pub up_to: QuarantineId,
    /// Would go into the log.
    pub accepted: u64,
    /// Are there already.
    pub duplicate: u64,
    /// Would stay out, with a reason.
    pub dismissed: u64,
    /// Would stay held, by reason.
    pub kept: Vec<Kept>,
    /// The first few, each with what would become of it.
    pub examples: Vec<Example>,
}

/// One line, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its number.
    pub line: QuarantineId,
    /// As it came.
    pub before: Vec<u8>,
    /// As it would go into the log; none where it would not, or not otherwise than it came.
    pub after: Option<Vec<u8>>,
    /// What would become of it.
    pub fate: Fate,
}

/// What would become of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It would go into the log.
    Accepted,
    /// It is there already.
    Duplicate,
    /// It would stay out, with a reason.
    Dismissed,
    /// It would stay held.
    Kept(String),
}

/// Events that would be in the log by then: their content by source and key.
type Entered = BTreeMap<(String, EventKey), Arc<str>>;

#[derive(Default)]
struct Foresight {
    entered: Entered,
    accepted: u64,
    duplicate: u64,
    dismissed: u64,
    kept: KeptLines,
    examples: Vec<Example>,
}

impl Services {
    /// What would happen to many held lines.
    ///
    /// # Errors
    /// Not allowed, [`ServiceError::Refused`] with what to change, or what the database said.
    pub async fn foresee_many(
        &self,
        granted: &Granted<proof::QuarantineWork>,
        chosen: &Chosen,
        act: &ManyAct,
    ) -> Result<Foreseen, ServiceError> {
        let org = whole_organisation(granted)?;
        act.check()?;
        let lines = self.chosen_lines(org, chosen).await?;
        let mut foresight = Foresight::default();
        for piece in lines.chunks(LINES_PER_READ) {
            let mut tx = self.store().snapshot().await?;
            for line in piece {
                foresight.look(&mut tx.conn(), org, *line, act, self.now()).await?;
            }
        }
        Ok(Foreseen {
            chosen: lines.len() as u64,
            up_to: lines.last().copied().unwrap_or(QuarantineId::from_row(0)),
            accepted: foresight.accepted,
            duplicate: foresight.duplicate,
            dismissed: foresight.dismissed,
            kept: foresight.kept.by_reason(),
            examples: foresight.examples,
        })
    }
}

impl Foresight {
    async fn look(
        &mut self,
        conn: &mut Conn<'_>,
        org: OrgId,
        line: QuarantineId,
        act: &ManyAct,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let held = quarantine::by_id(conn, org, line).await?;
        let Some(held) = held.filter(|held| held.state == HeldState::Held) else {
            self.kept.add(line, &already_settled());
            return Ok(());
        };
        let (fate, after) = match self.fate(conn, org, &held, act, now).await {
            Ok(found) => found,
            Err(ServiceError::Refused(why)) => {
                self.kept.add(line, &why);
                (Fate::Kept(why.detail), None)
            }
            Err(error) => return Err(error),
        };
        match fate {
            Fate::Accepted => self.accepted += 1,
            Fate::Duplicate => self.duplicate += 1,
            Fate::Dismissed => self.dismissed += 1,
            Fate::Kept(_) => {}
        }
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(Example { line, before: held.raw, after, fate });
        }
        Ok(())
    }

    async fn fate(
        &mut self,
        conn: &mut Conn<'_>,
        org: OrgId,
        held: &HeldLine,
        act: &ManyAct,
        now: Timestamp,
    ) -> Result<(Fate, Option<Vec<u8>>), ServiceError> {
        if matches!(act, ManyAct::Dismiss(_)) {
            return Ok((Fate::Dismissed, None));
        }
        let rereading = Rereading::of(conn, org, held).await?;
        let release = act.release_of(held, &rereading)?;
        let clocks = ClockOffsets::of_held(conn, org, held, now).await?;
        let terms = Terms { clocks, ..Terms::stamped(held.source.clone(), now) };
        let prepared = prepare_release(held, &rereading, &release, &terms)?;
        let after = if let Release::Edited(copy) = release { Some(copy) } else { None };
        let (mut fate, mut conflicts) = (Fate::Duplicate, false);
        for (source, event) in events_of(&prepared) {
            match self.known(conn, org, source, event).await? {
                None => {
                    self.entered.insert((source.to_owned(), event.key), event.body.clone());
                    fate = Fate::Accepted;
                }
                Some(body) => conflicts |= !is_told_again(&body, &event.body),
            }
        }
        if conflicts && fate == Fate::Duplicate {
            let conflict = Refusal::new(Reason::EventConflict.as_str(), "another event with this id counts");
            return Err(conflict.into());
        }
        Ok((fate, after))
    }

    /// What counts under the key of an event already.
    async fn known(
        &self,
        conn: &mut Conn<'_>,
        org: OrgId,
        source: &str,
        event: &PreparedEvent,
    ) -> Result<Option<Arc<str>>, ServiceError> {
        if let Some(body) = self.entered.get(&(source.to_owned(), event.key)) {
            return Ok(Some(body.clone()));
        }
        let Some(source) = sources::by_slug(conn, org, source).await? else { return Ok(None) };
        let standing = event_keys::standing(conn, org, source, &[event.key]).await?;
        Ok(standing.into_iter().next().map(|known| known.body.into()))
    }
}

fn events_of(prepared: &Prepared) -> impl Iterator<Item = (&str, &PreparedEvent)> {
    prepared.parts.iter().flat_map(|part| part.events.iter().map(|event| (part.source.as_str(), event)))
}
