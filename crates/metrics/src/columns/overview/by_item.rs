//! What the items tell: seconds under each label, records of the report, what is going on now, outside deadlines.

use super::{
    super::{
        Columns, Selection, Work,
        compact::{RecordCounts, State},
        items::ItemView,
        moment::unpacked,
        selection::{holds, is_excluded},
    },
    by_spell::add_each,
};
use crate::{
    ledger::{Frame, ItemSet},
    share::Share,
    sla::SlaReport,
};
use domain::{
    fact::Situation,
    label::{Label, LabelSeconds},
    severity::Severity,
    view::Verification,
};

const LABELS: usize = Label::ALL.len();

/// Counts over items; those of parts add up.
#[derive(Clone, Debug, Default)]
pub(super) struct ByItem {
    pub(super) count: u64,
    pub(super) imputed: u64,
    pub(super) seen_again: u64,
    pub(super) excepted: u64,
    pub(super) paused: u64,
    pub(super) untracked: u64,
    pub(super) excluded: u64,
    pub(super) exploited: u64,
    pub(super) exploited_due: u64,
    pub(super) exploited_met: u64,
    pub(super) labels: LabelSeconds,
    pub(super) by_label: [u64; LABELS],
    /// Items in the report by the number of their pattern of records.
    patterns: Vec<u64>,
    /// Those whose records are in no pattern.
    unusual: Vec<RecordCounts>,
    elapsed: i64,
    exempt_counts: bool,
}

/// What a pass needs to know, made ready once.
struct Pass<'a> {
    columns: &'a Columns,
    mode: Verification,
    frame: &'a Frame<'a>,
    /// Whether a class is left out of the report, by its number; none is where no class of the policy is known.
    excluded: Vec<bool>,
}

impl Columns {
    pub(super) fn items(&self, selection: &Selection, mode: Verification, frame: &Frame<'_>, work: Work) -> ByItem {
        let classes = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let is_out = |class: u32| {
            let word = self.classes.word(class).unwrap_or_default();
            frame.policy.excluded_classes.iter().any(|excluded| excluded == word)
        };
        let pass = Pass { columns: self, mode, frame, excluded: (0..classes).map(is_out).collect() };
        let nothing = || ByItem {
            patterns: vec![0; self.items.patterns().len()],
            exempt_counts: frame.policy.exception_is_compliant,
            ..ByItem::default()
        };
        let slots = self.items.slots();
        let rows = work.part_rows();
        let parts: Vec<_> = (0..slots).step_by(rows).map(|from| from..(from + rows).min(slots)).collect();
        let parts = work.over(&parts, |part| {
            let mut own = nothing();
            for item in self.items.range(part) {
                if selection.keeps(item.codes, item.slot) {
                    own.add(&item, &pass);
                }
            }
            own
        });
        let mut all = parts.iter().fold(nothing(), |mut all, own| {
            all.join(own);
            all
        });
        all.add_exploited(selection, &pass);
        all
    }
}

impl Pass<'_> {
    fn is_excluded(&self, item: &ItemView<'_>) -> bool {
        let class = item.codes.class();
        if class >= super::super::codes::CLASS_MOST {
            return is_excluded(self.columns, item, self.frame);
        }
        usize::try_from(class).ok().and_then(|class| self.excluded.get(class)).is_some_and(|out| *out)
    }
}

impl ByItem {
    fn add(&mut self, item: &ItemView<'_>, pass: &Pass<'_>) {
        self.count += 1;
        self.imputed += u64::from(item.state.has(State::IMPUTED));
        self.seen_again += u64::from(item.state.has(State::SEEN_AGAIN));
        match item.state.situation() {
            Situation::Excepted => self.excepted += 1,
            Situation::Paused => self.paused += 1,
            Situation::Untracked => self.untracked += 1,
            Situation::Over | Situation::Shut | Situation::Active(_) => {}
        }
        if pass.is_excluded(item) {
            self.excluded += 1;
        } else {
            self.add_records(item, pass);
        }
        self.add_labels(item, pass);
    }

    fn add_records(&mut self, item: &ItemView<'_>, pass: &Pass<'_>) {
        match item.pattern().and_then(|pattern| self.patterns.get_mut(pattern)) {
            Some(count) => {
                *count += 1;
                self.elapsed += item.elapsed();
            }
            None => {
                let (records, elapsed) = pass.columns.items.records(item);
                self.unusual.push(records);
                self.elapsed += elapsed;
            }
        }
    }

    fn add_labels(&mut self, item: &ItemView<'_>, pass: &Pass<'_>) {
        let tail = domain::fact::Tail { since: unpacked(item.since), situation: item.state.situation() };
        let standing = item.glimpse.standing_close().map(unpacked);
        let (as_of, calendar) = (pass.frame.view.as_of, pass.frame.calendar);
        let labels = domain::fact::labels_at(item.glimpse.labels(), tail, standing, as_of, pass.mode, calendar);
        for (count, seconds) in self.by_label.iter_mut().zip(labels.to_array()) {
            *count += u64::from(seconds > 0);
        }
        self.labels += labels;
    }

    /// Few items carry an outside deadline: they are looked at one by one.
    fn add_exploited(&mut self, selection: &Selection, pass: &Pass<'_>) {
        for slot in
            pass.columns.items.beyond().iter().filter(|(_, more)| more.more.kev_due.is_some()).map(|(slot, _)| *slot)
        {
            let Some(item) = pass.columns.items.get(slot) else { continue };
            if selection.keeps(item.codes, slot) {
                let is_in = |set| u64::from(holds(set, pass.columns, &item, pass.frame, pass.mode));
                self.exploited += 1;
                self.exploited_due += is_in(ItemSet::ExploitedDue);
                self.exploited_met += is_in(ItemSet::ExploitedMet);
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.imputed += other.imputed;
        self.seen_again += other.seen_again;
        self.excepted += other.excepted;
        self.paused += other.paused;
        self.untracked += other.untracked;
        self.excluded += other.excluded;
        self.labels += other.labels;
        self.elapsed += other.elapsed;
        add_each(&mut self.by_label, &other.by_label);
        add_each(&mut self.patterns, &other.patterns);
        self.unusual.extend_from_slice(&other.unusual);
    }

    /// Every pattern of records with how many items have it.
    fn records<'a>(&'a self, columns: &'a Columns) -> impl Iterator<Item = (&'a RecordCounts, u64)> {
        let usual = columns.items.patterns().iter().zip(self.patterns.iter().copied());
        usual.chain(self.unusual.iter().map(|records| (records, 1)))
    }

    /// The SLA report.
    pub(super) fn report(&self, columns: &Columns, frame: &Frame<'_>) -> SlaReport {
        let (mut met, mut all) = ([0; 4], [0; 4]);
        let mut report = SlaReport { closed_elapsed_seconds: self.elapsed, ..SlaReport::default() };
        for (records, items) in self.records(columns) {
            for place in Severity::ALL.map(|severity| usize::from(severity.code())) {
                let count = |of: &[u32; 4]| of.get(place).map_or(0, |count| u64::from(*count) * items);
                let exempt = if frame.policy.exception_is_compliant { count(&records.exempt) } else { 0 };
                report.exempt += exempt;
                report.closed += count(&records.closed);
                if let (Some(met), Some(all)) = (met.get_mut(place), all.get_mut(place)) {
                    *met += count(&records.met) + exempt;
                    *all += count(&records.closed) + exempt;
                }
            }
        }
        report.met = Share::new(met.iter().sum(), all.iter().sum()).unwrap_or_default();
        for ((share, met), all) in report.met_by_severity.iter_mut().zip(met).zip(all) {
            *share = Share::new(met, all).unwrap_or_default();
        }
        report
    }

    /// Items with a record in the report, with met ones alone, with a late one.
    pub(super) fn reported(&self, columns: &Columns) -> [u64; 3] {
        let mut items_with = [0; 3];
        for (records, items) in self.records(columns) {
            let exempt = if self.exempt_counts { records.exempt.iter().sum::<u32>() } else { 0 };
            let all = records.closed.iter().sum::<u32>() + exempt;
            let met = records.met.iter().sum::<u32>() + exempt;
            let holds = [all > 0, all > 0 && all == met, met < all];
            items_with.iter_mut().zip(holds).for_each(|(count, holds)| *count += if holds { items } else { 0 });
        }
        items_with
    }
}
