//! How do packed bytes become plain ones in one pass, within limits?

use super::{
    ArchiveFault, Limits, Packing,
    magic::{HEAD_BYTES, archive_in, packing_of},
};
use crate::file_fault::FileFault;
use flate2::{
    Crc,
    bufread::{DeflateDecoder, MultiGzDecoder},
};
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read, Take};

/// As far back as a zstd archive may refer: 32 MiB, what it writes unless it is asked for more.
const WINDOW_LOG_MAX: u32 = 25;

/// So much is unpacked at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The bytes of one file, unpacked.
pub struct Unpacked<R: BufRead>(Chain<Cursor<Vec<u8>>, BufReader<Limited<R>>>);

/// What a directory says about one of its files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promise {
    pub(super) deflated: bool,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    pub(super) checksum: u32,
}

impl<R: BufRead> Unpacked<R> {
    /// Opens an input whose packing is known, as that of a body with a `Content-Encoding`.
    ///
    /// # Errors
    /// [`FileFault`] when it cannot be read, is broken from the beginning, or holds another archive.
    pub fn open(input: R, packing: Packing, limits: Limits) -> Result<Self, FileFault> {
        Self::begin(Vec::new(), input, packing, limits)
    }

    /// Opens an input whose packing shows in its first bytes.
    ///
    /// # Errors
    /// As [`Unpacked::open`]; a zip archive cannot be read in one pass.
    pub fn recognised(mut input: R, limits: Limits) -> Result<Self, FileFault> {
        let mut head = Vec::new();
        input.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        let packing = packing_of(&head);
        Self::begin(head, input, packing, limits)
    }

    fn begin(head: Vec<u8>, input: R, packing: Packing, limits: Limits) -> Result<Self, FileFault> {
        let packed = Counted::new(head, input, u64::MAX);
        let decoder = match packing {
            Packing::Plain => Decoder::Plain(packed),
            Packing::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(packed))),
            Packing::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(packed)?;
                decoder.window_log_max(WINDOW_LOG_MAX)?;
                Decoder::Zstd(decoder)
            }
            Packing::Zip => return Err(ArchiveFault::NeedsFile.into()),
        };
        Self::of(Limited::new(decoder, packing, limits, None))
    }

    /// One file of a zip archive; the input stands where its bytes begin.
    pub(super) fn promised(input: R, promise: Promise, limits: Limits) -> Result<Self, FileFault> {
        let packed = Counted::new(Vec::new(), input, promise.packed);
        let decoder = if promise.deflated {
            Decoder::Deflate(Box::new(DeflateDecoder::new(packed)))
        } else {
            Decoder::Plain(packed)
        };
        Self::of(Limited::new(decoder, Packing::Zip, limits, Some(promise)))
    }

    fn of(mut limited: Limited<R>) -> Result<Self, FileFault> {
        let mut head = Vec::new();
        let begun = limited.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
        if limited.packing != Packing::Plain
            && let Some(what) = archive_in(&head)
        {
            return Err(ArchiveFault::Nested(what).into());
        }
        match begun {
            // What came before a fault stands; the fault comes again after it.
            Err(_) if limited.fault.is_some() && !head.is_empty() => {}
            begun => drop(begun?),
        }
        Ok(Self(Cursor::new(head).chain(BufReader::with_capacity(CHUNK_BYTES, limited))))
    }

    /// The first bytes, before any of them is read.
    pub(super) fn head(&self) -> &[u8] {
        self.0.get_ref().0.get_ref()
    }

    /// How many packed bytes were taken so far, for a progress bar.
    #[must_use]
    pub fn packed_bytes(&self) -> u64 {
        self.0.get_ref().1.get_ref().decoder.packed().taken
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out)
    }
}

impl<R: BufRead> BufRead for Unpacked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }
}

/// Packed bytes on their way into a decoder.
struct Counted<R> {
    input: Take<Chain<Cursor<Vec<u8>>, R>>,
    taken: u64,
    /// Reading failed, so that what the decoder then says of its input is no news of the archive.
    failed: bool,
}

impl<R: BufRead> Counted<R> {
    fn new(head: Vec<u8>, input: R, bytes_max: u64) -> Self {
        Self { input: Cursor::new(head).chain(input).take(bytes_max), taken: 0, failed: false }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut ready = self.fill_buf()?;
        let count = ready.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf().inspect_err(|error| self.failed = error.kind() != io::ErrorKind::Interrupted)
    }

    fn consume(&mut self, count: usize) {
        self.taken = self.taken.saturating_add(count as u64);
        self.input.consume(count);
    }
}

enum Decoder<R: BufRead> {
    Plain(Counted<R>),
    Gzip(Box<MultiGzDecoder<Counted<R>>>),
    Zstd(zstd::Decoder<'static, Counted<R>>),
    Deflate(Box<DeflateDecoder<Counted<R>>>),
}

impl<R: BufRead> Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(packed) => packed.read(out),
            Self::Gzip(decoder) => decoder.read(out),
            Self::Zstd(decoder) => decoder.read(out),
            Self::Deflate(decoder) => decoder.read(out),
        }
    }

    fn packed(&self) -> &Counted<R> {
        match self {
            Self::Plain(packed) => packed,
            Self::Gzip(decoder) => decoder.get_ref(),
            Self::Zstd(decoder) => decoder.get_ref(),
            Self::Deflate(decoder) => decoder.get_ref(),
        }
    }
}

/// A decoder that is stopped where its limits are.
struct Limited<R: BufRead> {
    decoder: Decoder<R>,
    packing: Packing,
    limits: Limits,
    promise: Option<Promise>,
    checksum: Crc,
    unpacked: u64,
    /// What is wrong stays wrong, however often it is read.
    fault: Option<ArchiveFault>,
}

impl<R: BufRead> Limited<R> {
    fn new(decoder: Decoder<R>, packing: Packing, limits: Limits, promise: Option<Promise>) -> Self {
        Self { decoder, packing, limits, promise, checksum: Crc::new(), unpacked: 0, fault: None }
    }

    /// What the decoder says of its input, in our words.
    fn told(&self, error: &io::Error) -> ArchiveFault {
        let archive = self.packing.as_str();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return ArchiveFault::CutOff { archive, unpacked: self.unpacked };
        }
        let what = error.to_string();
        // The library has no other word for it.
        if what.contains("too much memory") {
            return ArchiveFault::Memory;
        }
        ArchiveFault::broken(archive, &what)
    }

    fn check(&self) -> Result<(), ArchiveFault> {
        let packed = if self.packing == Packing::Plain { self.unpacked } else { self.decoder.packed().taken };
        self.limits.check(self.unpacked, packed)?;
        match self.promise {
            Some(promise) if self.unpacked > promise.unpacked => {
                Err(ArchiveFault::broken("zip", "a file is longer than the directory says"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a file that ended is the one the directory promised.
    fn check_end(&self) -> Result<(), ArchiveFault> {
        match self.promise {
            Some(promise) if self.unpacked < promise.unpacked => {
                Err(ArchiveFault::CutOff { archive: "zip", unpacked: self.unpacked })
            }
            Some(promise) if self.checksum.sum() != promise.checksum => {
                Err(ArchiveFault::broken("zip", "a file does not match its checksum"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone().into());
        }
        if out.is_empty() {
            return Ok(0);
        }
        let count = match self.decoder.read(out) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted || self.decoder.packed().failed => {
                return Err(error);
            }
            Err(error) => {
                let fault = self.told(&error);
                self.fault = Some(fault.clone());
                return Err(fault.into());
            }
        };
        self.unpacked = self.unpacked.saturating_add(count as u64);
        if self.promise.is_some() {
            self.checksum.update(out.get(..count).unwrap_or_default());
        }
        let checked = if count == 0 { self.check_end() } else { self.check() };
        self.fault = checked.clone().err();
        checked.map_err(Into::into).map(|()| count)
    }
}
