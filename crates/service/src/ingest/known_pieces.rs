//! Which pieces of a file hold nothing but lines that are known? An export that grew, or the same one again, is passed over
//! at the speed of reading: its pieces end where their content says, so that they are the same pieces wherever they stand.

use crate::{error::ServiceError, limits::IMPORT_PIECE_LINES_MIN, services::Services};
use domain::id::OrgId;
use formats::{
    canonical::READING,
    encoding::Encoding,
    frame::{Frame, FrameState},
};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, sync::Arc};
use store::known_pieces::{self, Print};

/// A piece ends behind the first of so many lines on average, once it has the least number of them.
const LINES_BETWEEN_ENDS: u16 = 4_096;

/// What is known of the files of a source that are read in the same way.
#[derive(Clone, Debug)]
pub(crate) struct KnownPieces {
    /// How they are read: the same lines may mean something else otherwise.
    reading: Print,
    prints: Arc<HashSet<Print>>,
}

impl KnownPieces {
    /// What is known of a source; `reading` says all that decides what its lines mean.
    pub(crate) async fn of_source(
        services: &Services,
        org: OrgId,
        source: &str,
        reading: &[&str],
    ) -> Result<Self, ServiceError> {
        let mut reader = services.store().reader().await?;
        let prints = known_pieces::of_source(&mut reader.conn(), org, source).await?;
        let mut hash = Sha256::new();
        hash.update(READING.to_be_bytes());
        for word in reading {
            hash.update(word.len().to_be_bytes());
            hash.update(word);
        }
        Ok(Self { reading: hash.finalize().into(), prints: Arc::new(prints.into_iter().collect()) })
    }

    /// Begins a piece of records written in this way; none of a table, whose rows mean what its header says.
    pub(crate) fn begin(&self, encoding: Encoding) -> Option<Piecing> {
        if matches!(encoding, Encoding::Csv { .. }) {
            return None;
        }
        let mut hash = Sha256::new();
        hash.update(self.reading);
        hash.update(encoding.as_str());
        Some(Piecing { hash, lines: 0, is_whole: true })
    }

    pub(crate) fn has(&self, print: &Print) -> bool {
        self.prints.contains(print)
    }
}

/// A piece that is being cut.
pub(crate) struct Piecing {
    hash: Sha256,
    lines: usize,
    is_whole: bool,
}

impl Piecing {
    /// Takes the next line; says whether the piece ends behind it.
    pub(crate) fn ends_with(&mut self, frame: &Frame) -> bool {
        let line: Print = Sha256::digest(&frame.raw).into();
        self.hash.update(line);
        self.lines += 1;
        // Of a line that is too long only the beginning is here.
        self.is_whole &= frame.state == FrameState::Whole;
        let [first, second, ..] = line;
        self.lines >= IMPORT_PIECE_LINES_MIN && u16::from_be_bytes([first, second]) % LINES_BETWEEN_ENDS == 0
    }

    /// What tells the piece from any other, where all of it is known here.
    pub(crate) fn print(self) -> Option<Print> {
        self.is_whole.then(|| self.hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::frame::Place;

    fn prints(lines: impl Iterator<Item = String>) -> Vec<Print> {
        let known = KnownPieces { reading: [0; 32], prints: Arc::default() };
        let (mut prints, mut piecing) = (Vec::new(), known.begin(Encoding::Ndjson).unwrap());
        for line in lines {
            let frame = Frame { place: Place { line: 1, byte: 0 }, raw: line.into_bytes(), state: FrameState::Whole };
            if piecing.ends_with(&frame) {
                prints.extend(std::mem::replace(&mut piecing, known.begin(Encoding::Ndjson).unwrap()).print());
            }
        }
        prints
    }

    #[test]
    fn a_line_more_at_the_front_leaves_most_pieces_what_they_were() {
        let lines = || (0..200_000).map(|number| format!("line {number}"));
        let before = prints(lines());
        let after = prints(std::iter::once("another".to_owned()).chain(lines()));
        let same = before.iter().filter(|print| after.contains(print)).count();
        assert!(before.len() > 10, "{} pieces", before.len());
        assert!(same + 3 >= before.len(), "{same} of {} pieces are the same", before.len());
        assert!(before.len() < 200_000 / IMPORT_PIECE_LINES_MIN);
    }

    #[test]
    fn a_line_of_which_only_the_beginning_is_here_is_never_known() {
        let known = KnownPieces { reading: [0; 32], prints: Arc::default() };
        let mut piecing = known.begin(Encoding::Ndjson).unwrap();
        let frame = Frame { place: Place { line: 1, byte: 0 }, raw: vec![b'x'], state: FrameState::TooLong(2_000_000) };
        assert!(!piecing.ends_with(&frame));
        assert_eq!(piecing.print(), None);
        assert!(known.begin(Encoding::Csv { delimiter: b',' }).is_none());
    }
}
