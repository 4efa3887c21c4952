//! Do log, facts, sums and ledger agree? Everything is computed again and compared, in both directions, while the
//! product goes on serving; nothing is written.

mod chain;
mod facts;
mod spans;
mod sums;

use crate::{
    authorise::{Granted, proof},
    error::ServiceError,
    services::Services,
};
use domain::id::OrgId;
use store::{Conn, audit, engine, item_events, log_state, log_state::LogState};

/// How much is computed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// The heads of both chains and the sums: seconds.
    Quick,
    /// Every leaf, every fold, the ledger in memory, and the database's own check.
    #[default]
    Full,
}

/// Differences named one by one; the rest is counted.
const DIFFERENCES_SHOWN: usize = 100;

/// What was compared, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Events whose leaf was computed again.
    pub events: u64,
    /// Batches whose head was computed again.
    pub batches: u64,
    /// Items that were folded again.
    pub items: u64,
    /// Records of the audit trail that were read.
    pub audit_records: u64,
    /// The first differences, a sentence each.
    pub differences: Vec<String>,
    /// How many there are.
    pub difference_count: u64,
}

impl VerifyReport {
    /// Whether everything agrees.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.difference_count == 0
    }

    fn differs(&mut self, what: String) {
        self.difference_count += 1;
        if self.differences.len() < DIFFERENCES_SHOWN {
            self.differences.push(what);
        }
    }
}

/// What every part of the check reads with: one moment of the database.
struct Check<'a, 'c> {
    services: &'a Services,
    conn: &'a mut Conn<'c>,
    org: OrgId,
    state: LogState,
    report: VerifyReport,
}

impl Services {
    /// Computes log, facts, sums and ledger again and lists what differs.
    ///
    /// # Errors
    /// What the database said; differences are no errors.
    pub async fn verify(
        &self,
        granted: &Granted<proof::AuditRead>,
        depth: Depth,
    ) -> Result<VerifyReport, ServiceError> {
        let (services, org) = (self.clone(), granted.org());
        store::run(async move { services.verify_org(org, depth).await }).await
    }

    async fn verify_org(&self, org: OrgId, depth: Depth) -> Result<VerifyReport, ServiceError> {
        let present = match depth {
            Depth::Quick => None,
            Depth::Full => Some(self.present_ledger(org).await?),
        };
        let mut tx = self.store().unhurried_snapshot().await?;
        let mut conn = tx.conn();
        let state = log_state::read(&mut conn, org).await?;
        let mut check = Check { services: self, conn: &mut conn, org, state, report: VerifyReport::default() };
        check.chain(depth).await?;
        check.sums().await?;
        check.audit().await?;
        if let Some(present) = present {
            check.facts(&present).await?;
            for difference in item_events::differences(check.conn, check.org).await? {
                check.report.differs(difference);
            }
            for fault in engine::integrity_faults(check.conn).await? {
                check.report.differs(format!("database: {fault}"));
            }
        }
        Ok(check.report)
    }
}

impl Check<'_, '_> {
    async fn audit(&mut self) -> Result<(), ServiceError> {
        let audit = audit::check(self.conn, self.org).await?;
        self.report.audit_records = audit.records;
        for difference in audit.differences {
            self.report.differs(format!("audit: {difference}"));
        }
        Ok(())
    }
}
