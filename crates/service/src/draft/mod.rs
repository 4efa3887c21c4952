//! What waits between the upload of an unknown file and its import? A draft: the file, and what was said about it so far.
//!
//! A draft lies in the data directory, one file and what was said and heard of it beside it, and is forgotten after a day. Only people of its
//! organisation who may import see it. Nothing of it is in the log before it is imported.

mod answers;
mod ask;
mod begin;
mod carried;
mod clocks;
mod dated;
mod heard;
mod look;
mod more;
mod publish;
mod receive;
mod shelf;
mod table;
mod told;
mod words;

pub use answers::Answers;
pub use ask::Ask;
pub use dated::Dated;
pub use look::{FormatOffered, Look, choices_of_page};
pub use more::{Fixed, RowFilter, RowTest};
pub use receive::{Brought, Reception};
pub use shelf::Draft;
pub use table::{Column, Table};
pub use told::plan_in_words;
pub use words::{WordMet, Words};

/// What a saved mapping says beyond answers about columns and words.
pub use formats::foreign::mapping::Beyond;
/// What would come of the first records of a draft.
pub use formats::foreign::preview::Preview as Seen;

use crate::{
    authorise::{Granted, proof},
    error::ServiceError,
    ingest::ReceivedAt,
    question::ask::off_thread,
    services::Services,
};
use shelf::Shelf;

/// So long a draft waits.
pub const DRAFT_SECONDS: i64 = 24 * 3_600;

/// A draft that waits, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftWaiting {
    /// The word it is found by.
    pub id: String,
    /// The draft.
    pub draft: Draft,
}

impl Services {
    /// The files of the organisation that wait for a mapping, oldest first.
    ///
    /// # Errors
    /// What the disk said.
    pub async fn drafts(&self, granted: &Granted<proof::ImportsWrite>) -> Result<Vec<DraftWaiting>, ServiceError> {
        let (shelf, org, now) = (Shelf::of(self.data_dir()), granted.org(), self.now());
        let listed = off_thread(move || shelf.list(org, now)).await??;
        Ok(listed.into_iter().map(|(id, draft)| DraftWaiting { id, draft }).collect())
    }

    /// What a draft looks like, and what would come of it as things were said so far.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a draft that is gone or belongs to others.
    pub async fn draft(&self, granted: &Granted<proof::ImportsWrite>, id: &str) -> Result<Look, ServiceError> {
        let (looker, id) = (self.looker(granted), id.to_owned());
        off_thread(move || looker.look(&id)).await?
    }

    /// Keeps what was said about a draft; words nobody said anything of get their usual meaning.
    ///
    /// # Errors
    /// As [`Services::draft`].
    pub async fn answer_draft(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: &str,
        said: Answers,
    ) -> Result<(), ServiceError> {
        let (looker, id) = (self.looker(granted), id.to_owned());
        off_thread(move || looker.answer(&id, said)).await?
    }

    /// Keeps since when the lines of a draft count as known.
    ///
    /// # Errors
    /// As [`Services::draft`]; [`ServiceError::NotAllowed`] for carried times from somebody who may not write sources.
    pub async fn draft_received_at(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: &str,
        received_at: ReceivedAt,
    ) -> Result<(), ServiceError> {
        received_at.checked(granted)?;
        let (shelf, org, now, id) = (Shelf::of(self.data_dir()), granted.org(), self.now(), id.to_owned());
        let say = move || {
            let draft = shelf.find(&id, org, now)?;
            shelf.save(&id, &Draft { received_at, ..draft })
        };
        off_thread(say).await?
    }

    /// What was said about a draft so far.
    ///
    /// # Errors
    /// As [`Services::draft`].
    pub async fn draft_answers(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: &str,
    ) -> Result<Answers, ServiceError> {
        let (shelf, org, now, id) = (Shelf::of(self.data_dir()), granted.org(), self.now(), id.to_owned());
        Ok(off_thread(move || shelf.find(&id, org, now)).await??.answers)
    }

    /// Forgets a draft and its file.
    ///
    /// # Errors
    /// As [`Services::draft`].
    pub async fn discard_draft(&self, granted: &Granted<proof::ImportsWrite>, id: &str) -> Result<(), ServiceError> {
        let (shelf, org, now, id) = (Shelf::of(self.data_dir()), granted.org(), self.now(), id.to_owned());
        off_thread(move || shelf.find(&id, org, now).and_then(|_| shelf.forget(&id))).await?
    }
}
