//! What does the bootstrap draw? Rows, records, promises and closures of the items that pass, each with the batch of its
//! own end (methods.md 2.8): in any order, since draws add up whole numbers by batch.

use super::{
    Columns, Dimensions, Selection, Work,
    items::ItemView,
    moment::{NEVER, packed, unpacked, unpacked_if_any},
    one_item::{end_of, first_end, is_excluded, promise, row_of},
    ties::Tie,
};
use crate::{
    bootstrap::{
        cluster::{Batch, Cluster},
        curve::ClusteredRow,
        sum::Unit,
    },
    ledger::Frame,
    recurrence::closure_row,
};
use domain::{
    time::Timestamp,
    view::{Verification, View},
};

/// A row with what its item is grouped by.
#[derive(Clone, Copy, Debug)]
pub struct GroupedRow {
    /// What its item is grouped by.
    pub item: Dimensions,
    /// The row and its batch.
    pub row: ClusteredRow,
}

impl Columns {
    /// The rows of the curve.
    #[must_use]
    pub fn drawn_rows(&self, selection: &Selection, mode: Verification, view: &View, work: Work) -> Vec<GroupedRow> {
        self.each(selection, work, |item, into| {
            let dimensions = self.dimensions(item.codes, item.slot);
            for spell in item.glimpse.episodes() {
                let Some(row) = row_of(&spell, view, mode) else { continue };
                let cluster = self.cluster(item, end_of(&spell, mode));
                into.push(GroupedRow { item: dimensions, row: ClusteredRow { row, cluster } });
            }
        })
    }

    /// The records of the SLA report: met or not.
    #[must_use]
    pub fn drawn_records(&self, selection: &Selection, frame: &Frame<'_>, work: Work) -> Vec<Unit> {
        let exempt_counts = frame.policy.exception_is_compliant;
        self.each(selection, work, |item, into| {
            if is_excluded(self, item, frame) {
                return;
            }
            let (counts, _) = self.items.records(item);
            for record in item.glimpse.records(counts.usual_kind()) {
                if exempt_counts || !record.is_exempt() {
                    let cluster = self.cluster(item, unpacked_if_any(record.end));
                    into.push(Unit::answer(cluster, u64::from(record.is_met())));
                }
            }
        })
    }

    /// The promises whose day came inside the view: kept or not.
    #[must_use]
    pub fn drawn_promises(
        &self,
        selection: &Selection,
        mode: Verification,
        frame: &Frame<'_>,
        work: Work,
    ) -> Vec<Unit> {
        self.each(selection, work, |item, into| {
            if let Some(kept) = promise(item, frame, mode) {
                into.push(Unit::answer(self.cluster(item, first_end(item, mode)), u64::from(kept)));
            }
        })
    }

    /// The closures until they were seen again.
    #[must_use]
    pub fn drawn_closures(&self, selection: &Selection, as_of: Timestamp, work: Work) -> Vec<ClusteredRow> {
        self.each(selection, work, |item, into| {
            for spell in item.glimpse.closures() {
                let seen_again = unpacked_if_any(spell.end);
                let row = closure_row(unpacked(spell.start), seen_again, as_of);
                into.push(ClusteredRow { row, cluster: self.cluster(item, seen_again) });
            }
        })
    }

    /// What each item that passes adds, in the order of the slots.
    fn each<T: Send>(
        &self,
        selection: &Selection,
        work: Work,
        add: impl Fn(&ItemView<'_>, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        let slots = self.items.slots();
        let rows = work.part_rows();
        let parts: Vec<_> = (0..slots).step_by(rows).map(|from| from..(from + rows).min(slots)).collect();
        let parts = work.over(&parts, |part| {
            let mut own = Vec::new();
            let kept = self.items.range(part).filter(|item| selection.keeps(item.codes, item.slot));
            kept.for_each(|item| add(&item, &mut own));
            own
        });
        parts.into_iter().flatten().collect()
    }

    /// The batch of what ended at a moment, or has not ended, in the life of an item.
    fn cluster(&self, item: &ItemView<'_>, ended: Option<Timestamp>) -> Cluster {
        let moment = ended.and_then(packed).filter(|at| *at != NEVER);
        let named_then = |at: u32| item.glimpse.patches().rev().find(|(named, _)| *named == at);
        let patch = moment.and_then(named_then).and_then(|(_, number)| self.patches.word(number)).map(Batch::Patch);
        let weakness = || self.ties.get(item.ties).and_then(Tie::weakness).map(Batch::Weakness);
        let own = || Batch::Item(self.items.id(item.slot).unwrap_or_default());
        Cluster::of(patch.or_else(weakness).unwrap_or_else(own), self.teams.word(self.words_of(item).team), ended)
    }
}
