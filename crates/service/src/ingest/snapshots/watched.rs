//! How is the export of a tool read where its files are snapshots? Row by row as any other, and behind the rows comes what
//! shows beside the snapshot before.

use super::{
    difference::{Difference, Taken},
    lines::Lines,
    notes::{SnapshotNotes, Verdict},
    sorted::{Sightings, said_of},
    watch::{Concluded, Watch},
};
use domain::time::Timestamp;
use formats::{
    canonical::is_future,
    file_fault::FileFault,
    foreign::{Adapter, Around, Foreign, ForeignRecord, Rule, Settings, Understood, snapshot::Taken as TakenFrom},
    frame::Place,
};
use std::{
    collections::HashSet,
    io::{self, BufRead},
};

/// The records of an export, and those of the difference behind them.
pub(crate) struct Watched<'w, R> {
    foreign: Foreign<R>,
    watch: Option<&'w Watch>,
    stage: Stage,
    is_whole: bool,
    /// What the snapshot before said without a date, as numbers.
    said: HashSet<u64>,
    last: Place,
    rows: u64,
}

enum Stage {
    Rows(Option<Box<Sightings>>),
    Difference(Box<Difference>),
    Ended,
}

impl<'w, R: BufRead> Watched<'w, R> {
    /// Opens an export; without a watch it is read like any other.
    pub(crate) fn open(
        input: R,
        adapter: Adapter,
        settings: &Settings,
        watch: Option<&'w Watch>,
    ) -> Result<Self, FileFault> {
        let foreign = Foreign::open(input, adapter, settings)?;
        let is_in_rows = |watch: &Watch| matches!(watch.settings.taken, Some(TakenFrom::Column(_)));
        if watch.is_some_and(|watch| watch.is_said && !is_in_rows(watch)) && foreign.taken_at().is_none() {
            return Err(FileFault::SnapshotWithoutDate);
        }
        let sightings = watch.map(|watch| Box::new(Sightings::new(&watch.folder)));
        let said = said_before(watch)?;
        let last = Place { line: 1, byte: 0 };
        Ok(Self { foreign, watch, stage: Stage::Rows(sightings), is_whole: true, said, last, rows: 0 })
    }

    /// What its records need of it to be read again without it.
    pub(crate) fn around(&self) -> Around {
        self.foreign.around()
    }

    /// Blank lines so far: they are no records.
    pub(crate) const fn ignored(&self) -> u64 {
        self.foreign.ignored()
    }

    /// The next record: the rows first, then the events of the difference.
    pub(crate) fn next_record(&mut self) -> Result<Option<ForeignRecord>, FileFault> {
        loop {
            match &mut self.stage {
                Stage::Rows(sightings) => {
                    let Some(mut record) = self.foreign.next_record()? else {
                        let gathered = sightings.take();
                        self.stage = self.compare(gathered)?;
                        continue;
                    };
                    if let Some(sightings) = sightings {
                        sightings.add(&record.understood, self.foreign.part())?;
                        // Where fixes are left out of an export, what it lacks proves nothing.
                        self.is_whole &= !record.understood.met.iter().any(|(rule, _)| *rule == Rule::FixedOmitted);
                    }
                    leave_out(&self.said, &mut record.understood);
                    self.last = record.place;
                    self.rows += 1;
                    return Ok(Some(record));
                }
                Stage::Difference(difference) => {
                    if let Some(record) = difference.next_record()? {
                        return Ok(Some(record));
                    }
                    self.end()?;
                }
                Stage::Ended => return Ok(None),
            }
        }
    }

    /// All rows are read: what comes behind them?
    fn compare(&self, sightings: Option<Box<Sightings>>) -> Result<Stage, FileFault> {
        let (Some(watch), Some(sightings)) = (self.watch, sightings) else { return Ok(Stage::Ended) };
        if watch.is_staged_beside_another(self.rows) {
            return Err(FileFault::SnapshotOvertaken);
        }
        let Some(taken_at) = self.foreign.taken_at() else {
            if watch.is_said {
                return Err(FileFault::SnapshotWithoutDate);
            }
            watch.conclude(nothing(Verdict::Undated, None, watch));
            return Ok(Stage::Ended);
        };
        let ahead = if watch.is_moment_said { 0 } else { watch.ahead };
        if is_future(taken_at.plus(-ahead), watch.now) {
            return Err(FileFault::SnapshotOfTomorrow(taken_at));
        }
        if watch.earlier.as_ref().is_some_and(|earlier| taken_at < earlier.kept.taken_at) {
            watch.conclude(nothing(Verdict::Older, Some(taken_at), watch));
            return Ok(Stage::Ended);
        }
        let (file, about) = sightings.finish()?;
        let taken = Taken { taken_at, file, about, is_whole: self.is_whole, place: self.last };
        Ok(Stage::Difference(Box::new(Difference::begin(watch, taken)?)))
    }

    fn end(&mut self) -> Result<(), FileFault> {
        if let Stage::Difference(difference) = std::mem::replace(&mut self.stage, Stage::Ended)
            && let Some(watch) = self.watch
        {
            watch.conclude(difference.end()?);
        }
        Ok(())
    }
}

/// What the snapshot before said without a date: eight bytes for each of it.
fn said_before(watch: Option<&Watch>) -> io::Result<HashSet<u64>> {
    let mut said = HashSet::new();
    if let Some(earlier) = watch.and_then(|watch| watch.earlier.as_ref()) {
        let mut lines = Lines::of(&earlier.file)?;
        while let Some(entry) = lines.next_entry()? {
            said.extend(entry.said.said);
        }
    }
    Ok(said)
}

/// Leaves out what the snapshot before said already: it happened once, however often it is exported.
fn leave_out(said: &HashSet<u64>, understood: &mut Understood) {
    if said.is_empty() {
        return;
    }
    let before = understood.outcomes.len();
    understood.outcomes.retain(|outcome| said_of(outcome).is_none_or(|(_, number)| !said.contains(&number)));
    let again = before - understood.outcomes.len();
    if again > 0 {
        *understood.no_event.entry("said by the snapshot before".into()).or_default() += again as u64;
    }
}

/// Where nothing is concluded, only that is said.
fn nothing(verdict: Verdict, taken_at: Option<Timestamp>, watch: &Watch) -> Concluded {
    let notes = SnapshotNotes {
        verdict,
        taken_at: taken_at.map(|at| at.to_string()),
        compared_with: watch.earlier.as_ref().map(|earlier| earlier.kept.taken_at.to_string()),
        ..SnapshotNotes::default()
    };
    Concluded { notes, left: None }
}
