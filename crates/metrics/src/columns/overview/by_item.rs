//! What the items tell: seconds under each label, records of the report, what is going on now, outside deadlines.

use super::{
    super::{
        Columns, Selection, Work,
        blob::{self, Glimpse},
        codes::Codes,
        compact::{RecordCounts, State},
        items::ItemRow,
        moment::{NEVER, unpacked},
        one_item::{end_of, is_excluded},
        running_clock::{InTimeFrom, shown_clock},
        settled::{Group, Live},
    },
    by_spell::add_each,
};
use crate::{claimed::Claimed, ledger::Frame, share::Share, sla::SlaReport};
use domain::{
    claim::Verdict,
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
    pub(super) running: u64,
    pub(super) shown_in_time: u64,
    pub(super) claimed: Claimed,
    /// Presses of *close*, and those of them that were seen again.
    pub(super) closures: [u64; 2],
    labels: [i64; LABELS],
    /// Items by which labels they have, one bit each.
    by_bits: Vec<u64>,
    /// Items of groups with at least one second under each label.
    with_label: [i64; LABELS],
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
    in_time_from: InTimeFrom,
}

impl Columns {
    pub(super) fn items(&self, selection: &Selection, mode: Verification, frame: &Frame<'_>, work: Work) -> ByItem {
        let classes = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let is_out = |class: u32| {
            let word = self.classes.word(class).unwrap_or_default();
            frame.policy.excluded_classes.iter().any(|excluded| excluded == word)
        };
        let excluded = (0..classes).map(is_out).collect();
        let pass = Pass { columns: self, mode, frame, excluded, in_time_from: InTimeFrom::of(frame) };
        let nothing = || ByItem {
            by_bits: vec![0; 1 << LABELS],
            patterns: vec![0; self.items.patterns().len()],
            exempt_counts: frame.policy.exception_is_compliant,
            ..ByItem::default()
        };
        let slots = self.items.slots();
        // A filter that looks at the items themselves cannot go by groups.
        let by_group = !selection.looks_at_items();
        let rows = work.part_rows().next_multiple_of(64);
        let parts: Vec<_> = (0..slots).step_by(rows).map(|from| from..(from + rows).min(slots)).collect();
        let parts = work.over(&parts, |part| {
            let mut own = nothing();
            let mut each = |item: &ItemRow<'_>| {
                if selection.keeps(item.codes, item.slot) {
                    own.add(item, &pass);
                }
            };
            if !by_group {
                self.items.visit(part, &mut each);
                return own;
            }
            self.items.visit_loose(part.clone(), &mut each);
            let number = |slot: usize| u32::try_from(slot).unwrap_or(u32::MAX);
            for (slot, live) in self.items.settled().live(number(part.start)..number(part.end)) {
                if selection.keeps(live.codes, slot) {
                    own.add_live(slot, live, &pass);
                }
            }
            own
        });
        let mut all = parts.iter().fold(nothing(), |mut all, own| {
            all.join(own);
            all
        });
        if by_group {
            let kept = self.items.settled().iter().filter(|(codes, _)| selection.keeps(*codes, 0));
            kept.for_each(|(codes, group)| all.add_group(codes, group, &pass));
        }
        all.add_exploited(selection, &pass);
        all
    }
}

impl Pass<'_> {
    fn is_excluded(&self, item: &ItemRow<'_>) -> bool {
        let class = item.codes.class();
        if class >= super::super::codes::CLASS_MOST {
            let item = self.columns.items.get(item.slot);
            return item.is_some_and(|item| is_excluded(self.columns, &item, self.frame));
        }
        usize::try_from(class).ok().and_then(|class| self.excluded.get(class)).is_some_and(|out| *out)
    }
}

impl ByItem {
    fn add(&mut self, item: &ItemRow<'_>, pass: &Pass<'_>) {
        self.count += 1;
        self.imputed += u64::from(item.state.has(State::IMPUTED));
        self.seen_again += u64::from(item.state.has(State::SEEN_AGAIN));
        self.add_verdicts(item.state.verdict().map(|verdict| (verdict, 1)));
        if pass.is_excluded(item) {
            self.excluded += 1;
        } else {
            self.add_records(item, pass);
        }
        self.add_closures(Glimpse::of(item.words).count_closures());
        if blob::is_running(item.words) {
            self.add_clock(item.slot, Glimpse::of(item.words).clock(), pass);
        }
        self.add_labels(item, pass);
    }

    fn add_verdicts(&mut self, counts: impl IntoIterator<Item = (Verdict, u64)>) {
        counts.into_iter().for_each(|(verdict, items)| self.claimed.add(verdict, items));
    }

    fn add_closures(&mut self, own: [u64; 2]) {
        self.closures.iter_mut().zip(own).for_each(|(all, own)| *all += own);
    }

    /// Only clocks that have paused are added up one by one.
    fn add_clock(&mut self, slot: u32, clock: Option<(u32, Severity, bool)>, pass: &Pass<'_>) {
        let Some((start, severity, has_paused)) = clock else { return };
        self.running += 1;
        let running = || pass.columns.items.get(slot)?.glimpse.running();
        let is_in_time = if has_paused {
            running().is_some_and(|running| shown_clock(&running, pass.frame).is_in_time())
        } else {
            pass.in_time_from.holds(start, severity)
        };
        self.shown_in_time += u64::from(is_in_time);
    }

    /// What the stretch since the last event adds to an item that its group has counted.
    fn add_live(&mut self, slot: u32, live: &Live, pass: &Pass<'_>) {
        self.add_clock(slot, live.clock, pass);
        let tail = domain::fact::Tail { since: unpacked(live.since), situation: live.state.situation() };
        self.add_situation(tail.situation);
        let as_of = pass.frame.view.as_of;
        if pass.mode == Verification::Lenient && live.close != NEVER {
            // The episode ended at the close: the stretch up to the last event after it is taken back.
            let place = Label::ClosedUnverified.place();
            let had = live.bits >> place & 1 == 1;
            if let (Some(sum), Some(count)) = (self.labels.get_mut(place), self.with_label.get_mut(place)) {
                *sum += i64::from(live.close) - i64::from(live.since);
                *count += i64::from(live.unverified_before) - i64::from(had);
            }
            return;
        }
        for (label, seconds) in tail.seconds(as_of, pass.frame.calendar) {
            let place = label.place();
            let is_new = seconds > 0 && live.bits >> place & 1 == 0;
            if let (Some(sum), Some(count)) = (self.labels.get_mut(place), self.with_label.get_mut(place)) {
                *sum += seconds;
                *count += i64::from(is_new);
            }
        }
    }

    fn add_situation(&mut self, situation: Situation) {
        match situation {
            Situation::Excepted => self.excepted += 1,
            Situation::Paused => self.paused += 1,
            Situation::Untracked => self.untracked += 1,
            Situation::Over | Situation::Shut | Situation::Active(_) => {}
        }
    }

    /// Items of the same codes up to their last events.
    fn add_group(&mut self, codes: Codes, group: &Group, pass: &Pass<'_>) {
        self.count += group.items;
        self.imputed += group.imputed;
        self.seen_again += group.seen_again;
        self.add_verdicts(Verdict::ALL.iter().copied().zip(group.verdicts));
        self.add_closures(group.closures);
        self.with_label.iter_mut().zip(group.with_label).for_each(|(all, own)| *all += signed(own));
        self.labels.iter_mut().zip(group.labels).for_each(|(all, own)| *all += own);
        let class = usize::try_from(codes.class()).ok();
        if class.and_then(|class| pass.excluded.get(class)).is_some_and(|out| *out) {
            self.excluded += group.items;
            return;
        }
        self.elapsed += group.elapsed;
        for (pattern, items) in &group.patterns {
            self.patterns.get_mut(usize::from(*pattern)).into_iter().for_each(|count| *count += items);
        }
    }

    fn add_records(&mut self, item: &ItemRow<'_>, pass: &Pass<'_>) {
        match item.pattern.and_then(|pattern| self.patterns.get_mut(pattern)) {
            Some(count) => {
                *count += 1;
                self.elapsed += item.elapsed;
            }
            None => {
                let known = pass.columns.items.get(item.slot).map(|item| pass.columns.items.records(&item));
                let (records, elapsed) = known.unwrap_or_default();
                self.unusual.push(records);
                self.elapsed += elapsed;
            }
        }
    }

    /// Most items are over: their labels are what they are, and which of them there are is counted in one step.
    fn add_labels(&mut self, item: &ItemRow<'_>, pass: &Pass<'_>) {
        let situation = item.state.situation();
        let (mut bits, seconds) = blob::labels(item.words);
        let mut rest = bits;
        for seconds in seconds {
            let place = usize::try_from(rest.trailing_zeros()).unwrap_or_default();
            if let Some(sum) = self.labels.get_mut(place) {
                *sum += i64::from(*seconds);
            }
            rest &= rest.wrapping_sub(1);
        }
        self.add_situation(situation);
        if situation != Situation::Over {
            bits = self.add_tail(item, situation, pass);
        }
        if let Some(count) = usize::try_from(bits).ok().and_then(|bits| self.by_bits.get_mut(bits)) {
            *count += 1;
        }
    }

    /// What the stretch since the last event adds; which labels there are with it.
    fn add_tail(&mut self, item: &ItemRow<'_>, situation: Situation, pass: &Pass<'_>) -> u32 {
        let glimpse = Glimpse::of(item.words);
        let tail = domain::fact::Tail { since: unpacked(item.since), situation };
        let standing = glimpse.standing_close().map(unpacked);
        let settled = glimpse.labels();
        let (as_of, calendar) = (pass.frame.view.as_of, pass.frame.calendar);
        let labels = domain::fact::labels_at(settled, tail, standing, as_of, pass.mode, calendar);
        let before = settled.to_array();
        let mut bits = 0;
        for (place, (sum, (now, before))) in
            self.labels.iter_mut().zip(labels.to_array().iter().zip(before)).enumerate()
        {
            *sum += now - before;
            bits |= u32::from(*now > 0) << place;
        }
        bits
    }

    /// Seconds under each label.
    pub(super) const fn labels(&self) -> LabelSeconds {
        LabelSeconds::from_array(self.labels)
    }

    /// Items with at least one second under each label.
    pub(super) fn by_label(&self) -> [u64; LABELS] {
        let mut by_label = self.with_label.map(|count| u64::try_from(count).unwrap_or_default());
        for (bits, items) in self.by_bits.iter().enumerate() {
            for (place, count) in by_label.iter_mut().enumerate() {
                *count += if bits >> place & 1 == 1 { *items } else { 0 };
            }
        }
        by_label
    }

    /// Few items carry an outside deadline: they are looked at one by one.
    fn add_exploited(&mut self, selection: &Selection, pass: &Pass<'_>) {
        for (slot, item) in pass.columns.items.beyond() {
            let Some(due) = item.more.kev_due.filter(|_| selection.keeps(item.codes, *slot)) else { continue };
            let is_due = due < pass.frame.view.as_of.seconds();
            let end = item.first.and_then(|first| end_of(&first, pass.mode));
            self.exploited += 1;
            self.exploited_due += u64::from(is_due);
            self.exploited_met += u64::from(is_due && end.is_some_and(|end| end.seconds() <= due));
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
        self.add_closures(other.closures);
        self.running += other.running;
        self.shown_in_time += other.shown_in_time;
        self.claimed.join(&other.claimed);
        self.elapsed += other.elapsed;
        add_each(&mut self.by_bits, &other.by_bits);
        self.labels.iter_mut().zip(other.labels).for_each(|(all, own)| *all += own);
        self.with_label.iter_mut().zip(other.with_label).for_each(|(all, own)| *all += own);
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

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
