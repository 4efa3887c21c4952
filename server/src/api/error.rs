//! How does an error of the service become an answer? What the caller can mend is said; what is ours is logged once.

use service::{Refusal, ServiceError};
use store::StoreError;

use crate::middleware::gate::denial;
use crate::problem::{Code, Problem};

/// The member that names the import that waits for a person.
const IMPORT: &str = "import_id";

/// The import that waits for a person who says what a refusal means.
#[must_use]
pub fn waiting_import(problem: &Problem) -> Option<i64> {
    problem.members.iter().find(|(name, _)| *name == IMPORT)?.1.as_i64()
}

/// The answer to an error.
#[must_use]
pub fn problem_of(error: ServiceError) -> Problem {
    match error {
        ServiceError::NotFound => Problem::new(Code::NotFound),
        ServiceError::NotAllowed(denied) => denial(denied),
        ServiceError::Refused(refusal) => refused(refusal),
        ServiceError::Busy { retry_after_seconds } => Problem::new(Code::Busy).retry_after(retry_after_seconds.into()),
        ServiceError::TookTooLong => Problem::new(Code::QueryTimeout),
        ServiceError::OutcomeUnknown => Problem::new(Code::OutcomeUnknown).retry_after(1),
        ServiceError::StorageFull => Problem::new(Code::StorageFull),
        ServiceError::StorageUnavailable(source) => {
            log(&source, "the database cannot be used");
            Problem::new(Code::StorageUnavailable).retry_after(5)
        }
        ServiceError::Broken(source) => {
            log(&source, "a question could not be answered");
            Problem::new(Code::Internal)
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    let known = Code::ALL.iter().find(|code| code.as_str() == refusal.code);
    let mut problem = Problem::new(known.copied().unwrap_or(Code::BadParameter)).detail(refusal.detail);
    if let Some(hint) = refusal.hint {
        problem = problem.hint(hint);
    }
    problem.errors = refusal.errors;
    if let Some(place) = refusal.place {
        problem = problem.at(place);
    }
    if let Some(import) = refusal.import {
        problem = problem.member(IMPORT, import.get());
    }
    match retry_after_seconds(problem.code) {
        Some(seconds) => problem.retry_after(seconds),
        None => problem,
    }
}

/// When the same request may be taken: once the first one has ended, or once somebody has made room.
fn retry_after_seconds(code: Code) -> Option<u64> {
    if matches!(code, Code::InFlight) {
        return Some(1);
    }
    if matches!(code, Code::QuarantineFull | Code::ImportRunning) {
        return Some(60);
    }
    None
}

fn log(source: &StoreError, words: &'static str) {
    tracing::error!(event = "storage_error", reason = %source, "{words}");
}
