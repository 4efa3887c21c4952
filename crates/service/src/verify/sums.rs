//! Do the sums agree? What batches counted, what imports say, and what lies in quarantine.

use super::Check;
use crate::error::ServiceError;
use domain::id::{BatchId, ImportId};
use std::collections::BTreeMap;
use store::{
    batches::{self, BatchKind, Counts},
    imports, log_state,
    quarantine::{self, HeldState},
};

const BATCHES_PER_READ: u32 = 500;

impl Check<'_, '_> {
    pub(super) async fn sums(&mut self) -> Result<(), ServiceError> {
        let mut total = Counts::default();
        let mut released = Counts::default();
        let mut by_import: BTreeMap<ImportId, Counts> = BTreeMap::new();
        let mut after = BatchId::from_row(0);
        loop {
            let page = batches::page(self.conn, self.org, after, BATCHES_PER_READ).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for batch in page {
                match batch.kind {
                    BatchKind::Events | BatchKind::Import => total = total.plus(batch.counts),
                    BatchKind::Release => released = released.plus(batch.counts),
                    BatchKind::Settle => total = settled(total, batch.counts),
                    BatchKind::Withdraw => {}
                }
                if let Some(import) = batch.import {
                    let sum = by_import.entry(import).or_default();
                    *sum = match batch.kind {
                        BatchKind::Events | BatchKind::Import => sum.plus(batch.counts),
                        BatchKind::Release => moved(*sum, batch.counts),
                        BatchKind::Settle => settled(*sum, batch.counts),
                        BatchKind::Withdraw => *sum,
                    };
                }
            }
        }
        self.held(total, released).await?;
        for (import, counts) in by_import {
            self.import(import, counts).await?;
        }
        Ok(())
    }

    async fn held(&mut self, total: Counts, released: Counts) -> Result<(), ServiceError> {
        let (mut all, mut settled, mut waiting) = (0, 0, 0);
        for (_, state, count) in quarantine::by_reason(self.conn, self.org).await? {
            all += count;
            settled += if state == HeldState::Released { count } else { 0 };
            waiting += if state == HeldState::Held { count } else { 0 };
        }
        if all != total.quarantined {
            self.report.differs(format!("{all} lines lie in quarantine, expected {}", total.quarantined));
        }
        let remembered = log_state::read(self.conn, self.org).await?.held_lines;
        if i64::try_from(waiting) != Ok(remembered) {
            self.report.differs(format!("{waiting} lines wait in quarantine, the log remembers {remembered}"));
        }
        if settled != released.received {
            self.report.differs(format!("{settled} lines are marked as released, expected {}", released.received));
        }
        Ok(())
    }

    async fn import(&mut self, id: ImportId, counts: Counts) -> Result<(), ServiceError> {
        let agrees = imports::by_id(self.conn, self.org, id).await?.is_some_and(|import| import.counts == counts);
        if !agrees {
            self.report.differs(format!("the counts of import {} are not those of its batches", id.get()));
        }
        Ok(())
    }
}

/// A release moves a line; it was received before.
const fn moved(sum: Counts, release: Counts) -> Counts {
    Counts {
        received: sum.received,
        accepted: sum.accepted + release.accepted,
        duplicate: sum.duplicate + release.duplicate,
        quarantined: sum.quarantined.saturating_sub(release.received),
    }
}

/// Lines that were counted as accepted turned out to be something else.
const fn settled(sum: Counts, settle: Counts) -> Counts {
    Counts {
        received: sum.received,
        accepted: sum.accepted.saturating_sub(settle.received),
        duplicate: sum.duplicate + settle.duplicate,
        quarantined: sum.quarantined + settle.quarantined,
    }
}
