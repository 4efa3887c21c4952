//! What does a zip archive say it holds? The list stands at its end, and nothing in it is believed without a check.
//!
//! Entries are read one after the other, once their number is known to be within the limits: a directory held as a whole
//! would be as large as whoever wrote it wants, and one that goes by names would lose files that share one.

use super::{ArchiveFault, Limits, stream::Promise};
use crate::file_fault::FileFault;
use std::io::{self, BufRead, Seek, SeekFrom};
use zip::{
    CompressionMethod, HasZipMetadata,
    read::{ArchiveOffset, Config, OwnedZipFileEntry},
    result::ZipError,
    unstable::read::ZipIterable,
};

/// By these the parts of an office document are known.
const OFFICE_NAMES: [&[u8]; 2] = [b"[Content_Types].xml", b"mimetype"];

/// How the library says that a file lacks its end; it has no other word for it.
const CUT_OFF_WORDS: [&str; 2] = ["Could not find EOCD", "Unexpected end of"];

const CUT_OFF: ArchiveFault = ArchiveFault::CutOff { archive: "zip", unpacked: 0 };

/// One file of an archive.
#[derive(Debug)]
pub(super) struct Entry {
    promise: Promise,
    listed: OwnedZipFileEntry,
}

fn broken(what: &str) -> ArchiveFault {
    ArchiveFault::broken("zip", what)
}

/// What the library says of an archive, in our words.
fn told(error: ZipError) -> FileFault {
    if let ZipError::Io(error) = error {
        return if error.kind() == io::ErrorKind::UnexpectedEof { CUT_OFF.into() } else { error.into() };
    }
    let what = error.to_string();
    if CUT_OFF_WORDS.iter().any(|words| what.contains(words)) { CUT_OFF.into() } else { broken(&what).into() }
}

/// The files of an archive, in the order of its directory.
pub(super) fn read<R: BufRead + Seek>(input: &mut R, limits: Limits) -> Result<Vec<Entry>, FileFault> {
    let length = input.seek(SeekFrom::End(0))?;
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut directory = ZipIterable::try_new(input, config).map_err(told)?;
    if directory.len() > limits.entries_max {
        let found = directory.len() as u64;
        return Err(ArchiveFault::TooManyEntries { found, max: limits.entries_max }.into());
    }
    let (mut entries, mut packed, mut unpacked) = (Vec::new(), 0_u64, 0_u64);
    for listed in directory.files().map_err(told)? {
        let Some(entry) = entry(listed.map_err(told)?.into())? else { continue };
        packed = packed.saturating_add(entry.promise.packed);
        unpacked = unpacked.saturating_add(entry.promise.unpacked);
        entries.push(entry);
    }
    limits.check(unpacked, length)?;
    // Files that share their bytes would unfold many times.
    if packed > length {
        return Err(broken("its files are longer than itself").into());
    }
    if entries.is_empty() { Err(ArchiveFault::Empty.into()) } else { Ok(entries) }
}

/// An entry of the directory that may be read; `None` for a folder.
fn entry(listed: OwnedZipFileEntry) -> Result<Option<Entry>, FileFault> {
    if listed.encrypted() || listed.compression() == CompressionMethod::AES {
        return Err(ArchiveFault::Encrypted.into());
    }
    if listed.is_symlink() {
        return Err(ArchiveFault::Link.into());
    }
    if OFFICE_NAMES.contains(&listed.name_raw()) {
        return Err(FileFault::FormatUnknown("an office document"));
    }
    let (packed, unpacked) = (listed.compressed_size(), listed.size());
    if unpacked == 0 && listed.name_raw().ends_with(b"/") {
        return Ok(None);
    }
    let method = listed.compression();
    if ![CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
        return Err(ArchiveFault::Method(number_of(method)).into());
    }
    let deflated = method == CompressionMethod::DEFLATE;
    if !deflated && packed != unpacked {
        return Err(broken("a stored file has two lengths").into());
    }
    let promise = Promise { deflated, packed, unpacked, checksum: listed.crc32() };
    Ok(Some(Entry { promise, listed }))
}

#[expect(deprecated, reason = "the number of a method that the library does not read stands nowhere else")]
const fn number_of(method: CompressionMethod) -> u16 {
    if let CompressionMethod::Unsupported(number) = method { number } else { 0 }
}

impl Entry {
    /// What whoever packed it calls it.
    pub(super) fn name(&self) -> &[u8] {
        self.listed.name_raw()
    }

    /// Goes to where the bytes of the file begin.
    pub(super) fn seek<R: BufRead + Seek>(&self, input: &mut R) -> Result<Promise, FileFault> {
        let start = self.listed.get_metadata().data_start(input).map_err(told)?;
        input.seek(SeekFrom::Start(start))?;
        Ok(self.promise)
    }
}
