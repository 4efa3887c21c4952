//! Which files does an upload hold? One, or those of a zip archive.

use super::{
    Limits, Packing, Unpacked,
    directory::{self, Entry},
    magic::{is_by_product, packing_of},
};
use crate::file_fault::FileFault;
use std::io::{BufRead, Read, Seek};

/// The files of an upload, to be read one after the other.
///
/// ```
/// use formats::unpack::{Files, Limits};
/// use std::io::{Cursor, Read};
///
/// let mut files = Files::open(Cursor::new(b"item_id,event,at\n"), Limits::default()).unwrap();
/// let mut text = String::new();
/// while let Some(mut file) = files.next_file().unwrap() {
///     file.read_to_string(&mut text).unwrap();
/// }
/// assert_eq!(text, "item_id,event,at\n");
/// ```
pub struct Files<R> {
    input: R,
    packing: Packing,
    limits: Limits,
    left: Left,
    ignored: u64,
    name: Vec<u8>,
}

enum Left {
    /// The upload is one file, not yet given.
    Whole,
    Entries(std::vec::IntoIter<Entry>),
}

impl<R: BufRead + Seek> Files<R> {
    /// Opens an upload and recognises how it is packed.
    ///
    /// # Errors
    /// [`FileFault`] when it cannot be read, or when the directory of a zip archive promises what is refused.
    pub fn open(mut input: R, limits: Limits) -> Result<Self, FileFault> {
        let mut head = Vec::new();
        input.rewind()?;
        input.by_ref().take(4).read_to_end(&mut head)?;
        let packing = packing_of(&head);
        let left = match packing {
            Packing::Zip => Left::Entries(directory::read(&mut input, limits)?.into_iter()),
            Packing::Plain | Packing::Gzip | Packing::Zstd => Left::Whole,
        };
        Ok(Self { input, packing, limits, left, ignored: 0, name: Vec::new() })
    }

    /// How the upload is packed.
    #[must_use]
    pub const fn packing(&self) -> Packing {
        self.packing
    }

    /// Files so far that no person put into a zip archive: what macOS writes beside them.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Whether another file may follow the next one.
    pub(super) fn may_be_several(&self) -> bool {
        matches!(&self.left, Left::Entries(entries) if entries.len() > 1)
    }

    /// What whoever packed it calls the file that was asked for last: for people alone.
    pub(super) fn name(&self) -> String {
        String::from_utf8_lossy(&self.name).into_owned()
    }

    /// The next file, or `None` after the last one. What was not read of the one before is left out.
    ///
    /// # Errors
    /// [`FileFault`] when the file cannot be unpacked; a file after it still can.
    pub fn next_file(&mut self) -> Result<Option<Unpacked<&mut R>>, FileFault> {
        match &mut self.left {
            Left::Whole => {
                self.left = Left::Entries(Vec::new().into_iter());
                self.input.rewind()?;
                Unpacked::open(&mut self.input, self.packing, self.limits).map(Some)
            }
            Left::Entries(_) => match self.next_entry()? {
                Some(entry) => self.unpacked(&entry).map(Some),
                None => Ok(None),
            },
        }
    }

    /// The next entry that somebody packed.
    fn next_entry(&mut self) -> Result<Option<Entry>, FileFault> {
        while let Left::Entries(entries) = &mut self.left
            && let Some(entry) = entries.next()
        {
            entry.name().clone_into(&mut self.name);
            if !is_by_product(self.unpacked(&entry)?.head()) {
                return Ok(Some(entry));
            }
            self.ignored = self.ignored.saturating_add(1);
        }
        Ok(None)
    }

    fn unpacked(&mut self, entry: &Entry) -> Result<Unpacked<&mut R>, FileFault> {
        let promise = entry.seek(&mut self.input)?;
        Unpacked::promised(&mut self.input, promise, self.limits)
    }
}
