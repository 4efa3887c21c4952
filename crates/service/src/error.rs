//! What can go wrong when the product is asked something, in words that know nothing of HTTP.

use crate::authorise::Denied;
use domain::id::ImportId;
use store::StoreError;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing, or none this caller may know of.
    #[error("not found")]
    NotFound,
    /// The caller may not do this.
    #[error("not allowed: {0}")]
    NotAllowed(Denied),
    /// The person can mend this.
    #[error("{0}")]
    Refused(Refusal),
    /// Too much at once: try again later.
    #[error("busy, try again in {retry_after_seconds} s")]
    Busy {
        /// When it is worth trying again.
        retry_after_seconds: u32,
    },
    /// The question took longer than one may; nothing of it goes on.
    #[error("the question took too long")]
    TookTooLong,
    /// Whether it was written is not known here: sending the same bytes again tells.
    #[error("the outcome is unknown, send the same bytes again")]
    OutcomeUnknown,
    /// The disk is full; reading goes on.
    #[error("the disk is full")]
    StorageFull,
    /// The database is away or has failed.
    #[error("the database cannot be used: {0}")]
    StorageUnavailable(#[source] StoreError),
    /// A fault of ours. Logged once, told to nobody.
    #[error("internal: {0}")]
    Broken(#[source] StoreError),
}

/// What the person can mend: a stable code, one sentence, where it is, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable word for programs.
    pub code: &'static str,
    /// What is wrong, with the value in backticks.
    pub detail: String,
    /// What to do next.
    pub hint: Option<Box<str>>,
    /// The field or place it concerns.
    pub place: Option<String>,
    /// The import that waits for a person who says what this means.
    pub import: Option<ImportId>,
    /// Each thing that is wrong, where there are several.
    pub errors: Vec<serde_json::Value>,
}

impl Refusal {
    /// A refusal with its code and its sentence.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), hint: None, place: None, import: None, errors: Vec::new() }
    }

    /// The same with a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }

    /// The same with the import that waits for a person.
    #[must_use]
    pub fn waiting(mut self, import: ImportId) -> Self {
        self.import = Some(import);
        self
    }

    /// The same with its place.
    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.detail)
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Foreign => Self::NotFound,
            Denied::Role(_) | Denied::Scope(_) | Denied::Source | Denied::NotActive | Denied::StepUp => {
                Self::NotAllowed(denied)
            }
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy { retry_after_seconds: 2 },
            StoreError::TookTooLong => Self::TookTooLong,
            StoreError::Full => Self::StorageFull,
            StoreError::Away(_) | StoreError::Disk(_) | StoreError::Stopped => Self::StorageUnavailable(error),
            StoreError::Locked(_)
            | StoreError::Directory { .. }
            | StoreError::Unsafe(_)
            | StoreError::SchemaNewer(_)
            | StoreError::Migration(_)
            | StoreError::Constraint(_)
            | StoreError::Damaged(_)
            | StoreError::Broken(_) => Self::Broken(error),
        }
    }
}
