//! Does what is kept of each batch, where its events lie and when they happened, say what its events say?

use super::Check;
use crate::error::ServiceError;
use domain::{id::EventSeq, time::Timestamp};
use store::{batch_spans, batches::StoredBatch, history::Entry};

/// How far the events of a batch reach, by place and by moment.
#[derive(Debug, Default)]
pub(super) struct Reach(Option<(EventSeq, EventSeq, Timestamp, Timestamp)>);

impl Reach {
    pub(super) fn take(&mut self, entry: &Entry) {
        let (first, last, earliest, latest) = self.0.unwrap_or((entry.seq, entry.seq, entry.at, entry.at));
        self.0 = Some((first.min(entry.seq), last.max(entry.seq), earliest.min(entry.at), latest.max(entry.at)));
    }
}

impl Check<'_, '_> {
    /// The age of a source and its last event are read from these spans alone.
    pub(super) async fn span(&mut self, batch: &StoredBatch, reach: &Reach) -> Result<(), ServiceError> {
        let Some((first, last, earliest, latest)) = reach.0 else { return Ok(()) };
        let agrees = batch_spans::of_batch(self.conn, self.org, batch.id).await?.is_some_and(|span| {
            (span.source, span.import, span.moments) == (batch.source, batch.import, (earliest, latest))
                && span.places.0 <= first
                && last <= span.places.1
        });
        if !agrees {
            self.report.differs(format!("the span of batch {} is not that of its events", batch.id.get()));
        }
        Ok(())
    }

    pub(super) async fn span_count(&mut self, batches_with_events: u64) -> Result<(), ServiceError> {
        let spans = batch_spans::count(self.conn, self.org).await?;
        if spans != batches_with_events {
            self.report.differs(format!("{spans} batches have a span, {batches_with_events} have events"));
        }
        Ok(())
    }
}
