//! How is the export of a tool read where its files are snapshots? Row by row as any other, and behind the rows comes what
//! shows beside the snapshot before.

use super::{
    difference::{Difference, Taken},
    notes::{SnapshotNotes, Verdict},
    sorted::Sightings,
    watch::{Concluded, Watch},
};
use domain::time::Timestamp;
use formats::{
    canonical::is_future,
    file_fault::FileFault,
    foreign::{Adapter, Foreign, ForeignRecord, Rule, Settings, snapshot::Taken as TakenFrom},
    frame::Place,
};
use std::io::BufRead;

/// The records of an export, and those of the difference behind them.
pub(crate) struct Watched<'w, R> {
    foreign: Foreign<R>,
    watch: Option<&'w Watch>,
    stage: Stage,
    is_whole: bool,
    last: Place,
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
        let last = Place { line: 1, byte: 0 };
        Ok(Self { foreign, watch, stage: Stage::Rows(sightings), is_whole: true, last })
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
                    let Some(record) = self.foreign.next_record()? else {
                        let gathered = sightings.take();
                        self.stage = self.compare(gathered)?;
                        continue;
                    };
                    if let Some(sightings) = sightings {
                        sightings.add(&record.understood, self.foreign.part())?;
                        // Where fixes are left out of an export, what it lacks proves nothing.
                        self.is_whole &= !record.understood.met.iter().any(|(rule, _)| *rule == Rule::FixedOmitted);
                    }
                    self.last = record.place;
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
        let Some(taken_at) = self.foreign.taken_at() else {
            if watch.is_said {
                return Err(FileFault::SnapshotWithoutDate);
            }
            watch.conclude(nothing(Verdict::Undated, None, watch));
            return Ok(Stage::Ended);
        };
        if is_future(taken_at, watch.now) {
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
