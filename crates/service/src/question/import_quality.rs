//! How good was one file? Its lines, rules and reasons, when its events happened and were received, and who took it back.

use crate::{
    authorise::{Granted, proof},
    error::ServiceError,
    ingest::{Measures, Notes, ReceivedAt, SourcePlan, StoredImport, received_at_of},
    services::Services,
};
use domain::id::{ImportId, OrgId};
use std::collections::BTreeMap;
use store::{Conn, held_of_import, import_measures, imports, source_plans};

/// The quality report of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportQuality {
    /// The import, with what became of its lines.
    pub import: StoredImport,
    /// Who took it back, as the audit trail names them; empty where nobody did.
    pub withdrawn_by: String,
    /// Which moment counts as the one at which its lines were learnt; none where that was not kept.
    pub received_at: Option<ReceivedAt>,
    /// How it was read.
    pub mapping: MappingUsed,
    /// What was noticed about its records.
    pub notes: Notes,
    /// How many lines each reason held, released and dismissed ones included.
    pub reasons: BTreeMap<String, u64>,
    /// What the times of its events say; none for imports that were read before that was counted.
    pub measures: Option<Measures>,
}

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingUsed {
    /// It holds canonical events, which need none.
    None,
    /// By a saved version of its source.
    Saved {
        /// As which tool's export.
        format: String,
        /// Which version.
        version: i64,
    },
    /// By what was said with it, which is no saved version.
    Own {
        /// As which tool's export.
        format: String,
    },
}

impl Services {
    /// The quality report of one import.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or what the database said.
    pub async fn import_quality(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: ImportId,
    ) -> Result<ImportQuality, ServiceError> {
        let org = granted.org();
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let import = imports::by_id(conn, org, id).await?.ok_or(ServiceError::NotFound)?;
        let kept = import_measures::of_import(conn, org, id).await?;
        let reasons = held_of_import::reasons_of_import(conn, org, id).await?;
        Ok(ImportQuality {
            withdrawn_by: kept.withdrawn_by,
            received_at: received_at_of(&import.terms),
            mapping: mapping_of(conn, org, &import).await?,
            notes: Notes::stored(&import.notes)?,
            reasons: reasons.into_iter().collect(),
            measures: Measures::stored(&kept.measures)?,
            import,
        })
    }
}

/// The version that reads as the import did: the newest that was saved when it began.
async fn mapping_of(conn: &mut Conn<'_>, org: OrgId, import: &StoredImport) -> Result<MappingUsed, ServiceError> {
    if import.plan.is_empty() {
        return Ok(MappingUsed::None);
    }
    let plan = SourcePlan::from_json(&import.plan)?;
    let versions = source_plans::versions(conn, org, &import.source).await?;
    let mut before = versions.into_iter().filter(|version| version.saved_at <= import.started_at);
    let saved = before.find(|version| SourcePlan::from_json(&version.plan).is_ok_and(|saved| saved == plan));
    Ok(match saved {
        Some(saved) => MappingUsed::Saved { format: plan.format, version: saved.version },
        None => MappingUsed::Own { format: plan.format },
    })
}
