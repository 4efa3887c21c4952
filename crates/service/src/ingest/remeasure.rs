//! Which items does an import tell of first, and what do the times of its events say where not all of them count that were
//! counted while it was read?

use super::{
    clock_offsets::ClockOffsets,
    measures::{Measures, Tally},
    touched::Touched,
};
use domain::id::{EventSeq, ItemKey, OrgId};
use store::{
    Conn, StoreError,
    import_measures::{self, Times},
    import_parts::Runs,
    places::{self, EventPlace},
};

/// Events looked at together.
const EVENTS_PER_READ: u32 = 20_000;
/// Items looked at together.
const ITEMS_PER_READ: usize = 2_000;

/// Items of which nothing counts but what an import says, counted while they are folded.
pub(crate) struct NewItems<'r> {
    runs: &'r Runs,
    count: u64,
}

impl<'r> NewItems<'r> {
    pub(crate) const fn of(runs: &'r Runs) -> Self {
        Self { runs, count: 0 }
    }

    /// Takes items with the places of all their events that count.
    pub(crate) fn look(&mut self, items: &[(ItemKey, Vec<EventPlace>)]) {
        let is_new = |places: &[EventPlace]| places.iter().all(|(seq, _)| self.runs.took(*seq));
        self.count += items.iter().filter(|(_, places)| !places.is_empty() && is_new(places)).count() as u64;
    }

    pub(crate) const fn count(&self) -> u64 {
        self.count
    }
}

fn add(measures: &mut Measures, page: &[Times], clocks: &ClockOffsets) {
    // Runs of one source: an import has few sources, and each of its pieces holds one after another.
    for run in page.chunk_by(|before, next| before.source == next.source) {
        let Some(first) = run.first() else { continue };
        let mut tally = Tally::begin(measures, &first.source, clocks.of(&first.source));
        run.iter().for_each(|event| tally.count(event.at, event.received_at, event.certainty));
        tally.end(measures, &first.source);
    }
}

/// Measures an import again from the log as it stands, once it is known which of its events count: some turned out to be
/// known, or cannot count; or where a part of them was not measured while it was read. It is read once more, which only such
/// imports cost.
pub(crate) async fn remeasure(
    conn: &mut Conn<'_>,
    org: OrgId,
    runs: &Runs,
    touched: &Touched,
    clocks: &ClockOffsets,
) -> Result<Measures, StoreError> {
    let mut measures = Measures::default();
    for (mut from, to) in runs.spans() {
        loop {
            let page = import_measures::times(conn, org, (from, to), EVENTS_PER_READ).await?;
            let Some(last) = page.last() else { break };
            from = EventSeq::from_row(last.seq.get() + 1);
            add(&mut measures, &page, clocks);
        }
    }
    let mut new = NewItems::of(runs);
    let all: Vec<ItemKey> = touched.iter().collect();
    for chunk in all.chunks(ITEMS_PER_READ) {
        new.look(&places::of_items(conn, org, chunk).await?);
    }
    Ok(measures.with_new_items(new.count()))
}
