//! What does a zip archive say it holds? The list stands at its end, and nothing in it is believed without a check.

use super::{ArchiveFault, Limits, stream::Promise};
use crate::file_fault::FileFault;
use std::io::{BufRead, Read, Seek, SeekFrom};

/// The end of the directory without its comment.
const END_BYTES: u64 = 22;

/// The end of the directory with the longest comment.
const TAIL_BYTES: u64 = END_BYTES + 0xFFFF;

/// The part of an entry, and of a file's own header, that always has the same length.
const ENTRY_BYTES: usize = 46;
const HEADER_BYTES: usize = 30;

/// Stand where a number is too large for its place.
const BEYOND_16: u64 = 0xFFFF;
const BEYOND_32: u64 = 0xFFFF_FFFF;

/// Flags of an entry that tell of encryption: of the file, and of the directory.
const ENCRYPTED: u64 = 0x1 | 0x2000;

/// The method that says that the real one is encrypted.
const METHOD_ENCRYPTED: u64 = 99;

/// By these the parts of an office document are known.
const OFFICE_NAMES: [&[u8]; 2] = [b"[Content_Types].xml", b"mimetype"];

/// One file of an archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    promise: Promise,
    header_at: u64,
}

/// A little-endian number of so many bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let part = bytes.get(at..at.saturating_add(length)).unwrap_or_default();
    part.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn broken(what: &str) -> ArchiveFault {
    ArchiveFault::broken("zip", what)
}

const CUT_OFF: ArchiveFault = ArchiveFault::CutOff { archive: "zip", unpacked: 0 };

/// Reads exactly so many bytes.
fn take(input: &mut impl Read, count: u64) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    input.take(count).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < count { Err(CUT_OFF.into()) } else { Ok(bytes) }
}

/// Where the directory stands, and how many entries it has.
struct Place {
    entries: u64,
    at: u64,
}

/// The files of an archive, in the order of its directory.
pub(super) fn read<R: BufRead + Seek>(input: &mut R, limits: Limits) -> Result<Vec<Entry>, FileFault> {
    let length = input.seek(SeekFrom::End(0))?;
    let place = place(input, length)?;
    if place.entries > limits.entries_max as u64 {
        return Err(ArchiveFault::TooManyEntries { found: place.entries, max: limits.entries_max }.into());
    }
    input.seek(SeekFrom::Start(place.at))?;
    let (mut entries, mut packed, mut unpacked) = (Vec::new(), 0_u64, 0_u64);
    for _ in 0..place.entries {
        let Some(entry) = entry(input)? else { continue };
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

fn place<R: BufRead + Seek>(input: &mut R, length: u64) -> Result<Place, FileFault> {
    let tail_at = length.saturating_sub(TAIL_BYTES);
    input.seek(SeekFrom::Start(tail_at))?;
    let tail = take(input, length.saturating_sub(tail_at))?;
    let is_end = |at: &usize| {
        let comment = number(&tail, at.saturating_add(20), 2);
        let end = (*at as u64).saturating_add(END_BYTES).saturating_add(comment);
        tail.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x05\x06")) && end <= tail.len() as u64
    };
    let at = (0..tail.len()).rev().find(is_end).ok_or(CUT_OFF)?;
    let end = tail.get(at..).unwrap_or_default();
    if !matches!(number(end, 4, 2), 0 | BEYOND_16) {
        return Err(broken("it is one of several parts").into());
    }
    let place = Place { entries: number(end, 10, 2), at: number(end, 16, 4) };
    if place.entries == BEYOND_16 || number(end, 12, 4) == BEYOND_32 || place.at == BEYOND_32 {
        return large_place(input, &tail, at);
    }
    Ok(place)
}

/// Large archives have a second end, and before the first one its place.
fn large_place<R: BufRead + Seek>(input: &mut R, tail: &[u8], end_at: usize) -> Result<Place, FileFault> {
    let locator = end_at.checked_sub(20).and_then(|at| tail.get(at..end_at)).unwrap_or_default();
    if !locator.starts_with(b"PK\x06\x07") {
        return Err(broken("the place of its directory is missing").into());
    }
    input.seek(SeekFrom::Start(number(locator, 8, 8)))?;
    let end = take(input, 56)?;
    if !end.starts_with(b"PK\x06\x06") {
        return Err(broken("its directory is not where it should be").into());
    }
    Ok(Place { entries: number(&end, 32, 8), at: number(&end, 48, 8) })
}

/// The next entry of the directory; `None` for a folder.
fn entry(input: &mut impl Read) -> Result<Option<Entry>, FileFault> {
    let fixed = take(input, ENTRY_BYTES as u64)?;
    if !fixed.starts_with(b"PK\x01\x02") {
        return Err(broken("its directory is not where it should be").into());
    }
    let name = take(input, number(&fixed, 28, 2))?;
    let extra = take(input, number(&fixed, 30, 2))?;
    take(input, number(&fixed, 32, 2))?;
    let method = number(&fixed, 10, 2);
    if number(&fixed, 8, 2) & ENCRYPTED != 0 || method == METHOD_ENCRYPTED {
        return Err(ArchiveFault::Encrypted.into());
    }
    if (number(&fixed, 38, 4) >> 16) & 0o170_000 == 0o120_000 {
        return Err(ArchiveFault::Link.into());
    }
    if OFFICE_NAMES.contains(&name.as_slice()) {
        return Err(FileFault::FormatUnknown("an office document"));
    }
    let [unpacked, packed, header_at] = numbers(&fixed, &extra);
    if unpacked == 0 && name.ends_with(b"/") {
        return Ok(None);
    }
    let deflated = match method {
        0 if packed != unpacked => return Err(broken("a stored file has two lengths").into()),
        0 => false,
        8 => true,
        other => return Err(ArchiveFault::Method(u16::try_from(other).unwrap_or(u16::MAX)).into()),
    };
    let checksum = u32::try_from(number(&fixed, 16, 4)).unwrap_or_default();
    Ok(Some(Entry { promise: Promise { deflated, packed, unpacked, checksum }, header_at }))
}

/// Unpacked and packed length and place of a file; what is too large for its place stands in the extra field.
fn numbers(fixed: &[u8], extra: &[u8]) -> [u64; 3] {
    let mut large = large_numbers(extra).chunks_exact(8);
    [24, 20, 42].map(|at| match number(fixed, at, 4) {
        BEYOND_32 => large.next().map_or(BEYOND_32, |bytes| number(bytes, 0, 8)),
        plain => plain,
    })
}

/// The part of an extra field that holds large numbers.
fn large_numbers(mut extra: &[u8]) -> &[u8] {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let length = usize::try_from(number(head, 2, 2)).unwrap_or(usize::MAX);
        let (part, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        if head.starts_with(&[1, 0]) {
            return part;
        }
        extra = after;
    }
    &[]
}

impl Entry {
    /// Goes to where the bytes of the file begin.
    pub(super) fn seek<R: BufRead + Seek>(&self, input: &mut R) -> Result<Promise, FileFault> {
        input.seek(SeekFrom::Start(self.header_at))?;
        let header = take(input, HEADER_BYTES as u64)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(broken("a file is not where the directory says").into());
        }
        if number(&header, 6, 2) & ENCRYPTED != 0 {
            return Err(ArchiveFault::Encrypted.into());
        }
        let beside = number(&header, 26, 2).saturating_add(number(&header, 28, 2));
        take(input, beside)?;
        Ok(self.promise)
    }
}
