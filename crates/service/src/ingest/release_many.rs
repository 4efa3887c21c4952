//! What becomes of many held lines at once? Each goes through the door of a single one, in small pieces: what cannot go
//! stays held and says why, and whoever asks is told beforehand what would happen.

use super::{release::Release, reread::Rereading};
use crate::{
    authorise::{Denied, Granted, Permission, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::id::{OrgId, QuarantineId};
use formats::mend::Mend;
use serde::{Deserialize, Serialize};
use store::{
    StoreError,
    audit::{self, Actor},
    held_acts::{self, ActCounts, ActState, NewAct},
    held_list::{self, HeldFilter},
    log_state,
    quarantine::{HeldLine, HeldState},
};

pub use store::held_acts::StoredAct;

/// Held lines of one decision: more are decided about in several.
pub const LINES_PER_ACT_MAX: usize = 10_000;
/// Lines after which a decision writes down how far it is.
const LINES_PER_PIECE: usize = 100;
/// Lines named beside each reason for which lines stay held.
const KEPT_NAMED: usize = 5;
/// A note or a word of the form in the record of a decision.
const ASKED_CHARS_MAX: usize = 500;

/// Which held lines are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// These.
    Lines(Vec<QuarantineId>),
    /// All that match, up to a number: what came after it was looked at is not decided about.
    Matching {
        /// What they match.
        filter: HeldFilter,
        /// The last one.
        up_to: Option<QuarantineId>,
    },
}

/// What is to become of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyAct {
    /// Released as they are.
    Release,
    /// Released as mended copies; a line in which there is nothing to mend stays held.
    Mend(Mend),
    /// Dismissed for this reason.
    Dismiss(String),
}

/// Why some lines stay held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The word for programs.
    pub code: String,
    /// What the first of them said.
    pub detail: String,
    /// How many.
    pub lines: u64,
    /// The first few of them.
    pub named: Vec<i64>,
}

/// Reasons for which lines stay held, most first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptLines(Vec<Kept>);

impl KeptLines {
    pub(crate) fn add(&mut self, line: QuarantineId, why: &Refusal) {
        let found = self.0.iter_mut().find(|kept| kept.code == why.code);
        match found {
            Some(kept) => {
                kept.lines += 1;
                if kept.named.len() < KEPT_NAMED {
                    kept.named.push(line.get());
                }
            }
            None => self.0.push(Kept {
                code: why.code.to_owned(),
                detail: why.detail.clone(),
                lines: 1,
                named: vec![line.get()],
            }),
        }
    }

    /// How many lines.
    pub(crate) fn lines(&self) -> u64 {
        self.0.iter().map(|kept| kept.lines).sum()
    }

    /// The reasons, most lines first.
    pub(crate) fn by_reason(mut self) -> Vec<Kept> {
        self.0.sort_by(|one, other| other.lines.cmp(&one.lines).then_with(|| one.code.cmp(&other.code)));
        self.0
    }

    fn to_json(&self) -> Result<String, StoreError> {
        serde_json::to_string(&self.clone().by_reason()).map_err(|_| StoreError::damaged("reasons cannot be written"))
    }
}

/// A decision that is written down and waits to be carried out.
pub struct Begun {
    /// Its number.
    pub id: i64,
    /// What is left to do; none where the same form began it before.
    pub work: Option<ManyWork>,
}

/// The lines of a decision on their way.
pub struct ManyWork {
    services: Services,
    granted: Granted<proof::QuarantineWork>,
    origin: Origin,
    id: i64,
    lines: Vec<QuarantineId>,
    act: ManyAct,
    counts: ActCounts,
    kept: KeptLines,
}

impl ManyAct {
    /// Whether it can be followed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with what to change.
    pub fn check(&self) -> Result<(), ServiceError> {
        match self {
            Self::Release => Ok(()),
            Self::Mend(mend) => {
                mend.check().map_err(|detail| Refusal::new("bad_parameter", detail).place("fix").into())
            }
            Self::Dismiss(note) if note.trim().is_empty() => {
                Err(Refusal::new("missing_field", "lines are dismissed with a reason").place("note").into())
            }
            Self::Dismiss(_) => Ok(()),
        }
    }

    /// What is asked, as a reader would say it.
    #[must_use]
    pub fn in_words(&self) -> String {
        use formats::mend::Where;
        let words = match self {
            Self::Release => "release as they are".to_owned(),
            Self::Mend(Mend::AsLow) => "release with the severity low".to_owned(),
            Self::Mend(Mend::Zone(zone)) => format!("release with times read in {zone}"),
            Self::Mend(Mend::Set { field, value, when: Where::Empty }) => {
                format!("release with {field} set to “{value}” where it is empty")
            }
            Self::Mend(Mend::Set { field, value, when: Where::Holds(word) }) => {
                format!("release with {field} set to “{value}” where it is “{word}”")
            }
            Self::Dismiss(note) => format!("dismiss: {}", note.trim()),
        };
        words.chars().take(ASKED_CHARS_MAX).collect()
    }

    /// How one line is released under this decision.
    pub(crate) fn release_of(&self, held: &HeldLine, rereading: &Rereading) -> Result<Release, Refusal> {
        match self {
            Self::Mend(mend) => rereading.mended(held, mend),
            Self::Release | Self::Dismiss(_) => Ok(Release::AsIs),
        }
    }
}

/// Who is held to teams decides about no lines he cannot see: a held line belongs to no team yet.
pub(crate) fn whole_organisation(granted: &Granted<proof::QuarantineWork>) -> Result<OrgId, ServiceError> {
    match granted.scope().teams() {
        None => Ok(granted.org()),
        Some(_) => Err(ServiceError::NotAllowed(Denied::Role(Permission::QuarantineWork))),
    }
}

impl Services {
    /// The numbers of the lines that are meant, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for none, or for more than [`LINES_PER_ACT_MAX`].
    pub(crate) async fn chosen_lines(&self, org: OrgId, chosen: &Chosen) -> Result<Vec<QuarantineId>, ServiceError> {
        let lines = match chosen {
            Chosen::Lines(lines) => {
                let mut lines = lines.clone();
                lines.sort_unstable();
                lines.dedup();
                lines
            }
            Chosen::Matching { filter, up_to } => {
                let mut tx = self.store().snapshot().await?;
                let limit = u32::try_from(LINES_PER_ACT_MAX + 1).unwrap_or(u32::MAX);
                let found = held_list::ids(&mut tx.conn(), org, filter, 0, limit).await?;
                found.into_iter().filter(|id| up_to.is_none_or(|last| *id <= last)).collect()
            }
        };
        if lines.is_empty() {
            return Err(Refusal::new("nothing_chosen", "no held line is chosen")
                .hint("tick lines, or choose all")
                .into());
        }
        if lines.len() > LINES_PER_ACT_MAX {
            let detail = format!("more than {LINES_PER_ACT_MAX} lines are chosen");
            return Err(Refusal::new("too_many_lines", detail).hint("narrow the filter, and go on after it").into());
        }
        Ok(lines)
    }

    /// Writes down a decision about many held lines. Whoever calls carries it out with [`ManyWork::run`].
    ///
    /// # Errors
    /// Not allowed, [`ServiceError::Refused`] with what to change, or what the database said.
    pub async fn begin_many(
        &self,
        granted: &Granted<proof::QuarantineWork>,
        origin: &Origin,
        idempotency: &str,
        chosen: &Chosen,
        act: ManyAct,
    ) -> Result<Begun, ServiceError> {
        let org = whole_organisation(granted)?;
        act.check()?;
        if idempotency.is_empty() {
            return Err(Refusal::new("missing_field", "the form has no word of its own").place("idempotency").into());
        }
        let lines = self.chosen_lines(org, chosen).await?;
        let (services, actor) = (self.clone(), granted.caller().actor());
        let (asked, count, key) = (act.in_words(), lines.len() as u64, idempotency.to_owned());
        let begin = origin.clone();
        let (id, is_new) =
            store::run(async move { services.write_begin(org, actor, &begin, &key, &asked, count).await }).await?;
        let work = is_new.then(|| ManyWork {
            services: self.clone(),
            granted: granted.clone(),
            origin: origin.clone(),
            id,
            lines,
            act,
            counts: ActCounts::default(),
            kept: KeptLines::default(),
        });
        Ok(Begun { id, work })
    }

    /// How far a decision is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or what the database said.
    pub async fn held_act(&self, granted: &Granted<proof::QuarantineWork>, id: i64) -> Result<StoredAct, ServiceError> {
        let mut reader = self.store().reader().await?;
        held_acts::by_id(&mut reader.conn(), granted.org(), id).await?.ok_or(ServiceError::NotFound)
    }

    async fn write_begin(
        &self,
        org: OrgId,
        actor: Actor,
        origin: &Origin,
        idempotency: &str,
        asked: &str,
        chosen: u64,
    ) -> Result<(i64, bool), ServiceError> {
        let mut tx = self.store().begin().await?;
        // The lock makes the next number nobody else's.
        log_state::lock(&mut tx.conn(), org).await?;
        let (at, by) = (self.now(), actor.to_string());
        let new = NewAct { idempotency, actor: &by, asked, at, chosen };
        let (stored, is_new) = held_acts::begin(&mut tx.conn(), org, new).await?;
        if is_new {
            let mut did = origin.did(at, actor, "quarantine.many", stored.id.to_string());
            did.detail = format!("{chosen} lines");
            audit::append(&mut tx.conn(), org, &did).await?;
        }
        tx.commit().await?;
        Ok((stored.id, is_new))
    }
}

impl ManyWork {
    /// Settles the lines, one after the other, and writes down how far it is.
    ///
    /// # Errors
    /// What kept the last line from being settled: the decision is marked as stopped, what it did not reach stays held.
    pub async fn run(mut self) -> Result<(), ServiceError> {
        let lines = std::mem::take(&mut self.lines);
        for piece in lines.chunks(LINES_PER_PIECE) {
            for line in piece {
                if let Err(error) = self.settle(*line).await {
                    self.write_down(ActState::Stopped).await?;
                    return Err(error);
                }
            }
            self.write_down(ActState::Running).await?;
        }
        self.write_down(ActState::Done).await
    }

    async fn settle(&mut self, line: QuarantineId) -> Result<(), ServiceError> {
        match self.try_settle(line).await {
            Ok(()) => Ok(()),
            Err(ServiceError::Refused(why)) => {
                self.kept.add(line, &why);
                Ok(())
            }
            Err(ServiceError::NotFound) => {
                self.kept.add(line, &Refusal::new("not_found", "there is no such line"));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn try_settle(&mut self, line: QuarantineId) -> Result<(), ServiceError> {
        if let ManyAct::Dismiss(note) = &self.act {
            self.services.dismiss_held(&self.granted, &self.origin, line, note).await?;
            self.counts.dismissed += 1;
            return Ok(());
        }
        let release = {
            let (mut tx, org) = (self.services.store().snapshot().await?, self.granted.org());
            let held = store::quarantine::by_id(&mut tx.conn(), org, line).await?.ok_or(ServiceError::NotFound)?;
            if held.state != HeldState::Held {
                return Err(already_settled().into());
            }
            let rereading = Rereading::of(&mut tx.conn(), org, &held).await?;
            self.act.release_of(&held, &rereading)?
        };
        let receipt = self.services.release_held(&self.granted, &self.origin, line, release).await?;
        self.counts.accepted += receipt.accepted;
        self.counts.duplicate += receipt.duplicate;
        Ok(())
    }

    /// How far it is; the end is an act of its own in the audit trail.
    async fn write_down(&mut self, state: ActState) -> Result<(), ServiceError> {
        self.counts.kept = self.kept.lines();
        self.counts.why_kept = self.kept.to_json()?;
        let (services, org, counts, id) = (self.services.clone(), self.granted.org(), self.counts.clone(), self.id);
        let (origin, actor) = (self.origin.clone(), self.granted.caller().actor());
        store::run(async move {
            let mut tx = services.store().begin().await?;
            let at = services.now();
            let moved = held_acts::advance(&mut tx.conn(), org, id, state, at, &counts).await?;
            if moved && state != ActState::Running {
                let action = if state == ActState::Done { "quarantine.many_done" } else { "quarantine.many_stopped" };
                let mut did = origin.did(at, actor, action, id.to_string());
                did.detail = in_words(&counts);
                audit::append(&mut tx.conn(), org, &did).await?;
            }
            tx.commit().await?;
            Ok::<_, ServiceError>(())
        })
        .await
    }
}

pub(crate) fn already_settled() -> Refusal {
    Refusal::new("already_settled", "somebody settled this line before")
}

fn in_words(counts: &ActCounts) -> String {
    let ActCounts { accepted, duplicate, dismissed, kept, .. } = counts;
    format!("accepted {accepted}, duplicate {duplicate}, dismissed {dismissed}, still held {kept}")
}
