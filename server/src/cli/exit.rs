//! How does a command end? 0 done, 1 failed, 2 bad use or bad input, 75 in use elsewhere, 78 unsafe configuration.

use std::fmt;
use std::process::ExitCode;

use service::ServiceError;
use store::StoreError;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    words: String,
}

impl Failure {
    /// It could not be done.
    #[must_use]
    pub fn failed(words: impl Into<String>) -> Self {
        Self { code: 1, words: words.into() }
    }

    /// What was given cannot be used.
    #[must_use]
    pub fn bad_input(words: impl Into<String>) -> Self {
        Self { code: 2, words: words.into() }
    }

    /// Starting like this would not be safe.
    #[must_use]
    pub fn unsafe_setting(words: impl Into<String>) -> Self {
        Self { code: 78, words: words.into() }
    }

    /// The disk failed: nothing is written any more, and somebody should look at it before the next start.
    #[must_use]
    pub fn disk() -> Self {
        Self { code: 70, words: "the disk failed; what was not acknowledged may be missing, check it".to_owned() }
    }

    /// Somebody else holds what it needs; the same command may work later.
    #[must_use]
    pub fn in_use(words: impl Into<String>) -> Self {
        Self { code: 75, words: words.into() }
    }

    /// The code for the shell.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let words = error.to_string();
        if matches!(error, StoreError::Locked(_)) {
            return Self::in_use(words);
        }
        let unsafe_place = matches!(
            error,
            StoreError::Unsafe(_)
                | StoreError::SchemaNewer(_)
                | StoreError::Directory { .. }
                | StoreError::Migration(_)
        );
        if unsafe_place { Self::unsafe_setting(words) } else { Self::failed(words) }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(refusal) => {
                let hint = refusal.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
                Self::bad_input(format!("{}{hint}", refusal.detail))
            }
            ServiceError::Broken(source) | ServiceError::StorageUnavailable(source) => source.into(),
            ServiceError::NotFound
            | ServiceError::NotAllowed(_)
            | ServiceError::Busy { .. }
            | ServiceError::TookTooLong
            | ServiceError::OutcomeUnknown
            | ServiceError::StorageFull => Self::failed(error.to_string()),
        }
    }
}
