//! Which events come behind the rows of a snapshot? Those of the difference to the one before, item by item.

use super::{
    lines::write_stand,
    notes::{SnapshotNotes, Verdict},
    sorted::{About, short},
    survey::{Pair, Pairs, gone, survey},
    watch::{Concluded, Earlier, Left, Watch},
};
use crate::ingest::{absence::MassAbsence, spool::nameless};
use domain::{event_name::EventName, time::Timestamp};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{
        ForeignRecord, Rule, Understood,
        snapshot::{Between, Scope, Stand, State, likeness, too_many_gone},
    },
    frame::Place,
};
use std::{
    collections::{HashSet, VecDeque},
    fs::File,
    io::{self, BufWriter},
};

/// So many items that are gone are named to whoever decides about them.
const GONE_NAMED: usize = 10;
/// So many rules that were met travel with one record at most.
const MET_AT_ONCE: usize = 1_000;

/// A snapshot that is being held against the one before.
pub(super) struct Difference {
    pairs: Pairs,
    about: About,
    scope: Scope,
    before: Option<Timestamp>,
    since: Option<Timestamp>,
    is_in_parts: bool,
    /// Two files of one moment are parts of one snapshot: what the later one lacks stands in the other.
    is_second_part: bool,
    renamed: HashSet<u64>,
    left: BufWriter<File>,
    left_items: u64,
    notes: SnapshotNotes,
    place: Place,
    waiting: VecDeque<Outcome>,
    /// Whether a person said when it was taken.
    is_moment_said: bool,
    met: Understood,
}

/// What is known of a file once all of it is read.
pub(super) struct Taken {
    pub(super) taken_at: Timestamp,
    pub(super) file: File,
    pub(super) about: About,
    /// Whether absence may say something, as far as the file itself shows.
    pub(super) is_whole: bool,
    pub(super) place: Place,
}

/// How many of how many open items are gone.
struct Counted {
    gone: u64,
    open: u64,
    is_too_much: bool,
}

impl Difference {
    /// Begins to compare. Where too much is gone, nothing is concluded but by a person.
    pub(super) fn begin(watch: &Watch, taken: Taken) -> Result<Self, FileFault> {
        let earlier = watch.earlier.as_ref();
        let same = earlier.is_some_and(|earlier| earlier.kept.taken_at == taken.taken_at);
        let since = earlier.and_then(|earlier| if same { earlier.kept.since } else { Some(earlier.kept.taken_at) });
        let scope = Scope {
            complete: watch.settings.complete && taken.is_whole && !same,
            statuses: watch.statuses.clone(),
            takes_back: watch.takes_back,
            scanner: watch.scanner.map(str::to_owned),
            inactive: taken.about.inactive.clone(),
            mass_absence_taken: watch.is_mass_absence_taken(),
            ..Scope::at(taken.taken_at)
        };
        let mut difference = Self {
            pairs: pairs(earlier, &taken.file)?,
            before: since,
            since,
            is_in_parts: watch.settings.scope.is_some(),
            is_second_part: same,
            renamed: HashSet::new(),
            left: BufWriter::new(nameless(&watch.folder)?),
            left_items: 0,
            notes: notes(earlier, &taken),
            place: taken.place,
            waiting: VecDeque::new(),
            is_moment_said: watch.is_moment_said,
            met: Understood::default(),
            about: taken.about,
            scope,
        };
        let surveyed = difference.survey(pairs(earlier, &taken.file)?)?;
        if surveyed.is_too_much && !difference.scope.mass_absence_taken {
            let examples = pairs(earlier, &taken.file)?;
            let examples = difference.with_between(|between| gone(examples, between, GONE_NAMED))?;
            let Counted { gone, open, .. } = surveyed;
            let compared_with = earlier.map(|earlier| earlier.kept.taken_at.to_string());
            let against = earlier.map(|earlier| earlier.kept.import.get());
            watch.ask(MassAbsence { gone, open, examples, compared_with, against, judged: None, given_up: None });
            return Err(FileFault::MassAbsence { gone, open });
        }
        // Both share the handles of their files, so the second reading begins after the first.
        difference.pairs = pairs(earlier, &taken.file)?;
        Ok(difference)
    }

    fn survey(&mut self, pairs: Pairs) -> Result<Counted, FileFault> {
        let surveyed = self.with_between(|between| survey(pairs, between))?;
        let (gone, open) = (surveyed.gone, surveyed.open);
        let is_too_much = self.scope.complete && too_many_gone(gone, open);
        self.notes.open_before = open;
        self.notes.mass_absence_accepted = is_too_much;
        self.renamed = surveyed.renamed;
        Ok(Counted { gone, open, is_too_much })
    }

    fn with_between<T>(&self, work: impl FnOnce(&Between<'_>) -> T) -> T {
        let (about, renamed) = (&self.about, &self.renamed);
        let looked = |asset: &str| about.looked(asset);
        let speaks_of = |stand: &Stand| stand.part.as_deref().is_some_and(|part| about.covers(part));
        let covers = |stand: &Stand| !self.is_second_part && (!self.is_in_parts || speaks_of(stand));
        let is_renamed = |item: &str, stand: &Stand| {
            likeness(item, stand).is_some_and(|likeness| renamed.contains(&short(&likeness)))
        };
        work(&Between {
            scope: &self.scope,
            before: self.before,
            unread: about.unread,
            looked: &looked,
            covers: &covers,
            renamed: &is_renamed,
        })
    }

    /// The next event of the difference, as a record of which the event itself is all the bytes.
    pub(super) fn next_record(&mut self) -> io::Result<Option<ForeignRecord>> {
        while self.waiting.is_empty() && self.met.met.len() < MET_AT_ONCE {
            let Some(pair) = self.pairs.next_pair()? else { break };
            self.compare(&pair)?;
        }
        let outcome = self.waiting.pop_front();
        let mut understood = std::mem::take(&mut self.met);
        let Some(outcome) = outcome else {
            let is_over = understood == Understood::default();
            return Ok((!is_over).then(|| ForeignRecord { place: self.place, raw: Vec::new(), understood }));
        };
        let raw = match &outcome {
            Outcome::Event(draft) => draft.canonical.clone().into_bytes(),
            Outcome::Held(held) => format!("{held:?}").into_bytes(),
        };
        understood.is_our_time = self.is_moment_said && self.is_told_by_moment(&outcome);
        understood.outcomes.push(outcome);
        Ok(Some(ForeignRecord { place: self.place, raw, understood }))
    }

    /// Whether an event happened when the snapshot was taken, or by then at the latest; others happened when a row says.
    fn is_told_by_moment(&self, outcome: &Outcome) -> bool {
        let Outcome::Event(draft) = outcome else { return false };
        draft.at_latest.unwrap_or(draft.at) == self.scope.taken_at
    }

    fn compare(&mut self, pair: &Pair) -> io::Result<()> {
        let mut understood = Understood::default();
        let Pair { item, known, sighting } = pair;
        let left = self.with_between(|between| between.tell(item, known.as_ref(), sighting.as_ref(), &mut understood));
        if let Some(stand) = left {
            write_stand(&mut self.left, item, &stand)?;
            self.left_items += 1;
        }
        count(&mut self.notes, pair, &understood);
        self.waiting.extend(understood.outcomes);
        self.met.met.extend(understood.met);
        Ok(())
    }

    /// What was concluded, once nothing comes any more.
    pub(super) fn end(self) -> io::Result<Concluded> {
        let file = self.left.into_inner().map_err(io::IntoInnerError::into_error)?;
        let left = Left { taken_at: self.scope.taken_at, since: self.since, items: self.left_items, file };
        Ok(Concluded { notes: self.notes, left: Some(left) })
    }
}

fn pairs(earlier: Option<&Earlier>, now: &File) -> io::Result<Pairs> {
    Pairs::of(earlier.map(|earlier| &earlier.file), now)
}

fn notes(earlier: Option<&Earlier>, taken: &Taken) -> SnapshotNotes {
    let verdict = match earlier {
        None => Verdict::First,
        Some(earlier) if earlier.kept.taken_at == taken.taken_at => Verdict::SameMoment,
        Some(_) => Verdict::Compared,
    };
    SnapshotNotes {
        verdict,
        taken_at: Some(taken.taken_at.to_string()),
        compared_with: earlier.map(|earlier| earlier.kept.taken_at.to_string()),
        items: taken.about.items,
        ..SnapshotNotes::default()
    }
}

/// Counts what became of an item.
fn count(notes: &mut SnapshotNotes, pair: &Pair, understood: &Understood) {
    let told = |names: &[EventName]| {
        let is_told = |outcome: &Outcome| matches!(outcome, Outcome::Event(draft) if names.contains(&draft.name));
        understood.outcomes.iter().any(is_told)
    };
    let was_open = pair.known.as_ref().map(|stand| stand.open);
    let is = pair.sighting.as_ref().map(|sighting| sighting.state);
    let met = |rule: Rule| understood.met.iter().any(|(met, _)| *met == rule);
    let counted = match (was_open, is) {
        (None, Some(State::Open)) => &mut notes.detected,
        (Some(true), Some(State::Closed)) => &mut notes.over,
        (Some(false), Some(State::Open)) => &mut notes.back,
        (Some(true), Some(State::Open)) if understood.outcomes.len() > usize::from(told(&[EventName::Seen])) => {
            &mut notes.changed
        }
        (Some(true), None) if told(&[EventName::Verified]) => &mut notes.gone,
        (Some(true), None) if met(Rule::AbsenceUnproven) => &mut notes.unproven,
        (Some(true), None) if met(Rule::ItemRenamed) => &mut notes.renamed,
        _ => return,
    };
    *counted += 1;
}
