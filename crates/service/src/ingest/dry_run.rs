//! What would an import come to? The file is read, judged and held against the log as an import does it, and nothing is
//! written. In memory lie a piece and what was met lately: what repeats itself further apart is not seen, and said.

use super::{
    apply::conflict,
    file_said::reading_of,
    import::{HeldShown, ImportInput, ImportOptions, opened, terms_of},
    import_reader::{Contained, Message, Piece, Start, start},
    kept_terms::in_words,
    known_pieces::KnownPieces,
    notes::Notes,
    plan::Reading,
    prepare::{Part, Prepared, PreparedEvent, Terms, held_of},
    recent_keys::{Met, RecentKeys},
    settings::checked_slug,
    snapshots,
    waiting::Waiting,
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    limits::IMPORT_REASONS_SHOWN,
    services::Services,
};
use domain::{
    id::{ImportId, OrgId, SourceId},
    quarantine::Reason,
};
use formats::{
    canonical::is_told_again,
    held::{Fault, Held},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    io::Seek,
};
use store::{
    Conn, StoreError,
    batches::Counts,
    chain::Hash,
    event_keys::{self, EventKey},
    imports, known_pieces,
    quarantine::{self, NewHeld},
    sources,
};

/// Held lines that are remembered, to tell those that repeat themselves.
const HELD_MAX: usize = 200_000;

/// What an import would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// What would become of its lines.
    pub counts: Counts,
    /// Blank lines: they are no records.
    pub ignored: u64,
    /// The length of the file.
    pub bytes: u64,
    /// How many lines each reason would hold.
    pub reasons: BTreeMap<String, u64>,
    /// The first of them.
    pub first_held: Vec<HeldShown>,
    /// The first import of the very same file, if it came before.
    pub same_as: Option<ImportId>,
    /// As what it was read, where it is the export of a tool.
    pub format: Option<&'static str>,
    /// Records of drills.
    pub drills: u64,
    /// What was noticed about it.
    pub notes: Notes,
    /// Whether all that repeats itself was seen; else some of what counts as accepted may be a duplicate.
    pub sees_all_repeats: bool,
}

impl Services {
    /// Reads a file as an import would, and writes nothing.
    ///
    /// # Errors
    /// As [`Services::import`].
    pub async fn dry_run(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        input: ImportInput,
        options: &ImportOptions,
    ) -> Result<DryRun, ServiceError> {
        checked_slug(&options.source)?;
        options.received_at.checked(granted)?;
        let org = granted.org();
        let waiting = Waiting::of(input, self.data_dir()).await?;
        // It is open: nothing of a look stays behind.
        waiting.forget(self.data_dir());
        let (mut file, print) = opened(self, &waiting).await?;
        let reading = reading_of(self, org, &file, options).await?;
        let reading = snapshots::watch(self, org, &options.source, reading, self.now()).await?;
        let (plan, terms) = in_words(&reading, options)?;
        let known = KnownPieces::of_source(self, org, &options.source, &[&plan, &terms]).await?;
        if file.rewind().is_err() {
            return Err(Refusal::new("file_gone", "the file cannot be read from its beginning").into());
        }
        let clocks = self.clock_offsets(org, self.now()).await?;
        let terms = Terms { clocks, ..terms_of(self, options) };
        let from = Start { records: 0, lines: 0, known, clock: self.clock() };
        let mut pieces = start(file, reading.known_by(self.now()), terms, from)?;
        let mut looking = Looking::begin(self, org, options);
        let ignored = loop {
            match pieces.recv().await {
                Some(Message::Piece(piece, content)) => looking.piece(piece, content.read().await?).await?,
                Some(Message::End(ignored, _)) => break ignored,
                Some(Message::Fault(error)) => return Err(error),
                None => return Err(StoreError::Stopped.into()),
            }
        };
        let same_as = looking.same_as(&print.digest).await?;
        let sees_all_repeats = !looking.recent.has_forgotten() && !looking.forgot_held;
        let mut found = looking.found;
        if let Reading::Snapshot(_, _, watch) = &reading {
            found.notes.snapshot = watch.told();
        }
        Ok(DryRun { ignored, bytes: print.bytes, same_as, format: reading.format(), sees_all_repeats, ..found })
    }
}

fn in_the_same_file() -> Held {
    let detail = "another event of this file has the same id".to_owned();
    let fault = Fault::of("id", Reason::EventConflict, detail);
    Held::because(fault.hint("a correction is a new event with an id of its own"))
}

/// A file that is looked through.
struct Looking<'a> {
    services: &'a Services,
    org: OrgId,
    options: &'a ImportOptions,
    /// Sources by their word; one that is not known yet has a number below zero, and nothing in the log.
    sources: BTreeMap<String, SourceId>,
    recent: RecentKeys,
    held: HashSet<(SourceId, Hash)>,
    forgot_held: bool,
    found: DryRun,
}

impl<'a> Looking<'a> {
    fn begin(services: &'a Services, org: OrgId, options: &'a ImportOptions) -> Self {
        let (sources, recent, held) = (BTreeMap::new(), RecentKeys::default(), HashSet::new());
        Self { services, org, options, sources, recent, held, forgot_held: false, found: DryRun::default() }
    }

    async fn piece(&mut self, piece: Piece, contained: Contained) -> Result<(), ServiceError> {
        let services = self.services;
        self.found.notes.add(piece.notes);
        self.found.drills += piece.drills.len() as u64;
        let prepared = match contained {
            Contained::Records(prepared) => prepared,
            Contained::Known(known) => {
                let mut reader = services.store().reader().await?;
                let source = &self.options.source;
                let is_known = match piece.print {
                    Some(print) => known_pieces::is_known(&mut reader.conn(), self.org, source, &print).await?,
                    None => false,
                };
                if is_known {
                    self.count(Counts { received: known.lines, duplicate: known.lines, ..Counts::default() });
                    return Ok(());
                }
                drop(reader);
                known.read().await?
            }
        };
        let mut reader = services.store().reader().await?;
        Ok(self.records(&mut reader.conn(), &prepared).await?)
    }

    async fn records(&mut self, conn: &mut Conn<'_>, prepared: &Prepared) -> Result<(), StoreError> {
        for part in &prepared.parts {
            let source = self.source(conn, &part.source).await?;
            for held in &part.held {
                self.hold(conn, source, &held.held).await?;
            }
            let keys: BTreeSet<EventKey> = part.events.iter().map(|event| event.key).collect();
            let keys: Vec<EventKey> = keys.into_iter().collect();
            let standing =
                if source.get() < 0 { Vec::new() } else { event_keys::standing(conn, self.org, source, &keys).await? };
            let standing: BTreeMap<EventKey, String> = standing.into_iter().map(|one| (one.key, one.body)).collect();
            for event in &part.events {
                self.event(conn, (source, part), event, standing.get(&event.key)).await?;
            }
        }
        Ok(())
    }

    /// An event, and what counts under its key in the log.
    async fn event(
        &mut self,
        conn: &mut Conn<'_>,
        (source, part): (SourceId, &Part),
        event: &PreparedEvent,
        standing: Option<&String>,
    ) -> Result<(), StoreError> {
        let met = if standing.is_some_and(|body| is_told_again(body, &event.body)) {
            Met::Same
        } else {
            self.recent.meet(source, event.key, event.content)
        };
        match (met, standing) {
            (Met::Same, _) => self.count(Counts { received: 1, duplicate: 1, ..Counts::default() }),
            (Met::New, None) => self.count(Counts { received: 1, accepted: 1, ..Counts::default() }),
            // One of the two is held, whichever counts.
            (Met::New | Met::Other, _) => {
                let raw = part.raw.line(event.line).map_or_else(|| event.body.as_bytes().to_vec(), |(_, raw)| raw);
                let held = standing.map_or_else(in_the_same_file, |body| conflict(body));
                let held = held_of(&held, event.place, raw);
                self.hold(conn, source, &held).await?;
            }
        }
        Ok(())
    }

    /// A held line; the same bytes are held once.
    async fn hold(&mut self, conn: &mut Conn<'_>, source: SourceId, held: &NewHeld) -> Result<(), StoreError> {
        if self.held.len() == HELD_MAX {
            self.held.clear();
            self.forgot_held = true;
        }
        let is_repeated = !self.held.insert((source, held.raw_hash));
        let is_held = source.get() >= 0 && quarantine::is_known(conn, self.org, source, &held.raw_hash).await?;
        if is_repeated || is_held {
            self.count(Counts { received: 1, duplicate: 1, ..Counts::default() });
            return Ok(());
        }
        self.count(Counts { received: 1, quarantined: 1, ..Counts::default() });
        *self.found.reasons.entry(held.reason.as_str().to_owned()).or_default() += 1;
        if self.found.first_held.len() < IMPORT_REASONS_SHOWN {
            self.found.first_held.push(HeldShown::of_new(held));
        }
        Ok(())
    }

    fn count(&mut self, counts: Counts) {
        self.found.counts = self.found.counts.plus(counts);
    }

    async fn source(&mut self, conn: &mut Conn<'_>, slug: &str) -> Result<SourceId, StoreError> {
        if let Some(known) = self.sources.get(slug) {
            return Ok(*known);
        }
        let next = SourceId::from_row(-1 - i64::try_from(self.sources.len()).unwrap_or(i64::MAX - 1));
        let source = sources::by_slug(conn, self.org, slug).await?.unwrap_or(next);
        self.sources.insert(slug.to_owned(), source);
        Ok(source)
    }

    /// The first import of the very same file.
    async fn same_as(&self, digest: &Hash) -> Result<Option<ImportId>, ServiceError> {
        let mut reader = self.services.store().reader().await?;
        let conn = &mut reader.conn();
        match sources::by_slug(conn, self.org, &self.options.source).await? {
            Some(source) => Ok(imports::first_of_file(conn, self.org, source, digest).await?),
            None => Ok(None),
        }
    }
}
