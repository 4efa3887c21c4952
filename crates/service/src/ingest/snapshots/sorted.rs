//! What does a file say of each item, in the order of items? Gathered a piece at a time, sorted there, and merged at the end.

use super::lines::{Entry, Lines, write};
use crate::ingest::spool::nameless;
use domain::time::Timestamp;
use formats::{
    canonical::Outcome,
    foreign::{
        Understood,
        snapshot::{Snapshot, statement},
    },
};
use sha2::{Digest, Sha256};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, HashMap, HashSet},
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Items that are gathered before they are written: some ten megabytes.
const PIECE_ITEMS: usize = 16 * 1024;

/// Sightings on their way into order.
pub(super) struct Sightings {
    folder: PathBuf,
    piece_items: usize,
    piece: Snapshot,
    runs: Vec<File>,
    about: About,
}

/// What a file says beside its items.
#[derive(Debug, Default)]
pub(super) struct About {
    /// Rows of which nobody knows which item they speak of.
    pub(super) unread: u64,
    /// Items it speaks of.
    pub(super) items: u64,
    /// What nobody checks for any more, as its rows say themselves.
    pub(super) inactive: BTreeSet<String>,
    assets: HashMap<u64, Option<Timestamp>>,
    parts: HashSet<u64>,
}

/// What a row says of an item without a date of its own, as a number that is the same each time.
pub(super) fn said_of(outcome: &Outcome) -> Option<(&str, u64)> {
    match outcome {
        Outcome::Event(draft) => Some((draft.item_id.as_str(), short(&statement(draft)?))),
        Outcome::Held(_) => None,
    }
}

/// Stands for a name. Two of a million share one in about one of forty million files.
pub(super) fn short(name: &str) -> u64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

impl About {
    /// The last sighting on an asset; nothing where no row speaks of it.
    pub(super) fn looked(&self, asset: &str) -> Option<Option<Timestamp>> {
        self.assets.get(&short(asset)).copied()
    }

    /// Whether a row belongs to that part.
    pub(super) fn covers(&self, part: &str) -> bool {
        self.parts.contains(&short(part))
    }
}

impl Sightings {
    pub(super) fn new(folder: &Path) -> Self {
        Self::in_pieces(folder, PIECE_ITEMS)
    }

    fn in_pieces(folder: &Path, piece_items: usize) -> Self {
        let (piece, about) = (Snapshot::default(), About::default());
        Self { folder: folder.to_owned(), piece_items, piece, runs: Vec::new(), about }
    }

    /// Takes in what was understood of one row, with numbers of what it says without a date.
    pub(super) fn add(&mut self, understood: &Understood, part: Option<&str>) -> io::Result<()> {
        self.about.parts.extend(part.map(short));
        self.piece.add_of(understood, part);
        for (item, number) in understood.outcomes.iter().filter_map(said_of) {
            if let Some(sighting) = self.piece.sightings.get_mut(item) {
                sighting.said.insert(number);
            }
        }
        if self.piece.sightings.len() >= self.piece_items {
            let run = self.write_piece()?;
            self.runs.push(run);
        }
        Ok(())
    }

    fn write_piece(&mut self) -> io::Result<File> {
        let piece = std::mem::take(&mut self.piece);
        self.about.unread += piece.unread;
        self.about.inactive.extend(piece.inactive.iter().cloned());
        for (asset, last) in piece.assets() {
            let known = self.about.assets.entry(short(asset)).or_insert(last);
            *known = (*known).max(last);
        }
        let mut out = BufWriter::new(nameless(&self.folder)?);
        for (item, said) in &piece.sightings {
            write(&mut out, item, said)?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)
    }

    /// A file of one line an item, in the order of items.
    pub(super) fn finish(mut self) -> io::Result<(File, About)> {
        let last = self.write_piece()?;
        self.runs.push(last);
        let mut merged = BufWriter::new(nameless(&self.folder)?);
        self.about.items = merge(&self.runs, &mut merged)?;
        Ok((merged.into_inner().map_err(io::IntoInnerError::into_error)?, self.about))
    }
}

/// Merges sorted files into one; what several say of one item is joined. Gives the number of items.
fn merge(runs: &[File], out: &mut impl Write) -> io::Result<u64> {
    let mut readers = runs.iter().map(Lines::of).collect::<io::Result<Vec<_>>>()?;
    let mut heads: Vec<Option<Entry>> = readers.iter_mut().map(Lines::next_entry).collect::<io::Result<_>>()?;
    let head = |place: usize, entry: &Option<Entry>| Some(Reverse((entry.as_ref()?.item.clone(), place)));
    let mut order: BinaryHeap<_> = heads.iter().enumerate().filter_map(|(place, entry)| head(place, entry)).collect();
    let (mut items, mut joined) = (0, None::<Entry>);
    while let Some(Reverse((_, place))) = order.pop() {
        let (Some(reader), Some(slot)) = (readers.get_mut(place), heads.get_mut(place)) else { continue };
        let Some(entry) = std::mem::replace(slot, reader.next_entry()?) else { continue };
        order.extend(head(place, slot));
        match &mut joined {
            Some(known) if known.item == entry.item => known.said.join(entry.said),
            Some(known) => {
                write(out, &known.item, &known.said)?;
                (items, *known) = (items + 1, entry);
            }
            None => joined = Some(entry),
        }
    }
    if let Some(last) = joined {
        write(out, &last.item, &last.said)?;
        items += 1;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::foreign::{Adapter, Foreign, Settings};

    const HEADER: &str = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found";

    /// Seven rows about five items on three assets, one of them without a host.
    fn file() -> String {
        let rows = ["5,c", "1,a", "3,b", "1,a", "2,a", "4,c", "9,", "5,c"];
        let days = ["03", "01", "02", "04", "02", "02", "02", "01"];
        let row = |(row, day)| format!("{row},High,Active,2026-01-01T00:00:00Z,2026-03-{day}T00:00:00Z\n");
        let rows: String = rows.into_iter().zip(days).map(row).collect();
        format!("{HEADER}\n{rows}")
    }

    fn sorted(piece_items: usize) -> (Vec<Entry>, About) {
        let folder = std::env::temp_dir();
        let mut sightings = Sightings::in_pieces(&folder, piece_items);
        let text = file();
        let adapter = Adapter::named("tenable-csv").unwrap();
        let mut foreign = Foreign::open(text.as_bytes(), adapter, &Settings::default()).unwrap();
        while let Some(record) = foreign.next_record().unwrap() {
            sightings.add(&record.understood, Some("eu")).unwrap();
        }
        let (file, about) = sightings.finish().unwrap();
        let mut lines = Lines::of(&file).unwrap();
        let entries = std::iter::from_fn(|| lines.next_entry().unwrap()).collect();
        (entries, about)
    }

    #[test]
    fn however_small_the_pieces_the_items_come_in_order_and_joined() {
        let (whole, about) = sorted(1_000);
        let items: Vec<&str> = whole.iter().map(|entry| entry.item.as_str()).collect();
        assert_eq!(items, ["1@a", "2@a", "3@b", "4@c", "5@c"]);
        let last = whole[0].said.last.map(|last| last.to_string());
        assert_eq!(last.as_deref(), Some("2026-03-04T00:00:00Z"), "the later of two rows");
        assert_eq!((about.items, about.unread), (5, 1));
        assert_eq!(about.looked("c").flatten().map(|last| last.to_string()).as_deref(), Some("2026-03-03T00:00:00Z"));
        assert_eq!((about.looked("d"), about.covers("eu"), about.covers("us")), (None, true, false));
        for piece_items in 1..5 {
            let (entries, again) = sorted(piece_items);
            assert_eq!((entries, again.items, again.unread), (whole.clone(), 5, 1));
            assert_eq!(again.looked("a"), about.looked("a"));
        }
    }
}
