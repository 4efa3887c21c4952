//! What was decided about a file, as the row of its import keeps it: an import that goes on is read as it was begun.

use super::{
    file_said::FileSaid,
    import::ImportOptions,
    plan::{Reading, SourcePlan},
    settings::{AllowedSources, ReceivedAt},
};
use crate::{error::ServiceError, identity::record::Origin};
use formats::{encoding::Encoding, text_encoding::TextEncoding};
use serde::{Deserialize, Serialize};
use store::{StoreError, imports::StoredImport};

/// What the receiver decided about a file, kept with its import.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptTerms {
    received_at: ReceivedAt,
    allowed: AllowedSources,
    encoding: Option<Encoding>,
    /// Absent where nobody said it: what was decided before it could be said stands as it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text_encoding: Option<TextEncoding>,
}

/// The options of an import that goes on are those it began with.
pub(super) fn options_of(stored: &StoredImport, origin: Origin) -> Result<ImportOptions, ServiceError> {
    let damaged = || StoreError::damaged(format!("what was decided about import {}", stored.id.get()));
    let kept: KeptTerms = serde_json::from_str(&stored.terms).map_err(|_| damaged())?;
    let plan = (!stored.plan.is_empty()).then(|| SourcePlan::from_json(&stored.plan)).transpose()?;
    Ok(ImportOptions {
        name: stored.name.clone(),
        source: stored.source.clone(),
        allowed: kept.allowed,
        received_at: kept.received_at,
        encoding: kept.encoding,
        plan,
        said: FileSaid { text_encoding: kept.text_encoding, ..FileSaid::default() },
        origin,
    })
}

/// Which moment counts as the one at which its lines were learnt, where that was kept.
pub(crate) fn received_at_of(terms: &str) -> Option<ReceivedAt> {
    serde_json::from_str::<KeptTerms>(terms).ok().map(|kept| kept.received_at)
}

/// How a file is read and what was decided about it, as the row of its import keeps them.
pub(super) fn in_words(reading: &Reading, options: &ImportOptions) -> Result<(String, String), StoreError> {
    let broken = |_| StoreError::damaged("what was decided about a file cannot be written");
    let terms = KeptTerms {
        received_at: options.received_at,
        allowed: options.allowed.clone(),
        encoding: options.encoding,
        text_encoding: options.said.text_encoding,
    };
    Ok((reading.plan_json().map_err(broken)?, serde_json::to_string(&terms).map_err(broken)?))
}
